"""What is written and read back: models, weights, scripts, metrics."""
