"""The lists that a person works from: tables of what a log's events amount to, and how they are asked for.

A service declares its tables, what each event makes of their rows, and the lists over them. Everything else is here:
following the log, writing, reading as of an event, filtering, sorting, paging.
"""
