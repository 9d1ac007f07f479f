"""The same four programs on PostgreSQL and Kafka, on one machine without Docker."""
