"""A pool's processes end when they are told to, however often Ctrl-C is pressed meanwhile."""

import multiprocessing
import signal
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.process import BaseProcess

import pytest

from nn_tui.training.diagnosis.trials import bench
from nn_tui.training.run.parenthood import end_pool
from nn_tui.training.sweep import workers
from tests.patience import PATIENCE


def wait_for_ever() -> None:
    threading.Event().wait()


class Pressed(ProcessPoolExecutor):
    """A pool whose shutting down takes so long that Ctrl-C is pressed once more."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        assert not wait
        signal.raise_signal(signal.SIGINT)
        super().shutdown(wait, cancel_futures=cancel_futures)


@pytest.fixture
def pool() -> ProcessPoolExecutor:
    pool = Pressed(1, mp_context=multiprocessing.get_context("spawn"))
    assert pool.submit(int, "3").result(PATIENCE) == 3
    pool.submit(wait_for_ever)
    return pool


def processes_of(pool: ProcessPoolExecutor) -> list[BaseProcess]:
    processes: list[BaseProcess] = list(pool._processes.values())
    assert processes
    return processes


def wait_for_end(processes: list[BaseProcess]) -> None:
    """A process that the pool's own thread is just taking note of still counts as alive for a moment."""
    end = time.monotonic() + PATIENCE
    while any(process.is_alive() for process in processes):
        assert time.monotonic() < end, "a process goes on"
        time.sleep(0.01)


def test_it_ends_in_the_middle_of_a_task(pool: ProcessPoolExecutor) -> None:
    processes = processes_of(pool)
    end_pool(pool)
    wait_for_end(processes)
    assert signal.getsignal(signal.SIGINT) is not signal.SIG_IGN


def test_a_visit_and_a_sweep_that_are_interrupted_end_theirs(pool: ProcessPoolExecutor) -> None:
    visit = bench.Bench.__new__(bench.Bench)
    visit._pool = pool
    processes = processes_of(pool)
    visit.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)
    sweep = workers.LocalWorkers(1)
    sweep.__enter__()
    sweep._executor.submit(wait_for_ever)
    processes += processes_of(sweep._executor)
    sweep.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)
    wait_for_end(processes)
