"""Formulas, readable in a narrow column."""

import pytest

from nn_tui.training.look.parts import Formula, FormulaLine
from nn_tui.tui.panels.tables.formulas import FormulasPanel, broken
from tests.tui.canned import Run, opened
from tests.tui.canned_races import optimizer_formulas, surface_opened
from tests.tui.host import PanelApp
from tests.tui.panels.cells import text

NETWORK = (
    Formula(
        subject="activation",
        name="tanh",
        about="layer 1, unit 1, first sample: z = 0.5",
        lines=(
            FormulaLine(
                symbol="f(z)",
                formula="(e^z − e^−z) / (e^z + e^−z)",
                numbers="(e^0.5 − e^−0.5) / (e^0.5 + e^−0.5)",
                value=0.46212,
                result="0.46212",
            ),
        ),
    ),
    Formula(subject="mode", name="batch", about="n = 140", lines=(FormulaLine(symbol="", formula="g = 1/N Σ ∇ℓ"),)),
    *optimizer_formulas("momentum")[:1],
)


async def shown(width: int = 46, height: int = 30, *keys: str) -> str:
    app = PanelApp("formulas", opened(), Run(opened()).frame(formulas=NETWORK))
    async with app.run_test(size=(width, height)) as pilot:
        await pilot.pause()
        app.view.focus()
        await pilot.press(*keys)
        await pilot.pause()
        return text(app.view)


async def test_below_each_formula_stand_its_numbers_and_what_they_give() -> None:
    lines = [line.strip() for line in (await shown()).splitlines()]
    at = lines.index("f(z) = (e^z − e^−z) / (e^z + e^−z)")
    assert lines[at + 1 : at + 3] == ["= (e^0.5 − e^−0.5) / (e^0.5 + e^−0.5)", "= 0.46212"]
    assert "v ← β·v + (1 − β)·g" in lines
    assert "g = 1/N Σ ∇ℓ" in lines


@pytest.mark.parametrize("width", [10, 14, 21, 44])
def test_a_long_formula_goes_on_before_an_operator_and_loses_nothing(width: int) -> None:
    formula = "−[y·ln ŷ + (1 − y)·ln(1 − ŷ)] + max(0, x − 1) / (1 + e^−x)"
    lines = broken(formula, width)
    assert all(len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == formula.replace(" ", "")
    if width >= 21:
        assert all(line.lstrip()[0] in "+−·/m" for line in lines[1:])


async def test_what_does_not_fit_is_scrolled_to() -> None:
    assert "θ ←" not in await shown(46, 9)
    assert "θ ←" in await shown(46, 9, "pagedown", "pagedown", "pagedown")


def test_they_are_there_from_the_start_on_a_surface_only() -> None:
    assert FormulasPanel.KIND.shown_in(surface_opened()) == "always"
    assert FormulasPanel.KIND.shown_in(opened()) == "asked"
