"""Where tables and bars are printed."""

from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from nn_tui.shown import shown_lines


class Terminal(Console):
    """A console that obeys nothing in what it prints, neither markup nor control characters.

    It leaves a broken pipe to its caller, where Rich would end the program with status 1.
    """

    def __init__(self, stderr: bool = False) -> None:
        """
        Args:
            stderr: print there instead of on stdout.
        """
        super().__init__(stderr=stderr, highlight=False, markup=False, emoji=False)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """What it prints, piece by piece."""
        for segment in super().render(renderable, options):
            text = segment.text if segment.control else shown_lines(segment.text)
            yield segment if text is segment.text or text == segment.text else Segment(text, segment.style)

    @property
    def colored(self) -> bool:
        """Whether there are colors enough to draw with, 256 at least, and nobody wants none."""
        return self.color_system in ("256", "truecolor") and not self.no_color

    def on_broken_pipe(self) -> None:
        """Raises the error that Rich has just caught."""
        raise
