"""Loss, accuracy or R², gradients, updates, learning rate: what the curves and their borders say."""

from typing import Any

import msgspec
import numpy as np
import pytest

from nn_tui.training.look.parts import Mark, Quality, Series
from nn_tui.training.worker.messages import Opened
from nn_tui.tui.palette import palette_of
from nn_tui.tui.panels.registry import KINDS
from tests.tui.canned import Run, opened
from tests.tui.canned_parts import everything
from tests.tui.canned_pictures import boundary
from tests.tui.host import PanelApp
from tests.tui.panels.cells import cells, text
from tests.tui.panels.looking import looking, network, options, title

CURVES = ("loss", "quality", "gradients", "updates", "schedule")


def colors(app: PanelApp) -> set[str]:
    """Of all characters of the lines."""
    return {cell.color for row in cells(app.view) for cell in row if "⠀" <= cell.character <= "⣿"}


def regression(quality: float = 0.9) -> tuple[Opened, Any]:
    told = msgspec.structs.replace(
        opened(),
        quality="r2",
        task="regression",
        columns=tuple(column.replace("accuracy", "r2") for column in opened().columns),
    )
    run = Run(opened())
    series = {name.replace("accuracy", "r2"): one for name, one in run.frame().series.items()}
    return told, run.frame(series=series, train=Quality(loss=0.1, quality=quality), test=None)


# -- borders -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ("loss", "Loss  ━ train 0.3154 · ╍ test 0.3802"),
        ("quality", "Accuracy  ━ train 78.4% · ╍ test 75.4%"),
        ("gradients", "Gradient magnitude  1 0.2069 · 2 0.0834 · out 0.0339"),
        ("updates", "Update / weight  1 9.6e−4 · 2 6.2e−4 · out 4.1e−4"),
        ("schedule", "Learning rate  0.0300 · constant"),
    ],
)
async def test_the_title_carries_the_latest_values(view: str, expected: str) -> None:
    async with looking(view) as (app, _):
        assert title(app.view) == expected


@pytest.mark.parametrize("view", CURVES)
async def test_a_title_is_as_wide_at_every_step(view: str) -> None:
    told = opened()
    async with looking(view) as (app, _):
        widths = set()
        for step in (1, 40, 336, 5000):
            app.view.show(told, Run(told).frame(step, **everything(told)))
            widths.add(len(title(app.view)))
        assert len(widths) == 1


@pytest.mark.parametrize(
    ("view", "expected"),
    [("loss", "test≈0.2100"), ("quality", "test≈91.0%"), ("boundary", "train≈95.0%"), ("boundary", "test≈91.0%")],
)
async def test_a_score_of_some_of_the_examples_is_said_to_be_about_that(view: str, expected: str) -> None:
    told = opened()
    train, test = Quality(loss=0.2, quality=0.95, samples=139), Quality(loss=0.21, quality=0.91, samples=59)
    frame = Run(told).frame(336, boundary=boundary(), train=train, test=test)
    app = PanelApp(view, told, frame)
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.pause()
        assert expected in title(app.view)
        whole = msgspec.structs.replace(
            frame, train=msgspec.structs.replace(train, samples=140), test=msgspec.structs.replace(test, samples=60)
        )
        app.view.show(told, whole)
        await pilot.pause()
        assert "≈" not in title(app.view)


async def test_of_many_layers_the_title_names_the_smallest_and_the_largest_gradient() -> None:
    told = network([4] * 8)
    async with looking("gradients", told, Run(told).frame()) as (app, _):
        assert title(app.view) == "Gradient magnitude  out 0.0011 · 1 0.2069"


async def test_a_narrow_panel_has_a_short_title() -> None:
    async with looking("gradients", size=(40, 8)) as (app, _):
        assert title(app.view) == "Gradients  out 0.0339 · 1 0.2069"


async def test_of_a_regression_r2_is_shown() -> None:
    async with looking("quality", *regression()) as (app, _):
        assert title(app.view) == "R²  ━ train 0.9000"
        assert "%" not in text(app.view)


async def test_without_a_test_set_there_is_no_test_loss() -> None:
    told = opened()
    run = Run(told)
    frame = run.frame(test=None, series={"train.loss": run.frame().series["train.loss"]})
    async with looking("loss", told, frame) as (app, _):
        assert title(app.view) == "Loss  ━ train 0.3154"


