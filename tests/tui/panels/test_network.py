"""The network drawn: its units and lines, what one points at, and networks that are too large."""

from itertools import pairwise

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.color import Color
from textual.geometry import Size

from nn_tui.charts.braille import Braille, Strokes
from nn_tui.charts.canvas import Canvas
from nn_tui.charts.palette import terminal
from nn_tui.training.look.parts import NetworkWeights
from nn_tui.training.worker.messages import Opened
from nn_tui.tui.palette import palette_of
from nn_tui.tui.panels.network.network import NetworkPanel
from nn_tui.tui.panels.network.picture import Picture, Units
from nn_tui.tui.panels.network_layout import layout
from tests.tui.canned import Run, opened
from tests.tui.canned_parts import network as weights_of
from tests.tui.host import PanelApp
from tests.tui.panels.cells import cells, text
from tests.tui.panels.looking import looking, network, options, title

TERMINAL = terminal()


def with_weights(told: Opened, first: list[list[float]], bias: list[float], activity: list[float]) -> NetworkWeights:
    """A first layer of one's own."""
    made = weights_of(told)
    return msgspec.structs.replace(
        made,
        weights=(np.array(first, "<f4").tobytes(), *made.weights[1:]),
        biases=(np.array(bias, "<f4").tobytes(), *made.biases[1:]),
        activity=(np.array(activity, "<f4").tobytes(), *made.activity[1:]),
    )


def lines(app: PanelApp) -> set[str]:
    """The colors of all lines."""
    return {cell.color for row in cells(app.view) for cell in row if "⠀" <= cell.character <= "⣿"}


def units(app: PanelApp) -> int:
    """How many lights there are."""
    return sum(cell.character == "█" for row in cells(app.view) for cell in row)


async def test_every_unit_is_a_light_and_every_input_has_its_name() -> None:
    async with looking("network") as (app, _):
        assert units(app) == 9
        assert "x ●" in text(app.view)
        assert "y ●" in text(app.view)
        assert text(app.view).splitlines()[-1].split() == ["input", "layer", "1", "layer", "2", "output"]
        assert title(app.view) == "Network  2 → 4 → 4 → 1 · |w| ≤ 1.8700"


async def test_a_row_of_layers_alike_is_written_short() -> None:
    told = network([16] * 10)
    async with looking("network", told, Run(told).frame(network=weights_of(told))) as (app, _):
        assert title(app.view).startswith("Network  2 → 16×10 → 1")


async def test_positive_weights_are_blue_negative_ones_orange_and_strong_ones_bright() -> None:
    told = network([1])
    palette_first = [[1.0, -1.0]]
    made = with_weights(told, palette_first, [0.0], [0.5])
    made = msgspec.structs.replace(made, weights=(made.weights[0], np.array([[0.5]], "<f4").tobytes()))
    async with looking("network", told, Run(told).frame(network=made)) as (app, _):
        palette = palette_of(app)
        half = palette.background.blend(palette.positive, 0.625)
        assert lines(app) == {palette.positive.hex, palette.negative.hex, half.hex}


async def test_a_weight_of_0_has_no_line() -> None:
    told = network([1])
    made = with_weights(told, [[0.0, 0.0]], [0.0], [0.5])
    async with looking("network", told, Run(told).frame(network=made)) as (app, _):
        assert len(lines(app)) == 1


async def test_an_active_unit_shines_and_a_dead_one_is_dark() -> None:
    told = network([2])
    made = with_weights(told, [[0.0, 0.0], [0.0, 0.0]], [0.0, 0.0], [1.0, 0.0])
    async with looking("network", told, Run(told).frame(network=made), size=(60, 10)) as (app, _):
        lights = [cell.color for row in cells(app.view) for cell in row if cell.character == "█"]
        palette = palette_of(app)
        assert palette.text.hex in lights
        assert min(Color.parse(light).brightness for light in lights) < 0.25


async def test_a_unit_selected_by_key_shows_its_numbers_and_lets_other_lines_fade() -> None:
    told = opened()
    made = with_weights(told, [[1.5, -0.25]] * 4, [0.75] * 4, [0.5] * 4)
    async with looking("network", told, Run(told).frame(network=made), size=(76, 16)) as (app, pilot):
        before = lines(app)
        await pilot.press("down", "down")
        row = text(app.view).splitlines()[-1]
        assert row.split() == ["layer", "1", "unit", "2", "b", "+0.75", "|a|", "0.50", "←", "x", "+1.50", "y", "−0.25"]
        assert min(map(brightness, lines(app))) < min(map(brightness, before))
        await pilot.press("up", "up")
        assert "unit 4" in text(app.view)
        await pilot.press("escape")
        assert lines(app) == before


def brightness(color: str) -> float:
    return Color.parse(color).brightness


