"""The process in which the lab has remedies tried."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec

from nn_tui.scenario import catalogue, overrides
from nn_tui.scenario.reading import load
from nn_tui.scenario.writing import dumps
from nn_tui.training.child_environment import module_path
from nn_tui.training.diagnosis.doctor import visit
from nn_tui.training.diagnosis.report import Report


def test_trials_end_with_whoever_asked_for_them_however_that_one_went() -> None:
    text = dumps(load(catalogue.find("spiral"))).encode()
    reading, writing = os.pipe()
    with subprocess.Popen(
        [sys.executable, "-m", "nn_tui.training.diagnosis"], stdin=reading, stdout=subprocess.PIPE
    ) as process:
        os.close(reading)
        os.write(writing, b"%d\n" % len(text) + text)
        assert process.stdout is not None
        assert process.stdout.readline().startswith(b"{")
        # All a killed program leaves behind is that its end of the pipe is closed.
        os.close(writing)
        assert process.wait(60) == 1


def test_the_lab_finds_what_the_shell_finds() -> None:
    small = {"training.epochs": 6, "data.samples": 60, "training.optimizer.lr": 1e-5}
    scenario = overrides.apply(load(catalogue.find("moons")), small)
    text = dumps(scenario).encode()
    with subprocess.Popen(
        [sys.executable, "-m", "nn_tui.training.diagnosis"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"%d\n" % len(text) + text)
        process.stdin.flush()
        lines = []
        for line in process.stdout:
            if not line.strip():
                # It asks how far the running net is: it does not run.
                process.stdin.write(b"0\n")
                process.stdin.flush()
            else:
                lines.append(line)
    found = msgspec.json.decode(lines[-1], type=Report)
    shown = visit(scenario, processes=2)
    assert shown.verdict == "ill"
    assert msgspec.structs.replace(found, seconds=0.0) == msgspec.structs.replace(shown, seconds=0.0)


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
