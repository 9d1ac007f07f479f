"""For each log, an example of every event type. Posted in order, they are a little history that is accepted.

Nothing that they begin has the id of something in the demonstration, so that they can be pasted into a running one.
"""
