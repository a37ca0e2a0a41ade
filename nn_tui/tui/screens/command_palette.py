"""Everything that can be done, found by a word: Textual's palette."""

from textual.command import CommandPalette

from nn_tui.tui.dialogs.overlay import Overlay


class LabPalette(CommandPalette, Overlay[None]):
    """Textual's own, which a click on what is behind it may leave while a key that leaves it is on its way."""
