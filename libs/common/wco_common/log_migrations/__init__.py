"""The migrations of a log's database; `wco_common.migrate` runs them."""