async def test_keys_are_named_only_where_they_work() -> None:
    async with looking("loss") as (app, pilot):
        assert options(app.view) == "l log · w full range"
        app.set_focus(None)
        await pilot.pause()
        assert options(app.view) == "log · full range"


@pytest.mark.parametrize("view", ["loss", "quality", "gradients"])
async def test_where_a_run_has_not_come_to_what_was_zoomed_in_on_all_of_it_is_shown(view: str) -> None:
    told = opened()
    run = Run(told)
    async with looking(view, told, run.frame(5000, **everything(told))) as (app, pilot):
        await pilot.press("plus", "plus", "plus")
        assert "5k" in text(app.view).splitlines()[-1]
        assert "some steps" in options(app.view)
        again = msgspec.structs.replace(told, run=told.run + 1)
        app.view.show(again, run.frame(40, **everything(told)))
        assert text(app.view).splitlines()[-1].split()[:2] == ["step", "0"]
        assert "full range" in options(app.view)


@pytest.mark.parametrize("view", ["loss", "gradients", "updates"])
async def test_the_scale_is_switched_by_key_and_by_click(view: str) -> None:
    async with looking(view, size=(80, 16)) as (app, pilot):
        logarithmic = text(app.view)
        await pilot.press("l")
        assert "linear" in options(app.view)
        assert text(app.view) != logarithmic
        app.set_focus(None)
        await pilot.pause()
        word = 78 - len(" linear · full range ")
        await pilot.click(offset=(word + 1, 15))
        assert "log" in options(app.view)
        assert text(app.view) == logarithmic


async def test_accuracy_is_zoomed_in_on_or_shown_on_the_whole_scale() -> None:
    async with looking("quality") as (app, pilot):
        assert "0%┤" not in text(app.view).split()
        await pilot.press("l")
        assert {"0%┤", "100%┤"} <= set(text(app.view).split())
        assert "whole scale" in options(app.view)


async def test_the_mean_size_of_gradients_is_asked_for_by_key() -> None:
    async with looking("gradients") as (app, pilot):
        assert "layer 1.gradient_norm" in app.view.columns(opened())
        await pilot.press("g")
        assert app.view.columns(opened())[0] == "layer 1.gradient_mean_abs"
        assert "mean |g|" in options(app.view)


# -- lines -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", ["loss", "quality"])
async def test_training_is_blue_and_test_is_orange(view: str) -> None:
    async with looking(view) as (app, _):
        palette = palette_of(app)
        assert colors(app) == {palette.train.hex, palette.test.hex}


async def test_curves_that_run_together_both_show() -> None:
    told = opened()
    same = Run(told).frame().series["test.loss"]
    frame = Run(told).frame(series={"train.loss": same, "test.loss": same})
    async with looking("loss", told, frame) as (app, _):
        palette = palette_of(app)
        assert colors(app) == {palette.train.hex, palette.test.hex}


@pytest.mark.parametrize("view", ["gradients", "updates"])
async def test_each_layer_has_its_color_and_its_name_beside_its_line(view: str) -> None:
    async with looking(view) as (app, _):
        palette = palette_of(app)
        names = {cell.character: cell.color for row in cells(app.view) for cell in row[-4:] if cell.character != " "}
        assert names["1"] == palette.layer(0, 3).hex
        assert names["2"] == palette.layer(1, 3).hex
        assert names["o"] == palette.layer(2, 3).hex
        assert {palette.layer(number, 3).hex for number in range(3)} <= colors(app)


async def test_names_of_lines_that_end_together_keep_apart() -> None:
    told = network([4] * 8)
    run = Run(told)
    same = run.frame().series["layer 1.gradient_norm"]
    frame = run.frame(series={f"{layer.name}.gradient_norm": same for layer in told.layers})
    async with looking("gradients", told, frame) as (app, _):
        named = {"".join(cell.character for cell in row[-3:]).strip() for row in cells(app.view)}
        assert {*map(str, range(1, 9)), "out"} <= named


