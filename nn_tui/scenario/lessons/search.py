"""Finding a scenario by what one would call it: words of its text, its techniques, and what else these are called."""

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nn_tui.scenario.families import family_of
from nn_tui.scenario.kinds import CSV, IMAGES, KINDS
from nn_tui.scenario.schema import Scenario

SYNONYMS = (
    ("dead relu", "dying relu", "dead unit", "dead neuron", "dying unit", "dying neuron"),
    ("local minimum", "local optimum", "hollow", "not the lowest", "four minima", "several minima"),
    ("learning rate", "rate", "lr", "step size", "eta"),
    ("batch size", "mini batch", "minibatch", "batch", "stochastic mode", "samples a step", "sample a step"),
    ("regularization", "regularizer", "l2", "l1", "weight decay", "penalty", "dropout"),
    (
        "overfitting",
        "overfit",
        "by heart",
        "memorize",
        "memorization",
        "generalization",
        "generalize",
        "variance",
        "validation",
        "held out",
    ),
    ("underfitting", "underfit", "bias variance", "too small a net", "cannot be done"),
    (
        "schedule",
        "annealing",
        "learning rate decay",
        "lr decay",
        "rate decay",
        "decaying rate",
        "decay",
        "warm up",
        "cosine",
    ),
    ("vanishing", "vanishing gradient", "vanish"),
    ("exploding", "exploding gradient", "explode", "blow up", "nan", "infinity"),
    ("diverge", "divergence", "rate too high", "exploding", "loss goes up", "loss grows", "unstable", "oscillate"),
    ("rate too low", "too slow", "too few steps", "takes forever"),
    ("clipping", "clip", "gradient clipping"),
    ("classification", "classify", "classifier", "categories"),
    ("regression", "curve fitting", "fit a curve", "predict a number", "residual"),
    ("image", "picture", "photo", "mnist", "vision", "cnn", "garment", "clothes", "digit", "handwriting"),
    ("table", "csv", "spreadsheet", "tabular", "column"),
    ("surface", "loss landscape", "landscape", "test function", "two variables", "contour"),
    ("race", "compare", "comparison", "side by side", "versus", "against each other"),
    (
        "initialization",
        "initializer",
        "init",
        "initial weight",
        "starting weight",
        "xavier",
        "glorot",
        "kaiming",
        "he init",
    ),
    ("scaling", "unscaled", "normalization", "normalize", "standardize", "standardization", "preprocessing"),
    ("cross entropy", "bce", "ce", "log loss"),
    ("mse", "mean squared error", "squared error", "least squares"),
    ("plateau", "flat", "gets stuck", "stuck"),
    ("momentum", "inertia", "nesterov", "heavy ball"),
    ("saturation", "saturated", "saturate"),
    ("neuron", "perceptron", "linear model", "logistic regression", "single unit"),
    ("saddle", "saddle point"),
    ("hidden layer", "hidden unit", "architecture", "depth", "deep network"),
    ("confusion", "confusion matrix", "misclassified", "f1", "recall"),
    ("epoch", "iteration"),
    ("symmetry", "symmetric", "zero start", "zero init"),
    ("early stopping", "early stop", "stop early"),
    ("chain rule", "backpropagation", "backprop", "backward pass"),
    ("converge", "convergence", "minimum"),
    ("several classes", "multiclass", "multi class", "softmax"),
    ("nonlinear", "non linear", "straight line", "bend"),
    ("cure", "cured", "remedy", "fix"),
    ("fashion mnist", "fashionmnist"),
)
"""What is called by any of these words is found by all of them."""

_WEIGHTS = (("name", 9.0), ("title", 8.0), ("terms", 5.0), ("summary", 4.0), ("lesson", 1.0))
_BRITISH = (("isation", "ization"), ("ise ", "ize "), ("ised ", "ized "), ("colour", "color"), ("metre", "meter"))
_IRREGULAR = {"minima": "minimum", "maxima": "maximum", "optima": "optimum", "indices": "index"}
_CLOSE = 0.8
_NAMED = 20.0
"""What a scenario gains whose name is just what was typed."""


@dataclass(frozen=True)
class Document:
    """A scenario as it is searched: its texts, each in plain words."""

    key: str
    name: str
    title: str
    summary: str
    lesson: str
    terms: str


def document(key: str, scenario: Scenario) -> Document:
    """What is searched of a scenario.

    Args:
        key: its name in the catalog.
        scenario: itself.
    """
    return Document(
        key=key,
        name=plain(key),
        title=plain(scenario.title),
        summary=plain(scenario.summary),
        lesson=plain(scenario.lesson),
        terms=plain(" ; ".join(techniques(key, scenario))),
    )


