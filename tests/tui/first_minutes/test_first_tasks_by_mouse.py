"""The first tasks of docs/first-tasks.md again, by someone who has nothing but a mouse."""

from collections.abc import Awaitable, Callable

import pytest

from nn_tui.training.worker.messages import Apply, SetWeights
from nn_tui.tui.panels.network.trace import TracePanel
from tests.tui.canned_races import LOWER_RATE, findings
from tests.tui.fakes import Lab, settle
from tests.tui.first_minutes.test_first_tasks import CHECKS
from tests.tui.mouse import Mouse
from tests.tui.rest import until
from tests.tui.run.test_trace import traced

SIZES = [(80, 24), (120, 40)]

Task = Callable[[Mouse], Awaitable[None]]


async def forms(mouse: Mouse) -> None:
    """Where there is little room they are folded away."""
    if not mouse.sees("batch size"):
        await mouse.click("f forms")


async def more(mouse: Mouse, field: str) -> None:
    """Unfolds the fields of training, down to one of them."""
    await forms(mouse)
    await mouse.wheel("▾ 16 more", over="samples")
    await mouse.click("▾ 16 more")
    await mouse.wheel(field, over="optimizer")


async def command(mouse: Mouse, title: str) -> None:
    await mouse.click("^p commands")
    await mouse.wheel(title, over="Play or pause")
    await mouse.click(title)


async def scenario(mouse: Mouse, title: str) -> None:
    await command(mouse, "Open another scenario")
    await mouse.wheel(title, over="✓ opened")
    await mouse.click(title)


async def diverge(mouse: Mouse) -> None:
    await forms(mouse)
    # 0.05, 0.1 … 20, 50
    for _ in range(10):
        await mouse.click_sign("│ rate ", "+")
    await mouse.click("space play")


async def cure(mouse: Mouse) -> None:
    mouse.lab.worker.parts = {"findings": findings()}
    await mouse.click("n step")
    if mouse.sees("diagnosis ▲"):
        await mouse.click("diagnosis ▲")
    await mouse.click(LOWER_RATE.text[:12])


async def choose(mouse: Mouse, field: str, choice: str) -> None:
    await forms(mouse)
    await mouse.click(f" {field} ")
    await mouse.click(choice)


async def activation(mouse: Mouse) -> None:
    await choose(mouse, "activation", "│relu")
    await mouse.click("r reset")


async def third_layer(mouse: Mouse) -> None:
    await forms(mouse)
    await mouse.click("+ layer")
    await mouse.click("r reset")


async def penalty(mouse: Mouse) -> None:
    await more(mouse, " L2 ")
    await mouse.click_sign(" L2 ", "+")


async def falling_rate(mouse: Mouse) -> None:
    await more(mouse, " schedule ")
    await mouse.click(" schedule ")
    await mouse.click("│cosine")


async def smaller_batches(mouse: Mouse) -> None:
    await forms(mouse)
    await mouse.click_sign("batch size", "−")


async def about_the_rate(mouse: Mouse) -> None:
    await forms(mouse)
    await mouse.click(" rate ")
    await mouse.click("? help")


async def gelu(mouse: Mouse) -> None:
    await forms(mouse)
    await mouse.click(" activation ")
    await mouse.hover("│gelu")
    await mouse.wait("x·Φ(x)")


async def weight(mouse: Mouse) -> None:
    mouse.lab.worker.parts = traced(layer=1, unit=2, input=1)
    await command(mouse, "Trace a sample")
    # In a narrow panel the key before it is left out.
    await mouse.click(" set ·")
    await mouse.click("or click on", over=len("or click on  "))


async def delta(mouse: Mouse) -> None:
    mouse.lab.worker.parts = traced()
    await command(mouse, "Trace a sample")


async def gradients(mouse: Mouse) -> None:
    if mouse.sees("3 gradients"):
        await mouse.click("3 gradients")
    await mouse.click("Gradient magnitude")
    await mouse.click("? help")


async def undone(mouse: Mouse) -> None:
    await choose(mouse, "init", "│he")
    await mouse.wait("1 waits")
    await command(mouse, "Undo")


TASKS: dict[int, tuple[Task, Callable[[Lab], bool]]] = {
    1: (diverge, CHECKS[1]),
    2: (cure, lambda lab: lab.worker.last(Apply).values == LOWER_RATE.changes),
    3: (delta, lambda lab: isinstance(lab.screen.focused, TracePanel)),
    4: (undone, lambda lab: lab.screen.control.draft is not None and not lab.screen.control.draft.pending),
    5: (activation, CHECKS[5]),
    6: (smaller_batches, CHECKS[6]),
    7: (lambda mouse: choose(mouse, "optimizer", "│sgd"), CHECKS[7]),
    8: (third_layer, CHECKS[8]),
    9: (penalty, CHECKS[9]),
    10: (falling_rate, CHECKS[10]),
    11: (about_the_rate, CHECKS[11]),
    12: (gelu, lambda _: True),
    13: (lambda mouse: scenario(mouse, "Vanishing: ten"), CHECKS[13]),
    14: (lambda mouse: scenario(mouse, "Against overfitting: dropout"), CHECKS[14]),
    17: (weight, lambda lab: lab.worker.last(SetWeights).weights[0].value == 0.0),
    19: (lambda mouse: command(mouse, "New seed"), CHECKS[19]),
    20: (gradients, CHECKS[20]),
}
"""What is read off a chart, a map or a drawing is with those."""


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("number", TASKS)
async def test_a_mouse_alone_does_what_the_task_says(number: int, size: tuple[int, int]) -> None:
    do, is_done = TASKS[number]
    lab = Lab()
    async with lab.app.run_test(size=size) as pilot:
        await settle(pilot, lab)
        await do(Mouse(pilot, lab))
        await until(pilot, lambda: done(lab, is_done))


def done(lab: Lab, is_done: Callable[[Lab], bool]) -> bool:
    try:
        return is_done(lab)
    except StopIteration:
        # No such command has been sent yet.
        return False
