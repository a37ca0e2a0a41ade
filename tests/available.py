"""What this machine has to test with: FashionMNIST may be missing, or be only a part of it."""

from functools import cache

from nn_tui.data import fashion_mnist
from nn_tui.data.idx import LABELS, read_idx
from nn_tui.scenario import catalogue
from nn_tui.scenario.kinds import FASHION_MNIST
from nn_tui.scenario.reading import load

WHOLE = 60_000


@cache
def training_images() -> int:
    """How many of FashionMNIST's training images are here; 0 for none."""
    place = fashion_mnist.located()
    if place is None:
        return 0
    paths = (place.folder / f"{fashion_mnist.FILES[1]}{end}" for end in (".gz", ""))
    return len(read_idx(next(path for path in paths if path.exists()), LABELS))


def lacking(name: str) -> str:
    """Why a scenario of the catalog cannot be replayed here; empty if it can.

    One that trains on FashionMNIST needs it on this machine, and the whole of it where it asks for the whole.
    """
    data = load(catalogue.find(name)).data
    if data.kind != FASHION_MNIST.name:
        return ""
    wanted = WHOLE if data.samples >= WHOLE else 1
    return "" if training_images() >= wanted else f"needs FashionMNIST ({wanted:,} training images or more)"
