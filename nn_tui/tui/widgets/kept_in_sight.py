"""A list that does not lose sight of what is highlighted."""

from textual.widgets import OptionList


class KeptInSight(OptionList):
    """Textual's list of options, with the one that is highlighted whole in sight when the list gets another width.

    Its entries are broken into other lines then, and stand elsewhere.
    """

    def on_resize(self) -> None:
        # Only then has Textual's own list forgotten where its lines were.
        self.call_later(self.scroll_to_highlight)
