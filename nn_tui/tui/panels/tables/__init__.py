"""Words and numbers: formulas, diagnosis, the confusion matrix."""
