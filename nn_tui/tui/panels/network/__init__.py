"""Pictures of a network: its units, its weights, what goes through it."""
