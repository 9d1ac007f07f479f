"""operations-feed: joint operations, seizures, partnerships, assistance, experts."""
