"""The lab in this terminal: what `nn-tui` and `nn-tui open` do."""

import codecs
import io
import os
import pkgutil
import sys
from collections.abc import Sequence
from typing import NoReturn

from nn_tui.quick_start import make_quick
from nn_tui.wording import listed, quoted

_COLOR_SYSTEMS = ("auto", "standard", "256", "truecolor")
"""What the environment may say of the terminal's colors."""


def open_lab(scenario: str | None, assignments: Sequence[str] = ()) -> NoReturn:
    """Runs the lab until it is left, and ends the program; where it cannot be opened, with one message and status 2.

    Args:
        scenario: a name from the catalog or a path; None for the usual one.
        assignments: changes to it, each `KEY=VALUE`.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        _refuse("the lab needs a terminal for its input and output (nn-tui replay trains without one)")
    # The worker's process starts before all else that takes time, so that both get ready together.
    from nn_tui.shell.hangup import end_with_terminal, leave_when_told
    from nn_tui.shell.interruption import forget_presses
    from nn_tui.training.worker.launch import launch

    _check_settings()
    forget_presses()
    end_with_terminal()
    _draw_with_what_there_is()
    try:
        launched = launch()
    except OSError as error:
        _refuse(f"the training process cannot be started: {error}")
    make_quick()
    try:
        from nn_tui.scenario.overrides import parse_assignment
        from nn_tui.shell.underway_bar import shown_underway
        from nn_tui.tui.app import LabApp

        with shown_underway():
            app = LabApp(scenario, launched, changes=dict(parse_assignment(text) for text in assignments))
        app.outlive_mishaps()
        leave_when_told(app.leave)
        app.run()
        from nn_tui.shell.telling import tell

        for mishap in app.mishaps:
            tell(mishap)
        sys.exit(app.return_code or 0)
    except (ValueError, OSError, MemoryError) as error:
        from nn_tui.commands.failure import as_failure

        failure = as_failure(error)
        if failure is None:
            raise
        _refuse(failure.message)
    finally:
        # Whatever has become of the app: without its pipe the worker ends.
        if launched.process.stdin is not None:
            launched.process.stdin.close()


def _check_settings() -> None:
    """Refuses settings of Textual's, by which all its programs are drawn, that it would stumble over."""
    colors = os.environ.get("TEXTUAL_COLOR_SYSTEM", "auto")
    if colors not in (*_COLOR_SYSTEMS, "windows"):
        _refuse(f"TEXTUAL_COLOR_SYSTEM is {quoted(colors)}; set it to one of {listed(_COLOR_SYSTEMS)}, or unset it")
    if (named := os.environ.get("TEXTUAL_DRIVER")) is None:
        return
    from textual.driver import Driver

    try:
        driver = pkgutil.resolve_name(named)
    except (ImportError, AttributeError, ValueError):
        driver = None
    if not (isinstance(driver, type) and issubclass(driver, Driver)):
        _refuse(f"TEXTUAL_DRIVER is {quoted(named)}, which is no driver of Textual's; unset it")


def _draw_with_what_there_is() -> None:
    """Has the lab drawn with the characters that the terminal's encoding has."""
    # Textual writes to stderr, whose encoding is that of stdout unless somebody has said otherwise.
    screen = sys.__stderr__
    if not isinstance(screen, io.TextIOWrapper):
        return
    if not "\x1b[m".encode(screen.encoding, "replace").endswith(b"\x1b[m"):
        _refuse(f"no terminal reads {screen.encoding}, in which the lab would be drawn; set PYTHONIOENCODING=utf-8")
    if codecs.lookup(screen.encoding).name != "utf-8":
        from nn_tui.shell.lookalikes import LOOKALIKE_CELLS

        screen.reconfigure(errors=LOOKALIKE_CELLS)


def _refuse(problem: str) -> NoReturn:
    from nn_tui.commands.failure import Failure

    failure = Failure(problem)
    failure.show()
    sys.exit(failure.exit_code)
