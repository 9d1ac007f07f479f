"""For each log, an example of every event type. Posted in order, they are a little history that is accepted."""
