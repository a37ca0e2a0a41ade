"""Whether a table's target is learned as what it is: notes on numbers taken for classes, and on classes for numbers."""

import numpy as np

from nn_tui.numerals import in_full, numeral
from nn_tui.training.diagnosis.finding import Finding
from nn_tui.training.diagnosis.rule import Rule
from nn_tui.training.run.problems.network_lane import NetworkLane

RARE = 5
MOST_CLASSES = 10
FEW_VALUES, OFTEN = 5, 10

RARE_CLASS = Rule(
    "rare-class",
    f"every class has at least {RARE} training examples",
    "He & Garcia 2009, Learning from Imbalanced Data",
    ill=False,
)
NUMBERS = Rule(
    "numbers-as-classes",
    f"more than {MOST_CLASSES} classes, half of which have fewer than {RARE} training examples, are not all numbers",
    "Hastie, Tibshirani & Friedman 2009, section 2.2",
    ill=False,
)
CODES = Rule(
    "classes-as-numbers",
    f"the targets of a regression are not {FEW_VALUES} whole numbers or fewer, each {OFTEN} times on average",
    "Hastie, Tibshirani & Friedman 2009, section 2.2",
    ill=False,
)


def rare_class(lane: NetworkLane) -> Finding | None:
    """What to say of a class with a handful of examples, or of many that are numbers."""
    names = lane.dataset.class_names
    if not names:
        return None
    counts = np.bincount(lane.dataset.train.targets.astype(np.intp), minlength=len(names))
    if len(names) > MOST_CLASSES and np.median(counts) < RARE and all(map(_is_number, names)):
        values = sorted(map(float, names))
        return NUMBERS.finding(
            title=f"{len(names)} numbers are learned as classes",
            since=0,
            evidence=f"The classes of {lane.dataset.target_names[0]} are numbers from {numeral(values[0])} to "
            f"{numeral(values[-1])}, and half of them have {in_full(float(np.median(counts)))} training examples or "
            'fewer. As classes, neighbors have nothing in common; data.task = "regression" learns them as numbers.',
            numbers={"classes": float(len(names)), "examples": float(np.median(counts))},
        )
    rarest = int(counts.argmin())
    if counts[rarest] >= RARE:
        return None
    return RARE_CLASS.finding(
        title=f"Class {names[rarest]} is rare",
        since=0,
        evidence=f"{counts[rarest]} of {len(lane.train)} training examples are of class {names[rarest]}.",
        numbers={"examples": float(counts[rarest])},
    )


def codes_of_classes(lane: NetworkLane) -> Finding | None:
    """What to say of a regression whose targets are a few whole numbers."""
    dataset = lane.dataset
    if dataset.task != "regression" or dataset.train.targets.ndim != 1:
        return None
    values = np.unique(np.round(dataset.own_units(dataset.train.targets), 4))
    whole = bool((values == np.round(values)).all())
    if not (whole and 1 < len(values) <= FEW_VALUES and len(dataset.train) >= OFTEN * len(values)):
        return None
    listed = ", ".join(in_full(value) for value in values)
    return CODES.finding(
        title="The targets look like classes",
        since=0,
        evidence=f"{dataset.target_names[0]} is {listed} and nothing else. If these stand for kinds, "
        'data.task = "classification" learns them as such.',
        numbers={"values": float(len(values))},
    )


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
