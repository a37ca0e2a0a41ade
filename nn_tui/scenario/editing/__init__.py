"""A key of a scenario changed, with what has to follow from it."""
