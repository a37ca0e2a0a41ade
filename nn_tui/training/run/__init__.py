"""A run in motion: what takes steps, its rows, its history and its way back."""
