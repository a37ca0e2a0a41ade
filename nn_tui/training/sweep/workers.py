"""Who runs the trials: processes of this machine, or the workers of a Dask cluster; an executor in either case."""

import logging
import os
import re
import signal
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from types import TracebackType
from typing import Any, Protocol, Self

from threadpoolctl import threadpool_limits

from nn_tui.scenario.errors import ScenarioError
from nn_tui.training.child_environment import ONE_THREAD
from nn_tui.training.run.loading import remember_datasets
from nn_tui.training.run.parenthood import end_pool, end_with_parent, interrupts_held
from nn_tui.training.sweep.work import Done, Task, forget_tables, run_task
from nn_tui.version import __version__

_NICE = 10
"""So that a lab beside a sweep is as quick as without."""
_CONNECT_SECONDS = 5
_ADDRESS = re.compile(r"([a-z]+://)?([\w.-]+|\[[0-9a-fA-F:.]+\]):[0-9]{1,5}")


class WorkerError(ScenarioError):
    """Workers that are not there or cannot be used; the message is for people."""

    elsewhere = True


class Workers(Protocol):
    """Who tasks are given to.

    Attributes:
        count: how many tasks they can run at once.
    """

    count: int

    def submit(self, task: Task) -> "Future[Done]":
        """Hands a task over."""
        ...

    def renew(self) -> None:
        """After a worker has died and taken the others with it, gets new ones.

        Raises:
            WorkerError: where that cannot be done.
        """
        ...

    def end(self) -> None:
        """Gives up what is running."""
        ...


MOST_WORKERS = 1024
"""Processes that may be asked for."""


class LocalWorkers:
    """Processes of this machine, with one thread of linear algebra each, at a lower priority; a context manager."""

    def __init__(self, count: int | None = None) -> None:
        """
        Args:
            count: how many; as many as there are processors to run on if not given.
        """
        self.count = count or available()
        self._before: dict[str, str | None] = {}
        self._executor = self._new()
        self._ended = False

    def _new(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self.count, mp_context=get_context("spawn"), initializer=_make_ready)

    def __enter__(self) -> Self:
        # Inherited by the processes, whose libraries read it as they are loaded.
        self._before = {name: os.environ.get(name) for name in ONE_THREAD}
        os.environ.update(ONE_THREAD)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._executor.shutdown(wait=True, cancel_futures=True)
                self._ended = True
        finally:
            if not self._ended:
                self.end()
        for name, value in self._before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value

    def submit(self, task: Task) -> "Future[Done]":
        """Hands a task to the pool."""
        with interrupts_held():
            return self._executor.submit(run_task, task)

    def renew(self) -> None:
        """Starts another pool."""
        self._executor.shutdown(wait=False, cancel_futures=True)
        self._executor = self._new()

    def end(self) -> None:
        """Ends the processes, in the middle of their trials."""
        end_pool(self._executor)


def available() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _make_ready() -> None:
    """In a process of the pool, before its first task."""
    end_with_parent()
    remember_datasets(True)
    threadpool_limits(1)
    if hasattr(os, "nice"):
        with suppress(OSError):
            os.nice(_NICE)
    # Ctrl-C reaches all processes of a terminal; it is this program's to say what becomes of them.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class ClusterWorkers:
    """The workers of a running Dask cluster; a context manager."""

    def __init__(self, address: str) -> None:
        """
        Args:
            address: of its scheduler, such as tcp://host:8786.

        Raises:
            WorkerError: without the extra `cluster`, for a scheduler that cannot be reached or has no workers, or for
                workers with another version of this program.
        """
        try:
            from distributed import Client
        except ImportError:
            raise WorkerError("--cluster needs Dask: pip install 'nn-tui[cluster]'") from None
        # Dask's client, given what is no address, complains for itself as it goes.
        if _ADDRESS.fullmatch(address) is None:
            raise WorkerError(f"--cluster {address}: expected a scheduler's address, such as tcp://host:8786")
        connect: Any = Client
        # What it has to complain of is told as the error it comes to.
        for name in [name for name in logging.root.manager.loggerDict if name.partition(".")[0] == "distributed"]:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        try:
            self._client = connect(address, timeout=_CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise WorkerError(f"--cluster {address}: no scheduler answers there ({reason[:200]})") from None
        try:
            check_versions(self._client, address)
            self.count = sum(self._client.nthreads().values())
            if not self.count:
                raise WorkerError(
                    f"--cluster {address}: the scheduler has no workers; start some: dask worker {address}"
                )
        except BaseException:
            self._client.close()
            raise
        # A worker that goes costs the trial's time: Dask gives it to another.
        self._executor = self._client.get_executor(pure=False, retries=2)
        self._sent: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()
        if self._sent and not self._is_gone:
            # Whatever has become of the cluster, the sweep has ended.
            with suppress(Exception):
                self._client.run(forget_tables, sorted(self._sent), on_error="ignore")
        self._client.close()

    def submit(self, task: Task) -> "Future[Done]":
        """Hands a task to the scheduler."""
        try:
            self.count = max(1, sum(self._client.nthreads().values()))
            self._sent |= task.tables.keys()
            future: Future[Done] = self._executor.submit(run_task, task)
        except OSError:
            raise self._lost() from None
        return future

    def renew(self) -> None:
        """A cluster's workers are its own."""
        raise self._lost()

    @property
    def _is_gone(self) -> bool:
        """Whether the scheduler is; the client takes a moment to notice by itself, so it is asked something."""
        if self._client.status == "running":
            with suppress(OSError):
                self._client.nthreads()
                return False
        return True

    def _lost(self) -> WorkerError:
        why = "its scheduler is gone" if self._is_gone else "its workers died too often"
        return WorkerError(
            f"the cluster has given up: {why}; the same command goes on with the rest, there or elsewhere"
        )

    def end(self) -> None:
        """Cancels what is still to be done."""
        self._executor.shutdown(wait=False)


def check_versions(client: Any, address: str) -> None:
    """Refuses a cluster whose workers have another version of this program.

    Raises:
        WorkerError: with the names of those workers.
    """
    try:
        found: dict[str, Any] = client.run(version_here, on_error="return")
    except Exception as error:
        raise WorkerError(f"--cluster {address}: its workers cannot be asked for their version ({error})") from None
    for worker, version in sorted(found.items()):
        if isinstance(version, Exception):
            raise WorkerError(f"--cluster {address}: worker {worker} has no nn-tui {__version__} ({version})")
        if version != __version__:
            raise WorkerError(f"--cluster {address}: worker {worker} has nn-tui {version}, this is {__version__}")


def version_here() -> str:
    """This process's version."""
    return __version__
