"""`nn-tui trace`: one sample through the net, forward and backward, in numbers."""

from typing import TYPE_CHECKING

import click

from nn_tui.commands.failure import one_message
from nn_tui.shell.machine import write_json
from nn_tui.shell.telling import tell

if TYPE_CHECKING:
    from nn_tui.scenario.schema import Scenario


@click.command("trace")
@click.argument("scenario")
@click.option("--set", "assignments", multiple=True, metavar="KEY=VALUE", help="Change a field; repeatable.")
@click.option("--step", type=click.IntRange(min=0), default=0, metavar="N", help="After N steps; 0 if not given.")
@click.option("--sample", type=click.IntRange(min=0), metavar="I", help="Which training example, counted from 0.")
@click.option("--layer", type=click.IntRange(min=1), metavar="N", help="Whose update is worked out, from 1.")
@click.option("--unit", type=click.IntRange(min=1), metavar="N", help="Which unit of that layer, from 1.")
@click.option("--input", "read", type=click.IntRange(min=0), metavar="N", help="Which of its weights; 0 is the bias.")
@click.option("--lane", metavar="NAME", help="Whose net, of a race: by name, or by place from 0; else the first.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout, with every number.")
def trace_command(
    scenario: str,
    assignments: tuple[str, ...],
    step: int,
    sample: int | None,
    layer: int | None,
    unit: int | None,
    read: int | None,
    lane: str | None,
    as_json: bool,
) -> None:
    """Walk one training example through the net, forward to the loss and back to the update of a weight.

    SCENARIO is trained for N steps; then the step to come is taken apart: what each unit adds up and gives, the loss,
    δ layer by layer, the gradient of every weight and what the optimizer makes of it. On a surface it is the two
    partial derivatives.

    The example is the first one of the step's batch if --sample is not given; any that is not in that batch is
    walked through as in prediction, without dropout, as a batch of its own.

    Exit status: 0 done; 2 bad input, or a run that ends or diverges before that step.
    """
    with one_message():
        from nn_tui.scenario.errors import named
        from nn_tui.training.trace.tracing import trace_scenario

        chosen = _chosen(scenario, assignments)
        with named(scenario):
            traced = trace_scenario(chosen, step, sample, lane)
        place = traced.trace.place(layer, unit, read)
    if as_json:
        from nn_tui.training.trace.record import as_object

        told = as_object(traced.trace)
        told.setdefault("lane", traced.lane)
        write_json(told)
        return
    from nn_tui.shell.tables.trace_table import print_trace

    print_trace(traced, place)


def _chosen(scenario: str, assignments: tuple[str, ...]) -> "Scenario":
    from nn_tui.scenario.overrides import parse_assignment
    from nn_tui.training.given import given_scenario

    return given_scenario(scenario, changes=dict(map(parse_assignment, assignments)), tell=tell)
