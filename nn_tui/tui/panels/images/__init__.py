"""Images, and weights that look like images."""
