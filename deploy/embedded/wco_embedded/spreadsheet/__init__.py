"""Spreadsheets in: rows of CSV and XLSX files become events, as a small mapping file says (`wco-kpi import`).

A kind ([kind.py]) says which events a row tells, the event types' own schemas which fields there are and what form
each has. The mapping says from which columns they come. All but reading files and posting is pure.
"""