async def test_gradients_that_jump_are_shown_smooth_over_the_faint_values_or_as_they_are() -> None:
    async with looking("gradients") as (app, pilot):
        smooth = colors(app)
        await pilot.press("t")
        assert "raw" in options(app.view)
        assert colors(app) < smooth


async def test_a_gradient_of_0_has_no_place_on_a_logarithmic_scale() -> None:
    told = opened()
    run = Run(told)
    series = dict(run.frame().series)
    zeros = np.zeros(60).tobytes()
    steps = np.arange(60.0).tobytes()
    series["layer 1.gradient_norm"] = Series(step=steps, value=zeros)
    async with looking("gradients", told, run.frame(series=series)) as (app, _):
        assert palette_of(app).layer(0, 3).hex not in colors(app)
        assert palette_of(app).layer(1, 3).hex in colors(app)


async def test_where_updates_are_healthy_is_in_sight_even_if_they_are_not() -> None:
    told = opened()
    run = Run(told)
    tiny = {name: msgspec.structs.replace(one, value=scaled(one.value)) for name, one in
            run.frame().series.items()}  # fmt: skip
    async with looking("updates", told, run.frame(series=tiny)) as (app, _):
        assert "healthy" in text(app.view)
        assert any(cell.behind == palette_of(app).tint.hex for row in cells(app.view) for cell in row)


def scaled(content: bytes) -> bytes:
    return (np.frombuffer(content) * 1e-4).tobytes()


async def test_r2_far_below_0_does_not_flatten_the_rest() -> None:
    told, frame = regression()
    steps = np.arange(50.0)
    values = np.where(steps < 5, -1000.0, 0.2 + steps / 100)
    series = {"train.r2": Series(step=steps.tobytes(), value=values.tobytes())}
    async with looking("quality", told, msgspec.structs.replace(frame, series=series)) as (app, _):
        assert "−1.0" in text(app.view)
        assert "−1k" not in text(app.view)


async def test_r2_that_never_was_above_minus_1_is_off_the_scale() -> None:
    told, frame = regression(-1e12)
    steps = np.arange(50.0)
    values = np.full(50, -1e12)
    series = {"train.r2": Series(step=steps.tobytes(), value=values.tobytes())}
    async with looking("quality", told, msgspec.structs.replace(frame, series=series)) as (app, pilot):
        assert title(app.view) == "R²  ━ train  −1e12"
        assert "off the scale so far, below −1" in " ".join(text(app.view).split())
        await pilot.press("left")
        await pilot.pause()
        assert "train −1.00e12" in text(app.view)
        assert {"−1.0┤", "0┤"} <= {word.split("┤")[0] + "┤" for word in text(app.view).split() if "┤" in word}
        assert text(app.view).splitlines()[-3].count("▼") == 2


@pytest.mark.parametrize("value", [0.0, 1e-300, 1e307, float("inf"), float("nan")])
@pytest.mark.parametrize("view", ["loss", "gradients", "updates", "quality"])
async def test_any_number_can_be_drawn(view: str, value: float) -> None:
    told, frame = regression(value) if view == "quality" else (opened(), Run(opened()).frame())
    steps = np.arange(40.0)
    values = np.where(steps < 20, value, 1.0)
    one = Series(step=steps.tobytes(), value=values.tobytes())
    frame = msgspec.structs.replace(frame, series=dict.fromkeys(told.columns, one))
    async with looking(view, told, frame) as (app, pilot):
        assert text(app.view).strip()
        await pilot.press("l")
        await pilot.pause()
        assert text(app.view).strip()


@pytest.mark.parametrize("view", ["loss", "quality", "gradients", "updates", "schedule"])
async def test_a_cursor_at_a_change_names_it_in_every_chart(view: str) -> None:
    async with looking(view) as (app, pilot):
        column = next(line.index("┊") for line in text(app.view).splitlines() if "┊" in line)
        await pilot.hover(app.view, offset=(column + 1, 8))
        await pilot.pause()
        assert "lr 0.03 → 0.01" in "".join(text(app.view).splitlines()[:2])


async def test_a_change_is_marked_and_named_in_the_loss() -> None:
    async with looking("loss") as (app, _):
        assert "┊" in text(app.view)
        assert "lr 0.03 → 0.01" in text(app.view)


