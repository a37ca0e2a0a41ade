"""fashion-sketch: ten classes of garments, drawn by code. Not FashionMNIST, only with its class names and its format.

It lets the image scenarios work on a machine that is offline. Shape, size, place, tone and cloth differ from picture to
picture, shoes look left or right, and neighbors resemble each other (a shirt is more like a coat than like a bag), so
that no single pixel tells a class.
"""

import numpy as np

from nn_tui.data.fashion_sketch import clothes, shoes
from nn_tui.data.fashion_sketch.canvas import SIDE, Dice, GarmentCanvas
from nn_tui.data.images import Pictures
from nn_tui.data.underway import underway
from nn_tui.wording import counted

PAINTERS = (
    clothes.t_shirt,
    clothes.trouser,
    clothes.pullover,
    clothes.dress,
    clothes.coat,
    shoes.sandal,
    clothes.shirt,
    shoes.sneaker,
    clothes.bag,
    shoes.ankle_boot,
)
"""Who paints each class, in the order of FashionMNIST's class numbers."""

_SHOES = (shoes.sandal, shoes.sneaker, shoes.ankle_boot)
_BLOCK = 256
"""Pictures painted at once: their arrays stay in the processor's cache."""


def draw(count: int, generator: np.random.Generator) -> Pictures:
    """Draws pictures, as many of each class as `count` allows.

    Returns:
        Pictures of 28 × 28 pixels, their classes in turn: 0, 1, … 9, 0, 1, …
    """
    pixels = np.empty((count, SIDE, SIDE), np.uint8)
    labels = (np.arange(count) % len(PAINTERS)).astype(np.uint8)
    done = 0
    with underway(f"drawing {counted(count, 'picture')}", count) as move:
        for label, paint in enumerate(PAINTERS):
            rows = np.arange(label, count, len(PAINTERS))
            for start in range(0, len(rows), _BLOCK):
                block = rows[start : start + _BLOCK]
                canvas = GarmentCanvas(Dice(len(block), generator), mirrored=0.5 if paint in _SHOES else 0.0)
                paint(canvas)
                pixels[block] = canvas.pictures()
                done += len(block)
                move(done)
    return Pictures(pixels, labels)