async def test_pointing_at_a_unit_shows_its_numbers_as_long_as_one_points_at_it() -> None:
    async with looking("network") as (app, pilot):
        view = app.view
        assert isinstance(view, NetworkPanel)
        assert view.layout_shown is not None
        node = view.layout_shown.nodes[0][1]
        await pilot.hover(offset=(node.x + 1, node.y + 1))
        assert "y → 1 " in text(view)
        await pilot.hover(offset=(1, 15))
        assert "→" not in text(view)


async def test_a_click_keeps_a_unit_and_a_second_one_lets_it_go() -> None:
    async with looking("network") as (app, pilot):
        view = app.view
        assert isinstance(view, NetworkPanel)
        assert view.layout_shown is not None
        node = view.layout_shown.nodes[2][0]
        offset = (node.x + 1, node.y + 1)
        await pilot.click(offset=offset)
        await pilot.hover(offset=(1, 15))
        assert "layer 2 unit 1" in text(view)
        await pilot.click(offset=offset)
        await pilot.hover(offset=(1, 15))
        assert "unit" not in text(view)


async def test_a_reset_to_a_smaller_network_forgets_the_unit() -> None:
    smaller = msgspec.structs.replace(network([1]), run=2)
    async with looking("network") as (app, pilot):
        await pilot.press("up")
        app.view.show(smaller, Run(smaller).frame(network=weights_of(smaller)))
        assert "unit" not in text(app.view)


async def test_of_a_layer_too_high_for_the_panel_the_first_and_the_last_units_are_shown() -> None:
    told = network([32])
    async with looking("network", told, Run(told).frame(network=weights_of(told)), size=(60, 6)) as (app, _):
        assert "+24" in text(app.view)
        assert text(app.view).count("●") == 2 + 8


async def test_of_a_deep_network_the_layers_around_the_one_looked_at_are_shown_and_that_there_are_others() -> None:
    told = network([4] * 10)
    async with looking("network", told, Run(told).frame(network=weights_of(told)), size=(40, 12)) as (app, _):
        places = ((0, "layer 1", False, True), (6, "layer 7", True, True), (10, "output", True, False))
        for layer, name, left, right in places:
            app.view.layer_shown = layer
            app.view.show(told, app.frame)
            *rows, last = text(app.view).splitlines()
            assert name in last
            assert (any(row[0] == "…" for row in rows), any(row[-1] == "…" for row in rows)) == (left, right)
            marks = [at for row in cells(app.view)[:-1] for at, cell in enumerate(row) if cell.character in "●█"]
            assert right == (max(marks) > 30), "what is not drawn needs no room for its names"


@pytest.mark.parametrize("hidden", [[33], [4, 40]])
async def test_a_network_too_wide_to_draw_says_what_would_be_drawn(hidden: list[int]) -> None:
    told = network(hidden)
    async with looking("network", told, Run(told).frame()) as (app, _):
        words = " ".join(text(app.view).split())
        assert "64 inputs and 32 units a layer at most" in words
        assert options(app.view) == ""


async def test_numbers_of_a_diverged_run_do_not_disturb_the_drawing() -> None:
    told = opened()
    made = with_weights(told, [[float("nan"), float("inf")]] * 4, [float("-inf")] * 4, [float("nan")] * 4)
    async with looking("network", told, Run(told).frame(network=made)) as (app, pilot):
        await pilot.press("down")
        assert units(app) == 9


@given(
    widths=st.lists(st.integers(1, 64), min_size=2, max_size=12),
    width=st.integers(20, 200),
    height=st.integers(2, 60),
    center=st.integers(0, 12),
)
def test_units_stand_inside_the_panel_and_never_on_one_another(
    widths: list[int], width: int, height: int, center: int
) -> None:
    place = layout(widths, Size(width, height), (4, 4), center)
    nodes = list(place)
    assert len({(node.x, node.y) for node in nodes}) == len(nodes)
    for node in nodes:
        assert place.reach <= node.x < width - place.reach
        assert 0 <= node.y < height
    for column, shown in zip(place.columns, place.nodes, strict=True):
        left_out = sum(count for x, _, count in place.left_out if 0 <= x - shown[0].x < 4)
        assert len(shown) + left_out == widths[column]


@pytest.mark.parametrize(("width", "columns"), [(35, 3), (34, 2)])
def test_as_many_layers_are_there_as_lines_between_them_can_be_followed(width: int, columns: int) -> None:
    place = layout((4, 8, 3), Size(width, 14), (9, 9), 1)
    assert len(place.columns) == columns
    assert all(after[0].x - before[0].x >= 7 for before, after in pairwise(place.nodes))


