"""One file a migration, its name saying whether it is run before or after the code is brought up."""
