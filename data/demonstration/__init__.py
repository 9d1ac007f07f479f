"""How the demonstration history is made: part by part, each from its sources or from chance with a fixed seed."""
