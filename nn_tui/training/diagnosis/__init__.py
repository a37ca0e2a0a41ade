"""Why training fails, told from what was recorded: each finding with its evidence, rule, source and remedies."""

from nn_tui.training.diagnosis.diagnose import diagnose
from nn_tui.training.diagnosis.evidence import Evidence, LayerFacts, gather
from nn_tui.training.diagnosis.finding import Finding, Remedy

__all__ = ["Evidence", "Finding", "LayerFacts", "Remedy", "diagnose", "gather"]
