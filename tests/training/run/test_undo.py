"""What was done by hand is taken back and brought back, bit for bit; trace and answers as the lab asks for them."""

from collections.abc import Iterator

import numpy as np
import pytest
from msgspec import structs

from nn_tui.scenario import catalogue
from nn_tui.scenario.reading import load
from nn_tui.scenario.schema import HandWeight
from nn_tui.training.kept.thin_history import ThinHistory
from nn_tui.training.run.session import Session
from nn_tui.training.run.start import begin
from nn_tui.training.worker.messages import (
    Advance,
    Apply,
    Frame,
    Look,
    Open,
    Opened,
    Redo,
    Refused,
    Rewind,
    SetWeights,
    TraceChoice,
    Undo,
)
from tests.training.worker.lab import Worker, xor

FASTER = Apply(values={"training.optimizer.lr": 0.05})


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = Worker()
    yield worker
    worker.close()


def take(worker: Worker, steps: int) -> Frame:
    worker.send(Advance(steps=steps))
    return worker.look_until_still()


def test_a_live_change_goes_with_what_followed_and_comes_back_with_it(worker: Worker) -> None:
    worker.open(xor())
    before = take(worker, 20)
    worker.send(FASTER)
    after = take(worker, 100)
    assert after.undo == "lr 0.01 → 0.05"
    worker.send(Undo(run=2))
    back = worker.look()
    assert (back.step, back.digest, back.marks) == (20, before.digest, ())
    assert back.scenario == before.scenario
    assert (back.undo, back.redo) == ("", "lr 0.01 → 0.05")
    # The course that was left stays to be seen, and once it is back the other one does.
    assert (worker.left[0].since, worker.left[0].number) == (20, 0)
    assert ThinHistory.unpack(worker.left[0].history).steps[-1] == 120
    take(worker, 7)
    worker.send(Redo(run=3))
    again = worker.look()
    assert (again.step, again.digest, again.marks) == (120, after.digest, after.marks)
    assert worker.left[1].since == 20
    assert ThinHistory.unpack(worker.left[1].history).steps[-1] == 27
    worker.send(Rewind(step=60))
    worker.look_until_still()
    assert take(worker, 60).digest == after.digest


def test_one_after_the_other_and_also_without_a_step_between_them(worker: Worker) -> None:
    worker.open(xor())
    first = take(worker, 5)
    worker.send(FASTER, Apply(values={"training.batch_size": 4}), SetWeights(weights=(_hand(3.0),)))
    assert worker.look().digest != first.digest
    for _ in range(3):
        worker.send(Undo(run=2))
    assert (worker.look().digest, worker.look().scenario) == (first.digest, first.scenario)
    assert "nothing to undo" in worker.refusal(Undo(run=2)).problem
    for _ in range(3):
        worker.send(Redo(run=2))
    frame = worker.look()
    assert frame.scenario.training.batch_size == 4
    assert frame.marks[-1].text == "layer 1 unit 2 bias = 3"
    assert "nothing to redo" in worker.refusal(Redo(run=2)).problem


def _hand(value: float) -> HandWeight:
    return HandWeight(layer=1, unit=2, value=value)


def test_a_reset_and_another_scenario_bring_the_run_back_at_its_step(worker: Worker) -> None:
    worker.open(xor())
    worker.send(FASTER)
    there = take(worker, 50)
    other = structs.replace(xor(seed=9), title="another")
    worker.send(Open(run=2, scenario=other))
    worker.expect(Opened)
    assert take(worker, 3).undo == "another"
    worker.send(Undo(run=3))
    opened = worker.expect(Opened)
    assert (opened.run, opened.origin, opened.scenario.title) == (3, 1, "xor")
    back = worker.look()
    assert (back.run, back.step, back.digest, back.marks) == (3, 50, there.digest, there.marks)
    worker.send(Redo(run=4))
    assert worker.expect(Opened).origin == 2
    assert worker.look().step == 3
    worker.send(Undo(run=5))
    worker.expect(Opened)
    worker.send(Undo(run=6))
    assert worker.look().step == 0
    assert worker.look().scenario.training.optimizer.lr == 0.01


def test_a_reset_can_be_undone_also_after_a_rewind_of_the_run_that_it_began(worker: Worker) -> None:
    worker.open(xor())
    there = take(worker, 50)
    worker.send(Open(run=2, scenario=xor()))
    worker.expect(Opened)
    take(worker, 30)
    worker.send(FASTER, Rewind(step=20))
    frame = worker.look_until_still()
    # The change is forgotten with the steps, the reset is not.
    assert (frame.step, frame.undo) == (20, "reset")
    worker.send(Undo(run=3))
    back = worker.look_until_still()
    assert (back.step, back.digest) == (50, there.digest)


