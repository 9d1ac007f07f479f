"""The kinds of spreadsheets whose rows are events, and a template of each to fill in."""
