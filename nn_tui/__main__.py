"""`python -m nn_tui`, and the console script: so little that Ctrl-C finds it ready almost at once."""

import sys

from nn_tui.shell.interruption import remember_presses
from nn_tui.shell.streams import open_missing_streams


def main() -> None:
    """Runs the command line, and ends with 130 where Ctrl-C was pressed before a command could hear of it."""
    try:
        open_missing_streams()
        remember_presses()
        from nn_tui.quick_start import asked_for

        scenario = asked_for(sys.argv[1:])
        if scenario is not None:
            from nn_tui.commands.lab import open_lab

            open_lab(scenario or None)
        from nn_tui.cli import main as open_door

        open_door()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
