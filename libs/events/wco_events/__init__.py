"""Every event type of the three logs: its data model, its subject, an example.

The one room that both the doors (which validate) and the fold (which reads) look into.
"""
