"""The process in which the lab has remedies tried."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from nn_tui.scenario import catalogue, overrides
from nn_tui.scenario.reading import load
from nn_tui.scenario.writing import dumps
from nn_tui.training.child_environment import module_path
from nn_tui.training.diagnosis.doctor import visit
from nn_tui.training.diagnosis.underway import Underway
from nn_tui.training.run.loading import load_dataset
from nn_tui.training.run.problems.network_problem import NetworkProblem
from nn_tui.training.run.session import Session
from nn_tui.training.run.trainer import Trainer
from nn_tui.training.worker.examination import Examination

SMALL = {"training.epochs": 6, "data.samples": 60, "training.optimizer.lr": 1e-5}


def test_trials_end_with_whoever_asked_for_them_however_that_one_went() -> None:
    text = dumps(overrides.apply(load(catalogue.find("moons")), SMALL)).encode()
    reading, writing = os.pipe()
    with subprocess.Popen(
        [sys.executable, "-m", "nn_tui.training.diagnosis"], stdin=reading, stdout=subprocess.PIPE
    ) as process:
        os.close(reading)
        os.write(writing, b"%d\n" % len(text) + text)
        assert process.stdout is not None
        said = process.stdout.readline()
        assert msgspec.json.decode(said, type=Underway) == Underway(number=1, text="the run as it is", share=0.0)
        # What it says of how far it is begins with a blank, an answer does not.
        while said.startswith(b" "):
            said = process.stdout.readline()
        assert said.startswith(b"{")
        # All a killed program leaves behind is that its end of the pipe is closed.
        os.close(writing)
        assert process.wait(60) == 1


def test_what_is_said_before_a_process_has_read_what_it_is_asked_reaches_it() -> None:
    program = """
from nn_tui.training import errand
print(errand.asked().decode(), errand.ask(), errand._MAY_WORK.is_set(), flush=True)
"""
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"7\nrequestbusy\n12\n")
        process.stdin.flush()
        assert process.stdout.readline() == b"\n"
        assert process.stdout.readline().split() == [b"request", b"12", b"False"]


def test_the_lab_finds_what_the_shell_finds_and_tries_on_the_running_net_what_it_can_take() -> None:
    # One unit is too few as well, which only a reset can change.
    scenario = overrides.apply(load(catalogue.find("moons")), SMALL | {"network.hidden": [1]})
    session = Session(Trainer(scenario, NetworkProblem(load_dataset(scenario))))
    examination = Examination()
    examination.follow(1, session, is_moving=True)
    while session.trainer.steps < 5:
        session.advance()
    while not (seen := examination.seen()) or not seen.done:
        examination.follow(1, session, is_moving=False)
        time.sleep(0.02)
    shown = visit(scenario, processes=2)
    assert seen.verdict == shown.verdict == "ill"
    assert [finding.kind for finding in seen.findings] == [finding.kind for finding in shown.findings]
    remedies, others = (
        [one for finding in found for one in finding.remedies] for found in (seen.findings, shown.findings)
    )
    assert [one.changes for one in remedies] == [one.changes for one in others]
    assert {one.from_step for one in remedies} == {5, None}
    # What is offered in the form in which it won from the start is the shell's, to the last bit.
    assert [one for one in remedies if one.from_step is None] == [
        other for one, other in zip(remedies, others, strict=True) if one.from_step is None
    ]
    for remedy, course in zip(remedies, seen.courses, strict=True):
        assert course.columns["test.accuracy"][-1] == remedy.after


def test_processes_of_a_pool_end_with_the_program_that_started_them_also_where_it_was_killed() -> None:
    program = """
import multiprocessing, os, sys, time
from concurrent.futures import ProcessPoolExecutor
from nn_tui.training.run.parenthood import end_with_parent
if __name__ == "__main__":
    pool = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"), initializer=end_with_parent)
    print(pool.submit(os.getpid).result(), flush=True)
    time.sleep(600)
"""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "program.py"
        script.write_text(program)
        environment = os.environ | {"PYTHONPATH": module_path()}
        with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, env=environment) as process:
            assert process.stdout is not None
            assert int(process.stdout.readline()) > 0
            process.kill()
            # Its process holds the other end of this pipe until it has ended.
            assert process.stdout.read() == b""
