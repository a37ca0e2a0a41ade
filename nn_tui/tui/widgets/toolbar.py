"""The last line: the commonest commands with their keys, to read and to click."""

from textual import events
from textual.content import Content
from textual.widget import Widget

from nn_tui.tui.commands import COMMANDS, Command
from nn_tui.tui.palette import palette_of

_IMPORTANCE = (
    "play_pause", "explain", "step", "reset", "forms", "app.command_palette", "epoch", "panels", "undo",
    "faster", "slower", "open", "back", "save", "lesson", "new_seed",
)  # fmt: skip
"""What stays longest where there is not room for all."""


class Toolbar(Widget):
    """One line; as many commands as fit, in the order of the table."""

    def __init__(self) -> None:
        super().__init__()
        self._playing = False

    def show(self, playing: bool) -> None:
        """Says whether Space plays or pauses."""
        if playing != self._playing:
            self._playing = playing
            self.refresh()

    def render(self) -> Content:
        palette = palette_of(self.app)
        items = [
            Content.assemble(
                (command.key, f"bold {palette.accent.hex}"), (f" {self._label(command)}", palette.muted.hex)
            )
            for command in self._fitting(self.size.width - 2)
        ]
        return Content.assemble(" ", Content("  ").join(items))

    async def on_click(self, event: events.Click) -> None:
        end = 1
        for command in self._fitting(self.size.width - 2):
            end += len(command.key) + 1 + len(self._label(command)) + 2
            if event.x < end:
                await self.screen.run_action(command.action)
                return

    def _label(self, command: Command) -> str:
        if command.action == "play_pause":
            return "pause" if self._playing else "play "
        return command.short

    def _fitting(self, width: int) -> list[Command]:
        listed = [command for command in COMMANDS if command.short]
        rank = {action: place for place, action in enumerate(_IMPORTANCE)}
        kept: list[Command] = []
        for command in sorted(listed, key=lambda command: rank.get(command.action, len(rank))):
            # Two blanks between them, and none after the last.
            needed = sum(len(other.key) + len(self._label(other)) + 3 for other in [*kept, command]) - 2
            if needed <= width:
                kept.append(command)
        return [command for command in listed if command in kept]
