"""How a network computes and learns: NumPy and nothing else; no file, no scenario, no screen."""
