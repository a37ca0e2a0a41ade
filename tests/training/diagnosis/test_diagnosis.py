"""The diagnosis: it names what is there, keeps quiet where all is well, and what it says can be acted on."""

from pathlib import Path

import pytest

import nn_tui
from nn_tui.numerals import numeral
from nn_tui.training.diagnosis.diagnose import RULES
from tests.training.diagnosis.cases import Case, cases

LEAST_FOUND = 0.95
MOST_ALARMS = 0.02


def findings(case: Case):
    return nn_tui.replay("xor", case.changes).summary.findings


def _summary(title: str, wrong: list[str], total: int) -> str:
    return f"{title}: {len(wrong)} of {total}" + "".join(f"\n  {line}" for line in wrong)


def test_finds_what_is_there_raises_no_false_alarm_and_says_nothing_contrary(capsys):
    # One test, so that they are drawn and trained once.
    drawn = [(case, findings(case)) for case in cases()]
    ill = [(case, found) for case, found in drawn if case.kinds]
    healthy = [(case, found) for case, found in drawn if not case.kinds]
    missed = [
        f"{case.name}: found {[entry.kind for entry in found]}"
        for case, found in ill
        if not case.kinds & {entry.kind for entry in found}
    ]
    alarms = [
        f"{case.name}: {[entry.kind for entry in found if entry.ill]}"
        for case, found in healthy
        if any(entry.ill for entry in found)
    ]
    with capsys.disabled():
        print()
        print(_summary("diagnosis: illnesses missed", missed, len(ill)))
        print(_summary("diagnosis: false alarms", alarms, len(healthy)))
    assert len(drawn) >= 100
    assert len(missed) <= (1.0 - LEAST_FOUND) * len(ill)
    assert len(alarms) <= MOST_ALARMS * len(healthy)
    for case, found in drawn:
        for finding in found:
            assert not case.name.startswith(CONTRARY.get(finding.kind, ())), (case.name, finding.title)
    told_whole(drawn)


CONTRARY = {
    "rate-too-low": ("too fast", "dying", "diverging", "exploding", "overfitting", "symmetric"),
    "rate-too-high": ("too slow", "underfitting", "symmetric", "overfitting"),
    "overfitting": ("too slow", "underfitting", "symmetric"),
    "underfitting": ("overfitting", "too slow", "vanishing", "dying"),
    "converged": ("too slow", "underfitting", "symmetric", "vanishing", "diverging"),
}
"""What would be plainly wrong to say of a kind of illness."""


def told_whole(drawn):
    """Every finding gives evidence, rule and source, and no remedy that was not tried."""
    for _, found in drawn:
        for finding in found:
            assert finding.kind in RULES
            assert finding.rule == RULES[finding.kind].statement
            assert finding.source
            assert finding.evidence.endswith(".")
            assert any(character.isdigit() for character in finding.evidence)
            assert not finding.tried
            assert not finding.remedies


SCENARIOS = {
    "and": set(),
    "circle": set(),
    "gauss": set(),
    "line": set(),
    "moons": set(),
    "plane": set(),
    "sine": set(),
    "spiral": set(),
    "xor": set(),
    "mse-behind-sigmoid": {"saturation"},
    "rate-too-high": {"diverged"},
    "rate-too-low": {"rate-too-low"},
    "sine-overfit": {"overfitting"},
    "xor-one-neuron": {"underfitting"},
}
"""What the catalogue's scenarios are about; empty where nothing is wrong."""


@pytest.mark.parametrize("name", SCENARIOS)
def test_names_what_a_scenario_of_the_catalogue_is_about(name):
    found = {finding.kind for finding in nn_tui.replay(name).summary.findings if finding.ill}
    assert SCENARIOS[name] <= found
    if not SCENARIOS[name]:
        assert not found


def test_says_where_and_when_a_run_diverged():
    summary = nn_tui.replay("rate-too-high").summary
    finding = next(entry for entry in summary.findings if entry.kind == "diverged")
    assert finding.since == summary.steps + 1
    assert f"step {finding.since}" in finding.evidence


def test_says_since_when_the_test_loss_has_been_rising():
    run = nn_tui.replay("sine-overfit")
    finding = next(entry for entry in run.summary.findings if entry.kind == "overfitting")
    best = run.history["step"][run.history["test.loss"].argmin()]
    assert finding.since == best
    assert f"lowest at step {int(best)} ({numeral(run.history['test.loss'].min())})" in finding.evidence


@pytest.mark.parametrize("name", ["dying-relu", "saturated-sigmoid"])
def test_since_when_units_are_dead_or_saturated_does_not_depend_on_how_far_the_run_has_come(name: str) -> None:
    told = set()
    for steps in (60, 150, 400):
        summary = nn_tui.replay(name, {"training.steps": steps}).summary
        told |= {(one.kind, one.since) for one in summary.findings if one.kind in ("dead-units", "saturation")}
    assert len(told) == 1


def test_looking_for_illnesses_does_not_change_the_run(tmp_path: Path):
    record = tmp_path / "record.toml"
    from nn_tui.training.replay import Outputs

    first = nn_tui.replay("xor", outputs=Outputs(record=record)).summary.digest
    assert nn_tui.replay(record).summary.digest == first


def test_a_run_of_no_steps_has_no_course_to_judge():
    assert not nn_tui.replay("xor", {"training.steps": 0}).summary.findings
