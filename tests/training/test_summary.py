"""What a run came to, and whether that is what was expected of it."""

import hashlib
import math
from typing import Any

import msgspec
import numpy as np
import pytest

from nn_tui.scenario.schema import Expectation
from nn_tui.training.run.session import Session, Status, Stop
from nn_tui.training.summary import Summary, digest, judge, summarize
from tests.training.runs import session, steps, trainer

NAN, INF = math.nan, math.inf


@pytest.mark.parametrize(
    ("bounds", "found", "met"),
    [
        ({"at_least": 0.9}, 0.9, True),
        ({"at_least": 0.9}, 0.8999999, False),
        ({"at_most": 0.1}, 0.1, True),
        ({"at_most": 0.1}, 0.1000001, False),
        ({"at_least": 0.2, "at_most": 0.3}, 0.2, True),
        ({"at_least": 0.2, "at_most": 0.3}, 0.3, True),
        ({"at_least": 0.2, "at_most": 0.3}, 0.31, False),
        ({"at_least": 0.2, "at_most": 0.3}, 0.19, False),
        ({"equals": 3}, 3.0, True),
        ({"equals": 3.0}, 4.0, False),
        ({"at_least": 0.0}, NAN, False),
        ({"at_most": 1e300}, NAN, False),
        ({"equals": 0}, NAN, False),
        ({"at_least": 1e6}, INF, True),
        ({"at_most": 1e300}, INF, False),
        ({"at_least": 0.0}, None, False),
        ({"equals": 0}, None, False),
    ],
)
def test_bounds_are_part_of_what_will_do_and_nan_never_does(bounds: dict[str, float], found: Any, met: bool) -> None:
    result = judge(Expectation(metric="train.loss", **bounds), {"train.loss": found})
    assert result.met is met
    assert result.metric == "train.loss"


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        ({"at_least": 0.95}, "≥ 0.95"),
        ({"at_most": 1e-3}, "≤ 0.001"),
        ({"at_least": 0.1, "at_most": 0.2}, "≥ 0.1 and ≤ 0.2"),
        ({"equals": "finished"}, "= finished"),
        ({"equals": 2.0}, "= 2"),
    ],
)
def test_what_was_wanted_is_put_in_words(bounds: dict[str, Any], words: str) -> None:
    assert judge(Expectation(metric="m", **bounds), {}).wanted == words


@pytest.mark.parametrize(("metric", "value"), [("status", "diverged"), ("digest", "sha256:" + "0" * 64)])
def test_texts_are_compared_as_they_stand(metric: str, value: str) -> None:
    expectation = Expectation(metric=metric, equals=value)
    assert judge(expectation, {metric: value}).met
    assert not judge(expectation, {metric: value.upper()}).met
    assert not judge(expectation, {}).met


def summary(status: str, *expectations: tuple[str, bool]) -> Summary:
    """One of a run that ended so, with expectations met or missed."""
    found = [
        {"metric": metric, "wanted": "", "found": None, "met": met, "expected": None} for metric, met in expectations
    ]
    base = msgspec.to_builtins(summarize(session(training={"steps": 0}), 1.0))
    return msgspec.convert(base | {"status": status, "expectations": found}, Summary)


@pytest.mark.parametrize(
    ("end", "passed"),
    [
        (("finished",), True),
        (("finished", ("train.loss", True)), True),
        (("finished", ("train.loss", True), ("digest", False)), False),
        (("finished", ("status", False)), False),
        (("diverged",), False),
        (("diverged", ("train.loss", True)), False),
        (("diverged", ("status", True)), True),
        (("diverged", ("status", True), ("train.loss", False)), False),
        (("interrupted",), True),
    ],
)
def test_a_run_passes_if_it_ends_as_expected(end: tuple[Any, ...], passed: bool) -> None:
    assert summary(*end).passed is passed


def test_a_summary_holds_what_the_end_of_the_run_shows() -> None:
    run = session()
    run.run()
    seen = summarize(run, 2.0)
    train, test = run.trainer.lead.score("train"), run.trainer.lead.score("test")
    assert train is not None
    assert test is not None
    assert seen.train.items() >= {"loss": train.loss, "accuracy": train.quality}.items()
    assert seen.test.items() >= {"loss": test.loss, "accuracy": test.quality}.items()
    assert seen.test.keys() == {"loss", "accuracy", "balanced_accuracy", "precision", "recall", "f1"}
    assert (seen.steps, seen.epochs, seen.steps_per_second) == (60, 20, 30.0)
    last = run.history.last()
    for layer, dense in zip(seen.layers, run.trainer.lead.network.layers, strict=True):
        assert layer.units == dense.units
        assert layer.weight_norm == pytest.approx(np.linalg.norm(dense.weight), rel=1e-5)
        assert layer.gradient_norm == last[f"{layer.name}.gradient_norm"]


def test_expectations_are_judged_at_the_scenarios_own_end_only() -> None:
    expect = [{"metric": "train.loss", "at_least": 0}, {"metric": "dead_units.2", "at_most": 5}]
    whole = session(expect=expect)
    whole.run()
    assert [result.met for result in summarize(whole, 1.0).expectations] == [True, True]
    stopped = Session(trainer(expect=expect), stop=Stop(steps=59))
    stopped.run()
    assert stopped.status is Status.FINISHED
    assert summarize(stopped, 1.0).expectations == ()
    interrupted = session(expect=expect)
    steps(interrupted, 5)
    interrupted.interrupt()
    assert summarize(interrupted, 1.0).expectations == ()


def test_dead_units_are_counted_layer_by_layer_and_in_all() -> None:
    wanted = {"dead_units": 3, "dead_units.1": 2, "dead_units.2": 1}
    run = session(training={"steps": 0}, expect=[{"metric": m, "equals": n} for m, n in wanted.items()])
    for layer, units in zip(run.trainer.lead.network.layers, ((1, 4), (2,)), strict=False):
        # All units positive, but for those.
        np.abs(layer.weight, out=layer.weight)
        layer.bias[:] = 10.0
        layer.bias[list(units)] = -1e3
    assert [result.found for result in summarize(run, 1.0).expectations] == [3.0, 2.0, 1.0]
    assert summarize(run, 1.0).passed


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_digest_is_of_the_bytes_of_all_parameters(dtype: str) -> None:
    run = trainer(training={"dtype": dtype})
    parameters = run.lead.network.parameters
    parameters[:] = np.arange(parameters.size)
    little_endian = np.arange(parameters.size, dtype="<f4" if dtype == "float32" else "<f8")
    before = digest(run.vectors)
    assert before == "sha256:" + hashlib.sha256(little_endian.tobytes()).hexdigest()
    parameters[-1] = np.nextafter(parameters[-1], np.inf, dtype=dtype)
    assert digest(run.vectors) != before


def test_a_diverged_summary_is_json() -> None:
    run = session(training={"loss": "mse", "optimizer": {"name": "sgd", "lr": 100}}, network={"output": "identity"})
    run.trainer.lead.network.layers[-1].bias[:] = 1e25
    run.run()
    text = msgspec.json.encode(summarize(run, 1.0)).decode()
    assert '"status":"diverged"' in text
    assert "NaN" not in text
    assert "Infinity" not in text
