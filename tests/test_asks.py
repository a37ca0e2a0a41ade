"""Few places ask whether a run is a surface or a race: the kind of data, the problem and the lane answer instead.

What asks is a condition: of an `if`, a `while`, a conditional expression, a comprehension, an assertion, `and`, `or` or
`not`. It asks about the subject where it speaks of one as below. What is registered by the kind of lane or of what was
trained (`functools.singledispatch`) asks nothing, and neither does a loop over lanes.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import nn_tui

PACKAGE = Path(nn_tui.__file__).parent

ASKS = re.compile(
    r"""
    \bis_(race|surface)\b | on_surface\b | \bSURFACE\b | \btold_(lanes|rules)\( | \.told_lanes\b | \bself\.has\(
  | \bisinstance\(.*\b(Surface|Race|NetworkLane|NetworkProblem|Trace|Trained|LanePoint)\w*
  | ^(race|looks|lanes|[\w.()\[\]]*\.(race|lanes|lane|surface|function|trained|layers|singles))$
  | \b(lane|lead|run|scenario|opened|trainer|report)\.(network|dataset|model|data)$
  | ^(lane|lead|first|entry|lane_entries\(.*)\.title$
  | \['race'\]$ | \.(race|surface|function|trained|dataset)\ is\ (not\ )?None
  | \b(lane|lead|run|opened)\.(network|model)\ is\b
  | \blen\([\w.]*\b(lanes|race|looks|reports|rules|others)\)\ [<>=!]+\ \d | \btask(\(.*\))?\ [!=]=\ 'none'
  | \bkind\ [!=]=\ '(surface|race)' | '(surface|race|network)'\ (not\ )?in\ (plain|mapping|.*lacks)
    """,
    re.VERBOSE,
)

ALLOWED = {
    "scenario/kinds.py: self.has(key)": "what does not apply to a kind of data is refused here",
    "scenario/lanes.py: race": "an ordinary run is one lane",
    "scenario/lanes.py: len(rules) > 1": "a lane by itself needs no name beside others",
    "scenario/lanes.py: lanes": "a message says that there is no race, or no such lane in it",
    "training/run/start.py: scenario.data.function is None": "a run begins on data or on a surface",
    "training/run/rows.py: self.lanes": "the rows of an ordinary run name no lane",
    "training/files/model_file.py: first.title": "a model's file has room for one lane",
    "tui/forms/entries.py: told_lanes(scenario)": "where there are lanes, the race's row is in sight at once",
    "tui/panels/network/trace.py: self._seen.layers": "on a surface there is no weight to choose",
    "tui/screens/hand_weight.py: asked.lanes": "a weight is set by hand in every net of a race",
    "shell/tables/race_table.py: len(run.summary.race) > 1": "one network has no rivals to stand in a table with",
    "shell/plots/loss_plot.py: looks": "a run by itself has training and test curves, a race one for each lane",
}
"""Where the subject itself differs, and what differs."""


def test_few_places_ask_whether_a_run_is_a_surface_or_a_race() -> None:
    found = [f"{path.relative_to(PACKAGE)}: {text}" for path in sources() for _, text in asking(path.read_text())]
    assert sorted(set(found) - ALLOWED.keys()) == [], "let the kind of data, the problem or the lane answer"
    assert sorted(found) == sorted(ALLOWED)
    assert len(found) <= 12


def test_asking_in_other_ways_is_noticed() -> None:
    source = """
if session.initial.training.race: pass
title = lane.name if len(self.lanes) > 1 else ""
surface = None if scenario.data.function is None else 1
rows = [row for row in rows if isinstance(lane, SurfaceLane)]
assert scenario.data.kind != SURFACE.name
chosen = opened.lanes and not run.trained
while task(scenario.data) == "none": pass
rules = training["race"] or bool(opened.lanes)
"""
    assert [line for line, _ in asking(source)] == [2, 3, 4, 5, 6, 7, 7, 8, 9, 9]


def sources() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def asking(source: str) -> list[tuple[int, str]]:
    """The conditions that ask, each with its line."""
    found = (leaf for condition in conditions(ast.parse(source)) for leaf in leaves(condition))
    unique = {(leaf.lineno, leaf.col_offset): ast.unparse(leaf) for leaf in found}
    return [(line, text) for (line, _), text in sorted(unique.items()) if ASKS.search(text)]


def conditions(tree: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        match node:
            case ast.If() | ast.IfExp() | ast.While() | ast.Assert():
                yield node.test
            case ast.comprehension():
                yield from node.ifs
            case ast.BoolOp():
                yield from node.values[:-1]
            case ast.UnaryOp(op=ast.Not()):
                yield node.operand
            case ast.Match():
                yield node.subject
            case ast.Call(func=ast.Name(id="bool"), args=[asked]):
                yield asked
            case ast.Compare():
                yield node


def leaves(condition: ast.expr) -> Iterator[ast.expr]:
    """What a condition is made of by `and`, `or` and `not`."""
    match condition:
        case ast.BoolOp():
            for value in condition.values:
                yield from leaves(value)
        case ast.UnaryOp(op=ast.Not()):
            yield from leaves(condition.operand)
        case _:
            yield condition
