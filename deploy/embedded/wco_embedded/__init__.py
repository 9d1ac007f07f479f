"""Everything in one process on SQLite, and the command line."""
