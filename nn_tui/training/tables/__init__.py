"""A bare table: what is in it, and the scenario that makes a sensible start of it."""
