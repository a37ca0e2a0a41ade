"""A race of networks is diagnosed lane by lane: each finding says whose it is, and rests on rows of that lane."""

import nn_tui
from nn_tui.scenario.reading import from_mapping
from nn_tui.scenario.schema import Scenario
from nn_tui.training.diagnosis.doctor import visit
from nn_tui.training.diagnosis.evidence import gather
from nn_tui.training.diagnosis.findings import findings
from nn_tui.training.diagnosis.prescribing import cured
from nn_tui.training.diagnosis.report import Report
from nn_tui.training.diagnosis.underway import Underway
from nn_tui.training.run.session import Session
from nn_tui.training.run.start import begin


def race(*lanes: object, kind: str = "xor") -> Scenario:
    return from_mapping(
        {
            "title": "race",
            "data": {"kind": kind, "noise": 0.1},
            "network": {"hidden": [6, 4]},
            "training": {"epochs": 40, "race": list(lanes)},
        }
    )


CRAWLS = {"name": "sgd", "lr": 1e-7}
LEARNS = {"name": "adam", "lr": 0.02}
ZEROS = {"network.init": "zeros"}
DIES = {"name": "sgd", "lr": 500.0, "network.activation": "relu", "network.init": "he"}


def named(scenario: Scenario) -> list[tuple[str, str]]:
    return [(finding.lane, finding.kind) for finding in nn_tui.replay(scenario).summary.findings]


def test_what_is_wrong_with_a_lane_is_said_with_its_name() -> None:
    found = nn_tui.replay(race(LEARNS, CRAWLS, ZEROS)).summary.findings
    ill = [(finding.lane, finding.kind) for finding in found if finding.ill]
    assert ill == [("sgd", "rate-too-low"), ("zeros", "symmetry")]
    assert next(finding.title for finding in found if finding.ill) == "sgd: The rate is too low"


def test_a_run_by_itself_has_findings_without_a_name() -> None:
    (found,) = nn_tui.replay(race(CRAWLS)).summary.findings
    assert (found.lane, found.title) == ("", "The rate is too low")


def test_the_first_lane_is_named_too() -> None:
    assert ("sgd", "rate-too-low") in named(race(CRAWLS, LEARNS))


def test_a_lane_that_diverges_is_said_to_have_and_where_whatever_its_place_in_the_race() -> None:
    for lanes in ((LEARNS, DIES), (DIES, LEARNS)):
        run = nn_tui.replay(race(*lanes, kind="sine"))
        lost = next(lane for lane in run.summary.race if lane.diverged_at is not None)
        (found,) = (finding for finding in run.summary.findings if finding.kind == "diverged")
        assert (found.lane, found.since) == (lost.name, lost.diverged_at)
        assert found.layer


def test_the_rows_of_a_lane_are_those_of_its_own_run_as_far_as_it_came() -> None:
    session = Session(begin(race(LEARNS, DIES, kind="sine")))
    session.run()
    alone = Session(begin(race(DIES, kind="sine")), every=1)
    alone.run()
    own, rows = session.history.beside[0], alone.rows
    shared = [number for number, step in enumerate(rows["step"]) if step in own["step"]]
    assert len(shared) == len(own)
    assert own["step"][-1] == session.trainer.lanes[1].taken
    for column in ("epoch", "layer 1.weight_norm", "train.samples"):
        assert (own[column] == rows[column][shared]).all()


def test_going_back_and_on_again_finds_the_same_in_every_lane() -> None:
    session = Session(begin(race(LEARNS, CRAWLS, DIES, kind="sine")), rewindable=True)
    session.run()
    found, last = findings(session), gather(session, 1).recent["layer 1.gradient_norm"]
    session.rewind(120)
    session.run()
    assert findings(session) == found
    assert (gather(session, 1).recent["layer 1.gradient_norm"] == last).all()


def test_the_doctor_names_the_lane_from_its_first_report_on() -> None:
    told: list[Report] = []
    report = visit(race(CRAWLS, LEARNS), budget=0.5, seeds=1, on_report=told.append)
    assert {one.lane for one in [*told, report]} == {"sgd"}
    assert [other.lane for other in report.others] == ["adam"]
    assert cured(race(CRAWLS, LEARNS), report).training.race == ()


def test_the_doctor_tells_of_each_trial_as_it_begins_and_how_much_of_the_work_is_done() -> None:
    told: list[Underway] = []
    report = visit(race(CRAWLS, LEARNS), budget=0.5, seeds=2, on_trial=told.append)
    assert [one.number for one in told] == [
        number for alone in (report, *report.others) for number in range(1, len(alone.trials) + 1)
    ]
    assert (told[0].text, told[0].share) == ("the run as it is", 0.0)
    assert f"the run as it is, with seed {race(CRAWLS).training.seed + 1}" in [one.text for one in told]
    shares = [one.share for one in told]
    assert shares == sorted(shares)
    assert 0.5 <= told[len(report.trials)].share < told[-1].share <= 1.0


def test_a_race_has_the_rows_and_the_findings_of_its_first_lane_by_itself() -> None:
    both, alone = nn_tui.replay(race(CRAWLS, LEARNS)), nn_tui.replay(race(CRAWLS))
    assert (both.history["step"] == alone.history["step"]).all()
    (first,) = (finding for finding in both.summary.findings if finding.lane == "sgd")
    (only,) = alone.summary.findings
    assert (first.evidence, first.since, first.numbers) == (only.evidence, only.since, only.numbers)
