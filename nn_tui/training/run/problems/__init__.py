"""What a trainer takes steps on: a network with its data, or a surface; and one lane of either."""
