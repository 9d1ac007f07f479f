"""The migrations of the table that says which state answers."""