def techniques(key: str, scenario: Scenario) -> list[str]:
    """What a scenario uses and is about, in the field's words."""
    data, training = scenario.data, scenario.training
    given = filter(None, (data.kind, data.function, training.optimizer.name))
    found = [*given, *(rule.name for rule in training.race)]
    family = family_of(key)
    found += [family.title] if family else []
    found += {"race" for _ in training.race}
    found += ["schedule", training.schedule.name] if training.schedule.name != "constant" else []
    found += ["clipping"] if training.clip.norm or training.clip.value else []
    found += ["image"] if data.kind in IMAGES else []
    found += ["table"] if data.kind == CSV.name else []
    found += ["scaling"] if data.scaling != "none" else []
    of_table = {
        "network": _of_network(scenario),
        "training.regularization": ["regularization L2"]
        * bool(training.regularization.l2 or training.regularization.l1),
        "training.loss": [training.loss, _task(scenario)],
    }
    return [*found, *(word for key, words in of_table.items() if KINDS[data.kind].has(key) for word in words)]


def _of_network(scenario: Scenario) -> list[str]:
    network = scenario.network
    dropped = ["regularization dropout"] * any(layer.dropout for layer in network.hidden)
    return [scenario.training.mode, network.activation, network.init.name, *dropped]


def _task(scenario: Scenario) -> str:
    measured = " ".join(expectation.metric for expectation in scenario.expect)
    is_regression = scenario.training.loss in ("mse", "mae", "rmse", "huber") and "accuracy" not in measured
    return "regression" if is_regression or "r2" in measured else "classification"


def search(query: str, documents: Sequence[Document]) -> list[str]:
    """The keys of what is meant, the likeliest first; of equals, in the order given.

    A document is found if each part of the query is somewhere in it, as it stands, as a synonym, or as the beginning
    of a word; if none has all of them, those that have most. A word that no document has is taken for the nearest one
    that some have.
    """
    parts = _parts(plain(query), documents)
    if not parts:
        return [entry.key for entry in documents]
    scores = [[_score(part, entry) for part in parts] for entry in documents]
    most = max(sum(score > 0.0 for score in row) for row in scores) if scores else 0
    if most == 0:
        return []
    found = [
        (sum(row) + _NAMED * (entry.name == plain(query)), entry.key)
        for row, entry in zip(scores, documents, strict=True)
        if _hits(row) == most
    ]
    return [key for _, key in sorted(found, key=lambda pair: -pair[0])]


def _hits(row: Iterable[float]) -> int:
    return sum(score > 0.0 for score in row)


def _parts(query: str, documents: Sequence[Document]) -> list[tuple[str, ...]]:
    """The query in parts, each with all it is called: phrases that have synonyms first, then single words."""
    rest, parts = f" {query} ", []
    phrases = sorted(((phrase, group) for group in SYNONYMS for phrase in group), key=lambda pair: -len(pair[0]))
    for phrase, group in phrases:
        wanted = f" {plain(phrase)} "
        if wanted in rest:
            rest = rest.replace(wanted, " ", 1)
            # What was typed counts most, what else it is called a little less.
            parts.append((wanted.strip(), *(plain(other) for other in group if other != phrase)))
    words = rest.split()
    if parts or any(word not in SMALL_WORDS for word in words):
        words = [word for word in words if word not in SMALL_WORDS]
    return parts + [(_nearest(word, documents),) for word in words]


SMALL_WORDS = (
    "a", "an", "and", "can", "change", "decrease", "do", "does", "for", "how", "i", "in", "increase", "is", "it",
    "make", "my", "number", "of", "on", "please", "show", "that", "the", "this", "to", "turn", "use", "want", "what",
    "why", "with",
)  # fmt: skip
"""What is not looked for where there are other words beside it."""


def _nearest(word: str, documents: Sequence[Document]) -> str:
    """The word, or, where no document has it nor one that begins with it, the nearest that some have."""
    known = {known for entry in documents for _, text in _texts(entry) for known in text.split()}
    if len(word) < 4 or any(other.startswith(word) for other in known):
        return word
    near = difflib.get_close_matches(word, sorted(known), 1, _CLOSE)
    return near[0] if near else word


def _texts(entry: Document) -> list[tuple[float, str]]:
    return [(weight, getattr(entry, field)) for field, weight in _WEIGHTS]


def _score(part: tuple[str, ...], entry: Document) -> float:
    best = 0.0
    for place, phrase in enumerate(part):
        share = 1.0 if place == 0 else 0.7
        for weight, text in _texts(entry):
            padded = f" {text} "
            if f" {phrase} " in padded:
                # A lesson that keeps saying a word is about it.
                best = max(best, share * (weight + min(0.5, 0.05 * padded.count(f" {phrase} "))))
            elif place == 0 and len(phrase) > 1 and f" {phrase}" in padded:
                best = max(best, 0.6 * weight)
    return best


def plain(text: str) -> str:
    """A text in small letters, American spelling, without punctuation and the endings of plurals."""
    words = re.sub(r"[^a-z0-9α-ω²]+", " ", text.lower()) + " "
    for british, american in _BRITISH:
        words = words.replace(british, american)
    return " ".join(_singular(word) for word in words.split())


def _singular(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
