"""The page that people look at: what the services answer, for a person, in their language."""
