"""What the command palette finds: the lab's commands, fields, panels, and scenarios by what they are about."""

from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import NamedTuple, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.types import IgnoreReturnCallbackType

from nn_tui.scenario import catalogue
from nn_tui.scenario.lessons.explained import choice
from nn_tui.scenario.lessons.search import SMALL_WORDS, SYNONYMS, document, plain, search
from nn_tui.tui.commands import COMMANDS, Command
from nn_tui.tui.forms.drawer import Drawer
from nn_tui.tui.forms.entries import entries
from nn_tui.tui.forms.form import TITLES
from nn_tui.tui.forms.row import TakesWishes
from nn_tui.tui.lab.called import COMMANDS_CALLED, FIELDS_CALLED, PANELS_CALLED
from nn_tui.tui.panels.loading import load
from nn_tui.tui.themes import DARK, LIGHT
from nn_tui.tui.widgets.board import Board

_MOST_SCENARIOS = 8
_OF_A_SCENARIO = 0.6
"""What the first scenario found scores; a command or a field that begins like the query scores more."""


_BY_NAME = 1.0
"""What a choice scores more, which is found by its own name, than what is found by another word."""

_CALLED_SO, _CALLED_IN_PART, _CALLED_LIKE_THAT = 14.0, 12.0, 9.0
"""What one scores that is called by another word than its own, if all of that was typed, one of its words, or the
beginning of some; letters that are only somewhere in a name score less."""


class _Thing(NamedTuple):
    """Something that can be found: what it is called, what it is, and what choosing it does; and other words for it."""

    title: str
    help: str
    run: IgnoreReturnCallbackType
    called: tuple[str, ...] = ()

    def score(self, typed: str) -> tuple[float, str]:
        """What it scores by its other words, and the word; 0 if none is like what was typed."""
        wanted = _words(typed)
        # A title is looked up letter by letter elsewhere, with every word that was typed.
        names = self.called if wanted == plain(typed).split() else (*self.called, self.title)
        known = [(word, _words(word)) for word in names if wanted]
        for word, parts in known:
            if wanted == parts:
                return _CALLED_SO, word
        for word, parts in known:
            if len(wanted) == 1 and wanted[0] in parts:
                return _CALLED_IN_PART, word
        for word, parts in known if len(typed) > 2 else ():
            if all(any(part.startswith(begun) for part in parts) for begun in wanted):
                return _CALLED_LIKE_THAT, word
        return 0.0, ""


class LabCommands(Provider):
    """Every command of the lab's table with its key, every field and panel, and the scenarios."""

    def _run(self, action: str) -> Callable[[], Awaitable[None]]:
        return partial(self.screen.run_action, action)

    def _commands(self) -> Iterator[_Thing]:
        for command in _once():
            called = COMMANDS_CALLED.get(command.action, ())
            yield _Thing(command.title, _help(command), self._run(command.action), called)

    def _fields(self) -> Iterator[_Thing]:
        draft = self.screen.query_one(Drawer).draft
        for group, title in TITLES.items() if draft is not None else ():
            assert draft is not None
            for entry in entries(group, draft.next):
                key = entry.field.key
                known = f"{title}: {entry.label.strip()}"
                called = FIELDS_CALLED.get(key, ())
                beside = f" ({called[0]})" if key in _SHORT else ""
                yield _Thing(f"{known}{beside}", key, self._run(f"field('{key}')"), called)

    def _choices(self) -> Iterator[_Thing]:
        """What a field can be set to."""
        draft = self.screen.query_one(Drawer).draft
        for group, title in TITLES.items() if draft is not None else ():
            assert draft is not None
            for entry in entries(group, draft.next):
                field = entry.field
                # Of what is done at an end there is nothing to look for by the names of metrics.
                for name in field.choices if group != "data" and not field.key.endswith(".metric") else ():
                    known = choice(field.key, name)
                    said = "  ".join(part for part in (known.formula, known.summary) if part)
                    called = (name, *(word for words in SYNONYMS if name in words for word in words))
                    run = partial(self._set, field.key, name)
                    yield _Thing(f"{title}: {entry.label.strip()} → {name}", said, run, called)

    async def _set(self, key: str, name: str) -> None:
        """Sets a field to one of its choices, as if it had been done in the forms, and goes there."""
        lab = cast(TakesWishes, self.screen)
        lab.propose(key, name, partial(self.screen.notify, severity="warning", markup=False))
        await self.screen.run_action(f"field('{key}')")

    def _panels(self) -> Iterator[_Thing]:
        for kind in self.screen.query_one(Board).suitable:
            panel = load(kind)
            go, called = self._run(f"go_to_panel('{kind.name}')"), PANELS_CALLED.get(kind.name, ())
            yield _Thing(f"Panel: {panel.TITLE}", panel.LEGEND.partition(".")[0], go, called)

    def _themes(self) -> Iterator[_Thing]:
        for theme in (DARK, LIGHT):
            called = "dark" if theme.dark else "light"
            yield _Thing(
                f"Theme: {called}", "Of the whole screen.", partial(self._wear, theme.name), (called, f"{called} mode")
            )

    async def _wear(self, theme: str) -> None:
        self.app.theme = theme

    def _textuals(self) -> Iterator[_Thing]:
        """What Textual's apps have in common and the lab has not of its own."""
        known = {thing.title for thing in self._commands()}
        for name, about, run, _ in self.app.get_system_commands(self.screen):
            if name not in known:
                yield _Thing(name, about, run)

    async def discover(self) -> Hits:
        for thing in (*self._commands(), *self._textuals()):
            yield DiscoveryHit(thing.title, thing.run, help=thing.help)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for thing in (*self._commands(), *self._fields(), *self._panels(), *self._themes(), *self._textuals()):
            score, (other, word) = matcher.match(thing.title), thing.score(query)
            if score >= other and score > 0:
                yield Hit(score, matcher.highlight(thing.title), thing.run, help=thing.help)
            elif other:
                said = thing.title if word in thing.title else f"{thing.title.partition(' (')[0]} ({word})"
                yield Hit(other, said, thing.run, help=thing.help)
        for thing in self._choices():
            score, word = thing.score(query)
            if score:
                yield Hit(score + _BY_NAME * (word == thing.called[0]), thing.title, thing.run, help=thing.help)
        known = catalogue.scenarios()
        documents = [document(name, scenario) for name, scenario in known.items()]
        for place, name in enumerate(search(query, documents)[:_MOST_SCENARIOS]):
            scenario = known[name]
            title = f"Scenario: {scenario.title}"
            yield Hit(_OF_A_SCENARIO - 0.01 * place, title, self._run(f"open_named('{name}')"), help=scenario.summary)


_SHORT = ("training.optimizer.lr", "training.regularization.l2", "network.init.name", "training.mode")
"""Of fields whose label is short for something, that stands beside it."""


def _words(text: str) -> list[str]:
    """Its words as they are compared, without the small ones; a hyphen or an underscore parts them too."""
    words = plain(text).split()
    return [word for word in words if word not in SMALL_WORDS] or words


def _once() -> list[Command]:
    """The commands but for those that stand for the palette itself or for a second key."""
    seen: dict[str, Command] = {}
    for command in COMMANDS:
        if command.action != "app.command_palette":
            seen.setdefault(command.action, command)
    return list(seen.values())


def _help(command: Command) -> str:
    return f"{command.key}   {command.about}".rstrip()
