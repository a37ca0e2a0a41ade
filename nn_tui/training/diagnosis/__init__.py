"""Why training fails, told from what was recorded: each finding with its evidence, rule, source and remedies."""
