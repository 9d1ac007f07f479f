"""The facts that come with the system: the catalogue of the plan, and the demonstration history."""
