"""What holds for every picture of data: it draws at any size, in any theme, with any colors."""

from typing import Any

import numpy as np
import pytest
from textual.geometry import Size

from nn_tui.training.worker.messages import Map, Opened
from nn_tui.tui.palette import palette_of
from tests.tui import canned_pictures as canned
from tests.tui.canned import Run, opened
from tests.tui.host import PanelApp

SIZES = [(118, 38), (48, 20), (36, 18), (30, 10), (40, 6), (18, 3), (10, 2), (8, 1)]
NOTHING = float("nan")


def filled(value: float, low: float, high: float) -> Map:
    return canned.map_of(np.full((9, 9), value), low, high)


PICTURES: dict[str, tuple[str, Opened, dict[str, Any]]] = {
    "two classes": ("boundary", opened(), {"boundary": canned.boundary()}),
    "several classes": ("boundary", canned.with_classes("a", "b", "c"), {"boundary": canned.several_classes()}),
    "a surface": ("boundary", canned.regression(), {"boundary": canned.surface()}),
    "units": ("unit-maps", opened(), {"unit_maps": canned.unit_maps(5)}),
    "a single unit's map": ("unit-maps", opened(), {"unit_maps": canned.unit_maps(1)}),
    "a curve": ("fit", canned.one_input(), {"curve": canned.curve()}),
    "images": ("images", canned.of_images(), {"images": canned.images()}),
    "no image": ("images", canned.of_images(), {"images": canned.images(0, 0)}),
    "two classes confused": ("confusion", opened(), {"confusion": canned.confusion(2)}),
    "ten classes confused": ("confusion", canned.of_images(), {"confusion": canned.confusion()}),
    "forty classes confused": (
        "confusion",
        canned.with_classes(*(f"class {number}" for number in range(40))),
        {"confusion": canned.confusion(40)},
    ),
    "a diverged boundary": ("boundary", opened(), {"boundary": filled(NOTHING, 0.0, 1.0)}),
    "diverged units": (
        "unit-maps",
        opened(),
        {"unit_maps": (canned.map_of(np.full((9, 9), NOTHING), NOTHING, NOTHING),)},
    ),
    "endless units": ("unit-maps", opened(), {"unit_maps": (canned.map_of(np.full((9, 9), np.inf), -np.inf, np.inf),)}),
    "diverged images": ("images", canned.of_images(), {"images": canned.images(probability=NOTHING)}),
    "diverged weights": (
        "first-weights",
        canned.of_images(),
        {"first_weights": np.full((16, 784), NOTHING, "<f4").tobytes()},
    ),
    "first weights": ("first-weights", canned.of_images(), {"first_weights": canned.first_weights()}),
}


@pytest.mark.parametrize("system", ["truecolor", "standard"])
@pytest.mark.parametrize("picture", PICTURES)
async def test_a_picture_draws_at_any_size_and_in_any_theme(
    picture: str, system: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("textual.constants.COLOR_SYSTEM", system)
    name, told, parts = PICTURES[picture]
    app = PanelApp(name, told, Run(told).frame(**parts))
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        seen = app.view.see(told, app.frame)
        for theme in ("lab-dark", "lab-light", "ansi-dark"):
            app.theme = theme
            for size in SIZES:
                strips = app.view.paint(seen, palette_of(app), Size(*size))
                assert {strip.cell_length for strip in strips} <= {size[0]}
                assert len(strips) <= size[1]


@pytest.mark.parametrize("picture", PICTURES)
async def test_keys_of_a_picture_never_fail(picture: str) -> None:
    name, told, parts = PICTURES[picture]
    app = PanelApp(name, told, Run(told).frame(**parts))
    async with app.run_test(size=(60, 20)) as pilot:
        app.view.focus()
        for key in ("d", "u", "U", "x", "v", "g", "down", "up", "pagedown", "pageup"):
            await pilot.press(key, key)
        await pilot.pause()
        assert app.view.render_line(0).cell_length == app.view.size.width
