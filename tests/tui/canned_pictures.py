"""The parts of canned frames that are pictures of data, made up: smooth functions, far from where shades change."""

import numpy as np
from msgspec import structs

from nn_tui.training.look.parts import Curve, Images, ImageSample, LayerShape, Map, Points
from nn_tui.training.worker.messages import Opened
from tests.tui.canned import opened

GRID = (18, 10)
ENDS = (-1.0, 1.0)
CLOTHES = ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot")


def plane(grid: tuple[int, int] = GRID) -> tuple[np.ndarray, np.ndarray]:
    """The middles of a map's cells: x by column, y by row, the largest first."""
    columns, rows = grid
    x = (np.arange(columns) + 0.5) / columns * 2 - 1
    y = 1 - (np.arange(rows) + 0.5) / rows * 2
    return np.meshgrid(x, y)


def map_of(values: np.ndarray, low: float, high: float) -> Map:
    """A map over −1 to 1 in both directions, its values rounded to what any machine gives."""
    rows, columns = values.shape
    rounded = np.round(values, 3).astype("<f4")
    return Map(columns=columns, rows=rows, x=ENDS, y=ENDS, values=rounded.tobytes(), low=low, high=high)


def boundary(grid: tuple[int, int] = GRID) -> Map:
    """The exclusive or, as a net sees it: class 1 to the upper left and the lower right."""
    x, y = plane(grid)
    return map_of(1 / (1 + np.exp(12 * x * y)), 0.0, 1.0)


def several_classes(grid: tuple[int, int] = GRID) -> Map:
    """Three classes in sectors, surer further out."""
    x, y = plane(grid)
    winner = np.floor((np.arctan2(y, x) / np.pi + 1) * 1.499)
    doubt = np.clip(0.9 - np.hypot(x, y), 0, 1) * 0.3
    return map_of(winner + doubt, 0.0, 3.0)


def surface(grid: tuple[int, int] = GRID) -> Map:
    """Hills and hollows."""
    x, y = plane(grid)
    return map_of(20 * np.sin(2 * x) * np.cos(3 * y), -20.0, 20.0)


def unit_maps(units: int = 4, grid: tuple[int, int] = GRID) -> tuple[Map, ...]:
    """Edges that turn from unit to unit; of every third the negative half is cut off, and the last gives nothing."""
    x, y = plane(grid)
    maps = []
    for unit in range(units):
        edge = np.tanh(3 * (x * np.cos(unit) + y * np.sin(unit)))
        cut = unit % 3 == 2
        values = np.maximum(edge, 0) * 2.5 if cut else edge
        values = values * (unit < units - 1)
        maps.append(map_of(values, 0.0 if cut or unit == units - 1 else -1.0, 2.5 if cut else 1.0))
    return tuple(maps)


def with_classes(*names: str) -> Opened:
    """A run on two inputs with these classes, the points of which take turns."""
    told = opened()
    assert told.points is not None
    targets = (np.arange(60) % len(names)).astype("<f8").tobytes()
    points = structs.replace(told.points, targets=targets)
    task = "binary" if len(names) == 2 else "multiclass"
    return structs.replace(told, task=task, class_names=names, target_names=("species",), points=points)


def regression() -> Opened:
    """A run whose targets are values between −20 and 20."""
    told = opened()
    points = told.points
    assert points is not None
    targets = np.linspace(-20, 20, 60).astype("<f8").tobytes()
    return structs.replace(
        told,
        task="regression",
        quality="r2",
        class_names=(),
        target_names=("height",),
        columns=tuple(name.replace("accuracy", "r2") for name in told.columns),
        points=structs.replace(points, targets=targets),
    )


def points(*at: tuple[float, float, int], train: int) -> Points:
    """Examples at places, with their classes."""
    known = np.array(at, "<f8")
    return Points(dimensions=2, coordinates=known[:, :2].tobytes(), targets=known[:, 2].tobytes(), train=train)


def one_input(task: str = "regression") -> Opened:
    """A run on a single input x, 40 examples of which are for training and 20 for testing."""
    told = regression() if task == "regression" else opened()
    x = np.linspace(-1, 1, 60)[np.arange(60) * 7 % 60]
    y = np.round(np.sin(3 * x) + 0.2 * np.cos(40 * x), 3) if task == "regression" else (x > 0).astype(float)
    known = Points(dimensions=1, coordinates=x.astype("<f8").tobytes(), targets=y.astype("<f8").tobytes(), train=40)
    return structs.replace(told, task=task, feature_names=("x",), points=known)


def curve(stretched: float = 1.0) -> Curve:
    """What a net makes of the examples of `one_input`, or something far too high."""
    x = np.linspace(-1.1, 1.1, 200)
    return Curve(x=x.tobytes(), y=(stretched * np.round(np.sin(3 * x), 3)).tobytes())


def of_images(classes: tuple[str, ...] = CLOTHES, units: int = 16) -> Opened:
    """A run on images of 28 by 28 pixels."""
    told = with_classes(*classes)
    first = LayerShape(name="layer 1", inputs=784, units=units, activation="relu", can_die=True)
    return structs.replace(told, layers=(first, *told.layers[1:]), points=None, image_shape=(28, 28))


def image(number: int) -> np.ndarray:
    """A bright rectangle on black, another one for every number."""
    pixels = np.zeros((28, 28), np.uint8)
    pixels[4 + number % 5 : 24, 8 - number % 4 : 20 + number % 3] = 255 - 8 * (number % 12)
    return pixels


def images(right: int = 20, wrong: int = 4, total: int = 1000, probability: float = 0.98) -> Images:
    """So many recognized images, then so many mistaken for the next class; the mistakes once more by themselves."""

    def sample(number: int, is_right: bool) -> ImageSample:
        target = number % 10
        predicted = target if is_right else (target + 1) % 10
        return ImageSample(
            index=number,
            pixels=image(number).tobytes(),
            target=target,
            predicted=predicted,
            probability=probability if is_right else 0.61,
        )

    mistakes = tuple(sample(number, False) for number in range(wrong))
    return Images(
        samples=(*(sample(number, True) for number in range(right)), *mistakes),
        mistakes=mistakes,
        wrong=wrong,
        total=total,
    )


def first_weights(units: int = 16) -> bytes:
    """Blobs in turn: one excites, the next one holds back."""
    x, y = plane((28, 28))
    blobs = [
        (-1) ** unit * np.exp(-4 * ((x - 0.5 * np.cos(unit)) ** 2 + (y - 0.5 * np.sin(unit)) ** 2))
        for unit in range(units)
    ]
    return np.round(blobs, 2).astype("<f4").tobytes()


def confusion(classes: int = 10, each: int = 100) -> tuple[tuple[int, ...], ...]:
    """Nine in ten right, the rest one class further; the last class is all taken for the first."""
    counts = np.zeros((classes, classes), int)
    for number in range(classes - 1):
        counts[number, number] = each * 9 // 10
        counts[number, (number + 1) % classes] = each - each * 9 // 10
    counts[-1, 0] = each
    return tuple(tuple(row) for row in counts.tolist())
