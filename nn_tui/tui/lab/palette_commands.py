"""What the command palette finds: the lab's commands, fields, panels, and scenarios by what they are about."""

from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import NamedTuple

from textual.command import DiscoveryHit, Hit, Hits, Provider

from nn_tui.scenario import catalogue
from nn_tui.scenario.lessons.search import document, search
from nn_tui.tui.commands import COMMANDS, Command
from nn_tui.tui.forms.drawer import Drawer
from nn_tui.tui.forms.entries import entries
from nn_tui.tui.forms.form import TITLES
from nn_tui.tui.panels.loading import load
from nn_tui.tui.widgets.board import Board

_MOST_SCENARIOS = 8
_OF_A_SCENARIO = 0.6
"""What the first scenario found scores; a command or a field that begins like the query scores more."""


class _Thing(NamedTuple):
    """Something that can be found: what it is called, what it is, and what choosing it does."""

    title: str
    help: str
    run: Callable[[], Awaitable[None]]


class LabCommands(Provider):
    """Every command of the lab's table with its key, every field and panel, and the scenarios."""

    def _run(self, action: str) -> Callable[[], Awaitable[None]]:
        return partial(self.screen.run_action, action)

    def _commands(self) -> Iterator[_Thing]:
        for command in _once():
            yield _Thing(command.title, _help(command), self._run(command.action))

    def _fields(self) -> Iterator[_Thing]:
        draft = self.screen.query_one(Drawer).draft
        for group, title in TITLES.items() if draft is not None else ():
            assert draft is not None
            for entry in entries(group, draft.next):
                key = entry.field.key
                known = f"{title}: {entry.label}"
                called = _CALLED.get(key.rpartition(".")[2], "")
                yield _Thing(f"{known} ({called})" if called else known, key, self._run(f"field('{key}')"))

    def _panels(self) -> Iterator[_Thing]:
        for kind in self.screen.query_one(Board).suitable:
            panel = load(kind)
            yield _Thing(
                f"Panel: {panel.TITLE}", panel.LEGEND.partition(".")[0], self._run(f"go_to_panel('{kind.name}')")
            )

    async def discover(self) -> Hits:
        for thing in self._commands():
            yield DiscoveryHit(thing.title, thing.run, help=thing.help)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for thing in (*self._commands(), *self._fields(), *self._panels()):
            score = matcher.match(thing.title)
            if score > 0:
                yield Hit(score, matcher.highlight(thing.title), thing.run, help=thing.help)
        known = catalogue.scenarios()
        documents = [document(name, scenario) for name, scenario in known.items()]
        for place, name in enumerate(search(query, documents)[:_MOST_SCENARIOS]):
            scenario = known[name]
            title = f"Scenario: {scenario.title}"
            yield Hit(_OF_A_SCENARIO - 0.01 * place, title, self._run(f"open_named('{name}')"), help=scenario.summary)


_CALLED = {"lr": "learning rate", "l2": "weight decay", "init": "initializer", "mode": "gradient descent"}
"""What a field is called besides its label."""


def _once() -> list[Command]:
    """The commands but for those that stand for the palette itself or for a second key."""
    seen: dict[str, Command] = {}
    for command in COMMANDS:
        if command.action != "app.command_palette":
            seen.setdefault(command.action, command)
    return list(seen.values())


def _help(command: Command) -> str:
    return f"{command.key}   {command.about}".rstrip()
