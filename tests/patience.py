"""How long a test waits for another process."""

PATIENCE = 300.0
"""Seconds after which one is said to hang. Nothing passes by being quicker: a busy machine takes minutes for what takes
a second on a quiet one."""
