"""Tasks handed to workers and their outcomes taken back, a few at a time, whatever becomes of the workers."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait
from dataclasses import dataclass, field

from msgspec import structs

from nn_tui.training.kept.files import content_to_keep
from nn_tui.training.sweep.plan import SweepTrial
from nn_tui.training.sweep.work import Done, Task
from nn_tui.training.sweep.workers import WorkerError, Workers

_AHEAD = 3
"""Tasks handed over for each that can run, so that no worker waits for the next."""
_LOOK_SECONDS = 0.2
_MOST_DEATHS = 2
"""Workers that a trial may take with it while it runs alone."""


@dataclass
class _Waiting:
    """A trial that is still to be run."""

    trial: SweepTrial
    task: Task
    deaths: int = 0


@dataclass
class Dispatch:
    """Runs tasks.

    Attributes:
        workers: who they are given to.
        should_stop: asked now and then; what is running is then given up.
        tables: contents of tables that had to be sent along, by SHA-256.
    """

    workers: Workers
    should_stop: Callable[[], bool]
    tables: dict[str, bytes] = field(default_factory=dict)
    _running: "dict[Future[Done], _Waiting]" = field(default_factory=dict)
    _suspects: "deque[_Waiting]" = field(default_factory=deque)

    def run(self, tasks: Iterable[tuple[SweepTrial, Task]]) -> Iterator[tuple[SweepTrial, Done]]:
        """Runs tasks, and gives what came of each as it comes, in any order.

        Args:
            tasks: taken one by one, as there is somebody to run them.

        Raises:
            WorkerError: where the workers cannot be used, or are gone for good.
        """
        fresh, waiting = iter(tasks), deque[_Waiting]()
        while True:
            if self.should_stop():
                self.workers.end()
                self._running.clear()
                self._suspects.clear()
                return
            try:
                self._hand_over(fresh, waiting)
                if not self._running:
                    return
                done, _ = wait(self._running, timeout=_LOOK_SECONDS, return_when=FIRST_COMPLETED)
            except BrokenExecutor:
                done = set(self._running)
            for future in done:
                one = self._running.pop(future, None)
                if one is not None and (outcome := self._outcome(one, future, waiting)) is not None:
                    yield one.trial, outcome

    def _hand_over(self, fresh: Iterator[tuple[SweepTrial, Task]], waiting: "deque[_Waiting]") -> None:
        """As many as can run and a few more; what has been beside a worker's death, one at a time."""
        if self._suspects:
            if not self._running:
                self._submit(self._suspects.popleft())
            return
        while len(self._running) < _AHEAD * self.workers.count:
            if waiting:
                self._submit(waiting.popleft())
            elif (new := next(fresh, None)) is not None:
                self._submit(_Waiting(*new))
            else:
                return

    def _submit(self, one: _Waiting) -> None:
        """
        Raises:
            BrokenExecutor: where a worker has died beside others that run; the task waits with those then.
        """
        sent = {file.sha256: self.tables[file.sha256] for file in one.task.files if file.sha256 in self.tables}
        task = structs.replace(one.task, tables=sent) if one.task.tables else one.task
        try:
            future = self.workers.submit(task)
        except BrokenExecutor:
            if self._running:
                self._suspects.append(one)
                raise
            # A process was killed while it had nothing to do.
            self.workers.renew()
            future = self.workers.submit(task)
        self._running[future] = one

    def _outcome(self, one: _Waiting, future: "Future[Done]", waiting: "deque[_Waiting]") -> Done | None:
        """What came of a task; None if it is to be run once more."""
        try:
            done = future.result()
        except (BrokenExecutor, CancelledError):
            return self._died(one)
        except Exception as error:
            return Done(error=f"{type(error).__name__}: {error}".splitlines()[0][:300])
        if done.refused:
            raise WorkerError(done.error)
        if done.missing:
            return self._send_along(one, done.missing, waiting)
        return done

    def _died(self, one: _Waiting) -> Done | None:
        """A process of the pool was killed, and the pool with it: those that ran are run once more, each alone."""
        alone = not self._running and not self._suspects
        everyone = [one, *self._running.values()]
        self._running.clear()
        self.workers.renew()
        if alone:
            one.deaths += 1
        if one.deaths >= _MOST_DEATHS:
            self._suspects.extend(everyone[1:])
            return Done(error="its process was killed each time it was run (out of memory?)")
        self._suspects.extend(everyone)
        return None

    def _send_along(self, one: _Waiting, sha256: str, waiting: "deque[_Waiting]") -> Done | None:
        """A table that a worker has not got goes with the task, the second time."""
        file = next(file for file in one.task.files if file.sha256 == sha256)
        if sha256 not in self.tables:
            content = content_to_keep(file)
            if content is None:
                return Done(error=f"{file.path}: is not on the worker, and too large to be sent, or has changed")
            self.tables[sha256] = content
        one.task = structs.replace(one.task, tables={sha256: self.tables[sha256]})
        waiting.appendleft(one)
        return None
