"""The lab's commands in the command palette."""

from collections.abc import Awaitable, Callable
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from nn_tui.tui.commands import COMMANDS, Command


class LabCommands(Provider):
    """Every command of the lab's table, with its key."""

    def _run(self, command: Command) -> Callable[[], Awaitable[None]]:
        return partial(self.screen.run_action, command.action)

    async def discover(self) -> Hits:
        for command in _once():
            yield DiscoveryHit(command.title, self._run(command), help=_help(command))

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for command in _once():
            score = matcher.match(command.title)
            if score > 0:
                yield Hit(score, matcher.highlight(command.title), self._run(command), help=_help(command))


def _once() -> list[Command]:
    """The commands but for those that stand for the palette itself or for a second key."""
    seen: dict[str, Command] = {}
    for command in COMMANDS:
        if command.action != "palette":
            seen.setdefault(command.action, command)
    return list(seen.values())


def _help(command: Command) -> str:
    return f"{command.key}   {command.about}".rstrip()
