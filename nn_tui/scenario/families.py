"""The catalog's scenarios in the order one learns from them."""

import msgspec


class Family(msgspec.Struct, frozen=True):
    """Scenarios that belong together.

    Attributes:
        title: for people.
        about: what it shows, in a sentence.
        names: of its scenarios, the first to open first.
    """

    title: str
    about: str
    names: tuple[str, ...]


FAMILIES = (
    Family(
        "A neuron, and layers of them",
        "What a unit can do alone, and what it takes several layers for.",
        (
            *("line", "plane", "and", "or", "gauss", "xor-one-neuron", "xor"),
            *("moons", "circle", "sine", "gauss-surface", "spiral"),
        ),
    ),
    Family(
        "Gradient descent",
        "How many samples a step sees, how long it is, and what optimizers make of the gradient.",
        (
            *("mode-batch", "mode-mini-batch", "mode-stochastic", "schedule"),
            *("momentum", "adagrad", "rmsprop", "adam", "race-spiral"),
        ),
    ),
    Family(
        "Why it fails",
        "Nets that do not learn, each with its cure.",
        (
            *("rate-too-low", "rate-too-high", "tiny-batch", "tiny-batch-cured"),
            *("unscaled-features", "unscaled-features-cured", "zero-init", "zero-init-cured"),
            *("mse-behind-sigmoid", "bce-behind-sigmoid", "saturated-sigmoid", "saturated-sigmoid-cured"),
            *("dying-relu", "dying-relu-cured", "plateau", "plateau-cured", "vanishing", "vanishing-cured"),
            *("exploding", "exploding-cured", "adagrad-dies", "adagrad-dies-cured", "sine-overfit", "sine-l2"),
        ),
    ),
    Family(
        "Surfaces",
        "Descent in two dimensions, where what goes wrong can be seen.",
        (
            *("bowl", "ravine", "rosenbrock", "noisy-bowl", "saddle", "plateau-surface"),
            *("hollows", "himmelblau", "beale", "cliff", "cliff-cured"),
        ),
    ),
    Family(
        "Real data",
        "Measurements, reviews and pictures: what is known of new examples, and what is only learned by heart.",
        (
            *("iris", "diabetes", "fashion-sketch", "fashion-mnist-small", "fashion-mnist"),
            *("fashion-overfitting", "fashion-regularized"),
        ),
    ),
)


def in_order(names: list[str]) -> list[str]:
    """The names, those of the families first and as they are there, any others after them."""
    places = {name: place for place, name in enumerate(name for family in FAMILIES for name in family.names)}
    return sorted(names, key=lambda name: (places.get(name, len(places)), name))


def family_of(name: str) -> Family | None:
    """The family a scenario belongs to; None for one that is not in the catalog."""
    return next((family for family in FAMILIES if name in family.names), None)
