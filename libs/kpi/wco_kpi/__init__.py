"""The algebra: facts, totals, measures, the catalogue, moments, scorecards. Pure; no I/O."""