async def test_a_weight_is_read_off_with_its_gradient_and_a_traced_example_lights_its_own_way() -> None:
    told = network([2])
    made = with_weights(told, [[1.0, -1.0], [0.25, 0.5]], [0.5, 0.0], [1.0, 1.0])
    gradients = tuple(np.array(values, "<f4").tobytes() for values in ([0.125, 0.25, 0.375, 0, 0, 0], [0, 0, 0]))
    frame = Run(told).frame(network=msgspec.structs.replace(made, gradients=gradients))
    async with looking("network", told, frame, size=(60, 12)) as (app, pilot):
        app.view.focus()
        await pilot.press("down", "right", "right")
        await pilot.pause()
        assert text(app.view).splitlines()[-1].strip() == "unit 1 ← y  w −1  ∂L/∂w 0.2500"
        await pilot.press("escape")
        await pilot.pause()
        assert "b +0.50" in text(app.view).splitlines()[-1]
    units = Units((2, 2), ("input", "layer 1"), ("x", "y"), (), made, traced=((0.0, 2.0), (0.0, -3.0)))
    assert units.strengths[0] == [[0.0, 2.0], [0.0, 1.0]], "what is sent along each line"
    assert units.activity[0] == [0.0, 3.0]


async def test_negative_weights_are_broken_lines_and_positive_ones_whole() -> None:
    def drawn_with(weight: float) -> int:
        told = network([1])
        made = with_weights(told, [[weight, 0.0]], [0.0], [1.0])
        picture = Picture(Units((2, 1), ("", ""), ("x", "y"), ("o",), made), TERMINAL, Size(40, 9), 1, None)
        return sum("\u2801" <= cell <= "\u28ff" for row in picture.draw().characters for cell in row)

    assert 0 < drawn_with(-1.0) < drawn_with(1.0)


# -- lines -------------------------------------------------------------------------------------------------------------


def drawn(lines: Braille | Strokes, width: int, height: int) -> list[str]:
    canvas = Canvas(width, height)
    lines.put_on(canvas)
    return ["".join(row) for row in canvas.characters]


RED, BLUE = Color.parse("#ff0000"), Color.parse("#0000ff")


def test_a_line_has_no_gaps() -> None:
    lines = Braille(2, 2)
    lines.add_lines(np.array([[0.0, 0.0]]), np.array([[3.0, 7.0]]), RED)
    assert drawn(lines, 2, 2) == ["⢣ ", " ⢣"]
    flat = Braille(3, 1)
    flat.add_lines(np.array([[0.0, 0.0]]), np.array([[5.0, 0.0]]), RED)
    assert drawn(flat, 3, 1) == ["⠉⠉⠉"]


def test_many_lines_at_once_are_those_one_by_one() -> None:
    starts, ends = np.array([[0.0, 0.0], [0.0, 7.0], [3.0, 3.0]]), np.array([[9.0, 7.0], [9.0, 0.0], [3.0, 3.0]])
    together, single = Braille(5, 2), Braille(5, 2)
    together.add_lines(starts, ends, RED)
    for at in range(3):
        single.add_lines(starts[at : at + 1], ends[at : at + 1], RED)
    assert drawn(together, 5, 2) == drawn(single, 5, 2)


def test_a_stroke_is_drawn_as_a_line_is() -> None:
    for start, end in (((0, 0), (9, 7)), ((0, 7), (9, 0)), ((3, 3), (3, 3)), ((8, 1), (1, 6))):
        strokes, line = Strokes(), Braille(5, 2)
        strokes.add(start, end, RED)
        line.add_lines(np.array([start], float), np.array([end], float), RED)
        assert drawn(strokes, 5, 2) == drawn(line, 5, 2)


def test_of_two_strokes_in_the_same_cells_the_later_one_has_the_color_and_both_have_their_dots() -> None:
    strokes, canvas = Strokes(), Canvas(3, 1)
    strokes.add((0, 0), (5, 0), RED)
    strokes.add((2, 3), (3, 3), BLUE)
    strokes.put_on(canvas)
    assert canvas.characters[0] == ["⠉", "⣉", "⠉"]
    assert canvas.colors[0] == [RED, BLUE, RED]


def test_lines_in_the_same_cells_take_turns() -> None:
    lines = Braille(6, 1)
    for color in (RED, BLUE):
        lines.add_lines(np.array([[0.0, 1.0], [6.0, 1.0]]), np.array([[6.0, 1.0], [11.0, 1.0]]), color)
    canvas = Canvas(6, 1)
    lines.put_on(canvas)
    assert canvas.colors[0] == [RED, BLUE] * 3


def test_it_is_there_from_the_start_where_it_can_be_drawn() -> None:
    assert NetworkPanel.KIND.shown_in(network([4, 4])) == "always"
    assert NetworkPanel.KIND.shown_in(network([4, 400])) == "asked"
