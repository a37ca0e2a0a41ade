"""Workers of a sweep that are no processes."""

from collections.abc import Callable
from concurrent.futures import Future

from nn_tui.training.sweep.work import Done, Task, run_task


class Here:
    """Workers that run each task at once, in this process."""

    count = 1

    def __init__(self, run: Callable[[Task], Done] = run_task) -> None:
        self.ran: list[Task] = []
        self._run = run

    def submit(self, task: Task) -> "Future[Done]":
        self.ran.append(task)
        future: Future[Done] = Future()
        future.set_result(self._run(task))
        return future

    def renew(self) -> None: ...

    def end(self) -> None: ...


class Crew(Here):
    """The same in place of `LocalWorkers`."""

    def __init__(self, _: object) -> None:
        super().__init__()

    def __enter__(self) -> "Crew":
        return self

    def __exit__(self, *_: object) -> None: ...