async def test_of_changes_too_close_to_each_other_the_latest_is_named() -> None:
    told = opened()
    marks = tuple(Mark(step=200 + number, text=f"change number {number}") for number in range(9))
    async with looking("loss", told, Run(told).frame(marks=marks)) as (app, _):
        assert "change number 8" in text(app.view)
        assert "change number 3" not in text(app.view)


async def test_after_a_reset_the_loss_of_the_run_before_stays_as_a_faint_curve() -> None:
    told, again = opened(), opened(run=2)
    frame = Run(told).frame()
    doubled = {name: (2 * np.frombuffer(one.value)).tobytes() for name, one in frame.series.items()}
    series = {name: Series(step=one.step, value=doubled[name]) for name, one in frame.series.items()}
    async with looking("loss", told, msgspec.structs.replace(frame, series=series)) as (app, _):
        before = colors(app)
        app.view.show(again, Run(again).frame(step=90))
        after = colors(app)
        assert before < after
        other = msgspec.structs.replace(
            opened(run=3), scenario=msgspec.structs.replace(opened().scenario, title="another lesson")
        )
        app.view.show(other, Run(other).frame(step=90))
        assert colors(app) == before


# -- the learning rate -------------------------------------------------------------------------------------------------


async def test_a_dot_shows_where_the_learning_rate_is_now() -> None:
    told = opened()
    async with looking("schedule") as (app, _):
        columns = []
        for step in (0, 1350, 2700):
            app.view.show(told, Run(told).frame(step, **everything(told)))
            columns.append(next(row for row in text(app.view).splitlines() if "●" in row).index("●"))
        assert columns[0] < columns[1] < columns[2]
        assert columns[1] - columns[0] == pytest.approx(columns[2] - columns[1], abs=1)


async def test_the_rate_so_far_is_bright_and_that_to_come_is_gray() -> None:
    async with looking("schedule") as (app, _):
        assert colors(app) == {palette_of(app).text.hex, palette_of(app).muted.hex}


async def test_the_recent_rate_is_shown_with_a_little_of_what_comes() -> None:
    async with looking("schedule") as (app, _):
        app.view.recent = True
        app.view.repaint()
        numbers = [int(word) for word in text(app.view).splitlines()[-1].split() if word.isdigit()]
        assert numbers
        assert max(numbers) < 60


# -- all of them -------------------------------------------------------------------------------------------------------


async def test_a_view_is_drawn_again_only_if_what_it_shows_has_changed() -> None:
    told = opened()
    for kind in KINDS:
        async with looking(kind.name) as (app, pilot):
            drawn = 0
            paint = app.view.paint

            def counted(*args: Any, paint: Any = paint) -> Any:
                nonlocal drawn
                drawn += 1
                return paint(*args)

            app.view.paint = counted  # type: ignore[method-assign]
            for speed in (10.0, 20.0, 30.0):
                frame = Run(told).frame(steps_per_second=speed, **everything(told))
                app.view.show(app.opened, frame if kind.name in CURVES else app.frame)
                await pilot.pause()
            assert drawn <= 1, kind.name


async def test_the_rate_stands_at_its_epoch_whatever_steps_are_kept_of_the_two() -> None:
    told = opened()
    steps = np.linspace(0.0, 2700.0, 28)
    kept = np.append(steps[:10], steps[20:])
    epochs = Series(step=steps.tobytes(), value=(steps / 9.0).tobytes())
    # 0.02 until epoch 100, 0.01 from epoch 200 on, as the steps that are left of it tell.
    rates = Series(step=kept.tobytes(), value=np.where(kept < 1000.0, 0.02, 0.01).tobytes())
    frame = Run(told).frame(2700, **everything(told))
    async with looking("schedule") as (app, _):
        app.view.show(told, msgspec.structs.replace(frame, series={"epoch": epochs, "lr": rates}))
        was = next(line for line in app.view.plot(app.view._seen, app.view.palette).lines if line.name == "was")
        assert dict(zip(was.x, was.y, strict=True)) == pytest.approx(
            {**{step / 9.0: 0.02 if step < 1000.0 else 0.01 for step in kept}, 300.0: 0.01}
        )
