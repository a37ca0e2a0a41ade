"""Words can be read on their ground, with all colors, with sixteen, and without."""

import pytest
from rich.color import Color, ColorSystem
from textual.theme import Theme

from nn_tui.charts.color import Color as Drawn
from nn_tui.tui.forms.row import Row
from nn_tui.tui.palette import themed
from nn_tui.tui.themes import DARK, LIGHT, lab_variables
from tests.tui.fakes import Lab, settle


@pytest.mark.parametrize("theme", ["lab-dark", "lab-light"])
async def test_where_there_are_no_colors_the_field_in_focus_is_set_off_all_the_same(
    theme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    lab = Lab()
    async with lab.app.run_test(size=(80, 24)) as pilot:
        lab.app.theme = theme
        await settle(pilot, lab)
        await pilot.press("j", "r")
        await settle(pilot, lab)
        row = lab.screen.focused
        assert isinstance(row, Row)
        around, own = (color.brightness for color in row.background_colors)
        assert abs(around - own) > 0.2


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_lesser_words_can_be_read_on_every_ground(theme: Theme) -> None:
    variables = theme.to_color_system().generate() | theme.variables
    muted = themed(theme.dark, variables).muted.hex
    for ground in ("background", "surface", "block-cursor-background", "block-cursor-blurred-background"):
        assert contrast(Color.parse(muted), Color.parse(variables[ground])) > 4.5, ground


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_in_sixteen_colors_lesser_words_can_be_read_where_an_entry_is_highlighted(theme: Theme) -> None:
    variables = theme.to_color_system().generate() | theme.variables
    variables |= lab_variables(theme.dark, variables, few=True, sixteen=True)
    palette = themed(theme.dark, variables, few=True)
    for ground in ("block-cursor-background", "block-cursor-blurred-background"):
        for words in (palette.muted.hex, palette.text.hex, variables["block-cursor-foreground"]):
            shown = (Color.parse(color).downgrade(ColorSystem.STANDARD) for color in (words, variables[ground]))
            assert contrast(*shown) > 3.0, (ground, words)


def contrast(words: Color, ground: Color) -> float:
    """4.5 can be read by most, 3 in large letters."""
    one, other = (Drawn(*color.get_truecolor()) for color in (words, ground))
    return one.contrast(other)
