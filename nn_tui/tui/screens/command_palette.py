"""Everything that can be done, found by a word: Textual's palette."""

from textual.command import CommandPalette

from nn_tui.tui.dialogs.ends_once import EndsOnce


class LabPalette(CommandPalette, EndsOnce[None]):
    """Textual's own, which a click on what is behind it may leave while a key that leaves it is on its way."""
