"""A file each."""
