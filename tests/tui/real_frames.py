"""A worker that only pretends, but for its frames: those are of a net that was trained, in this process."""

from collections.abc import Callable

from nn_tui.training.worker.client import WorkerExit
from nn_tui.training.worker.examination import Examination
from nn_tui.training.worker.frames import Camera
from nn_tui.training.worker.messages import Command, Frame, Look, Open, Report
from nn_tui.training.worker.opening import open_run
from tests.tui.fakes import FakeWorker, Lab

STEPS = 60


class CameraWorker(FakeWorker):
    """Trains each run for some steps as soon as it is opened, and shows it as it then stands."""

    def _answer(self, command: Command) -> None:
        if isinstance(command, Open):
            self.scenario, self.status = command.scenario, "paused"
            run = open_run(command.run, command.scenario)
            for _ in range(STEPS):
                run.session.advance(watch=True)
            self._camera, self.opened = Camera(run, Examination()), run.opened
            self._report(run.opened)
        else:
            super()._answer(command)

    def _frame(self, look: Look) -> Frame:
        return self._camera.frame(look, status=self.status, steps_per_second=0.0, speed=self.speed)


class TrainedLab(Lab):
    """A lab in which every run was trained for some steps."""

    def _make(self, on_report: Callable[[Report], None], on_exit: Callable[[WorkerExit], None]) -> FakeWorker:
        self.workers.append(CameraWorker(on_report, on_exit))
        return self.workers[-1]
