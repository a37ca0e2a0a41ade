"""`python -m nn_tui.training.sweep`: a sweep is asked, and kept as it is done; see `errand`."""

import msgspec

from nn_tui.training.errand import asked
from nn_tui.training.sweep.interface import SweepRequest, progress_of
from nn_tui.training.sweep.sweeping import Sweeping
from nn_tui.training.sweep.workers import LocalWorkers


def main() -> None:
    """Runs what is left of it."""
    request = msgspec.msgpack.decode(asked(), type=SweepRequest)
    progress = progress_of(request.plan, None, request.name)
    with LocalWorkers() as crew:
        Sweeping(request.plan, crew, progress).run()


# The processes of the pool import this module, too.
if __name__ == "__main__":
    main()
