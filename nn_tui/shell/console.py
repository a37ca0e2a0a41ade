"""Where tables and bars are printed."""

from rich.console import Console


class Terminal(Console):
    """A console that leaves a broken pipe to its caller, where Rich would end the program with status 1."""

    def __init__(self, stderr: bool = False) -> None:
        """
        Args:
            stderr: print there instead of on stdout.
        """
        super().__init__(stderr=stderr, highlight=False)

    @property
    def colored(self) -> bool:
        """Whether there are colors enough to draw with, 256 at least, and nobody wants none."""
        return self.color_system in ("256", "truecolor") and not self.no_color

    def on_broken_pipe(self) -> None:
        """Raises the error that Rich has just caught."""
        raise