def test_what_a_run_that_was_brought_back_goes_back_beyond_is_forgotten(worker: Worker) -> None:
    worker.open(xor())
    take(worker, 30)
    worker.send(FASTER)
    take(worker, 20)
    worker.send(Open(run=2, scenario=xor(seed=9)))
    worker.expect(Opened)
    worker.send(Undo(run=3))
    worker.expect(Opened)
    worker.send(Rewind(step=10))
    assert worker.look_until_still().undo == ""


def test_a_refused_change_is_nothing_to_undo(worker: Worker) -> None:
    worker.open(xor())
    worker.refusal(Apply(values={"training.optimizer.lr": -1}))
    worker.refusal(SetWeights(weights=(HandWeight(layer=9, unit=1, value=0.0),)))
    assert worker.look().undo == ""


def test_a_trace_shows_the_parameter_and_sample_asked_for(worker: Worker) -> None:
    worker.open(xor())
    trace = worker.look("trace", trace=TraceChoice(layer=1, unit=2, input=1, sample=5)).trace
    assert trace is not None
    assert (trace.layer, trace.unit, trace.input, trace.sample) == (1, 2, 1, 5)
    assert [len(np.frombuffer(layer.delta)) for layer in trace.layers] == [4, 3, 1]
    assert {"forward", "loss", "backward", "gradient", "optimizer"} <= {formula.subject for formula in trace.formulas}
    beyond = worker.look("trace", trace=TraceChoice(layer=9, unit=9, input=9, sample=99_999)).trace
    assert beyond is not None
    assert (beyond.layer, beyond.unit, beyond.input) == (2, 0, 2)


def test_what_is_changed_while_the_run_stands_shows_at_once_in_all_that_is_seen(worker: Worker) -> None:
    worker.open(xor())
    take(worker, 20)
    before = worker.look("trace", "confusion")
    worker.send(Apply(values={"training.optimizer.lr": 0.5}))
    faster = worker.look("trace")
    assert faster.trace != before.trace
    assert faster.train == before.train
    worker.send(Apply(values={"network.activation": "exponential", "network.hidden.1.activation": "identity"}))
    other = worker.look("trace", "confusion", columns=("train.loss",))
    assert other.trace != faster.trace
    assert other.train.loss != before.train.loss
    assert other.open_end["train.loss"] == other.train.loss
    alone = Session(begin(xor()))
    while alone.trainer.steps < 20:
        alone.advance()
    alone.change({"training.optimizer.lr": 0.5})
    alone.change({"network.activation": "exponential", "network.hidden.1.activation": "identity"})
    assert other.train.loss == alone.trainer.lead.scores()["loss"]


def test_after_a_rewind_another_course_that_comes_to_the_same_step_has_its_own_digest(worker: Worker) -> None:
    worker.open(xor())
    there = take(worker, 50)
    worker.send(Rewind(step=20), Apply(values={"training.optimizer.lr": 0.5}), Advance(steps=30))
    frame = worker.look_until_still()
    assert frame.step == there.step
    assert frame.digest != there.digest


def test_looking_at_a_trace_changes_nothing(worker: Worker) -> None:
    worker.open(xor())
    plain = take(worker, 30).digest
    worker.open(xor())
    for _ in range(3):
        worker.look("trace", "answer", given=np.zeros(2).tobytes())
        take(worker, 10)
    assert worker.look().digest == plain


def test_a_surface_is_traced_too(worker: Worker) -> None:
    worker.open(load(catalogue.find("bowl")))
    trace = worker.look("trace").trace
    assert trace is not None
    assert [line.symbol for line in trace.formulas[1].lines] == ["∂f/∂x", "∂f/∂y"]


def test_a_point_given_by_hand_gets_the_probability_of_each_class(worker: Worker) -> None:
    worker.open(xor())
    take(worker, 300)
    for point, wanted in (((0.5, 0.5), 0), ((0.5, -0.5), 1)):
        answer = worker.look("answer", given=np.array(point).tobytes()).answer
        assert answer is not None
        outputs = np.frombuffer(answer.outputs)
        assert outputs.sum() == pytest.approx(1.0)
        assert outputs.argmax() == wanted
    assert worker.look("answer", given=b"").answer is None
    assert isinstance(worker.refusal(Look(parts=("answers",))), Refused)
