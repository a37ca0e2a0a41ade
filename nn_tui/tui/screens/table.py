"""What is in a table, and what is to be made of it: the target, what is left out, how texts are coded."""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from nn_tui.charts.numbers import cells, cut, to_left, to_right
from nn_tui.charts.palette import Palette
from nn_tui.numerals import fixed_point, numeral
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.writing import dumps
from nn_tui.shown import shown
from nn_tui.training.files.atomic import OutputError, check_writable, write_atomically
from nn_tui.training.run.data_summary import division
from nn_tui.training.tables.describing import ColumnDescription, TableDescription, description_of
from nn_tui.training.tables.suggesting import Start, Suggestion
from nn_tui.tui.dialogs.overlay import Overlay
from nn_tui.tui.palette import palette_of
from nn_tui.tui.source import Source
from nn_tui.tui.widgets.kept_in_sight import KeptInSight
from nn_tui.tui.widgets.key_hints import KeyHints
from nn_tui.wording import counted

_CODINGS = {"one-hot": "order", "flag": "order", "order": "one-hot", "number": "one-hot", "date": "one-hot"}
_TASKS = {"auto": "classification", "classification": "regression", "regression": "auto"}
_TRIED = 20
"""Columns that are tried as the target, from the last, where the likeliest cannot be."""
_MOST = 2_000
"""Columns that are listed; a file may have a hundred thousand."""

_HEADINGS = ("column", "type", "role", "missing", "different", "range")
_WIDE, _NARROW = (22, 7, 20, 8, 10, 24), (14, 6, 15, 7, 9, 15)
_AROUND = 6
"""Columns of the screen that the list does not have: its border, its padding and the scroll bar's."""

_KEYS = (
    "↑↓ column", "t predict it", "space leave out / take", "c coding", "k task", "s save scenario", "enter open",
    "esc back",
)  # fmt: skip
_FOR_EXAMPLES = 26
_ROOMY = 100
"""Columns of the terminal from which names and ranges have more room."""


class TableScreen(Overlay[Source | None]):
    """Ends with the scenario a person makes of a table, or with None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "back", show=False),
        Binding("t", "target", "target", show=False),
        Binding("space", "leave_out", "leave out", show=False),
        Binding("c", "coding", "coding", show=False),
        Binding("k", "task", "task", show=False),
        Binding("s", "save", "save", show=False),
    ]

    def __init__(self, path: Path, changes: Mapping[str, object] | None = None) -> None:
        """
        Args:
            path: the table's file.
            changes: what was asked for at the shell, as `overrides.apply` takes it.
        """
        super().__init__()
        self._path = path
        self._changes = changes
        self._progress = _Progress()
        self._table: Start | None = None
        self._found: Suggestion | None = None
        self._told: TableDescription | None = None
        self._targets: tuple[str, ...] = ()
        self._ignored: list[str] | None = None
        self._coding: dict[str, str] | None = None
        self._wanted_task = "auto"
        self._problem = ""
        self._is_choosing = False
        self._ahead: deque[tuple[Callable[[], None], int | None]] = deque()
        self._at: int | None = None

    def compose(self) -> ComposeResult:
        yield Static("", id="heading", markup=False)
        yield KeptInSight(id="columns")
        yield Static("Reading …", id="told", markup=False)
        yield KeyHints("esc back")

    async def on_mount(self) -> None:
        self.query_one("#columns").border_title = Content(f"What is in {shown(self._path.name)}")
        self._clock = self.set_interval(0.2, self._say_how_far)
        self.run_worker(self._read(), exclusive=True)

    async def _read(self) -> None:
        try:
            # A file of tens of megabytes takes a while: the screen answers meanwhile.
            reading = partial(Start.read, self._path, changes=self._changes, watcher=self._progress)
            self._table = await asyncio.get_running_loop().run_in_executor(None, reading)
        except ScenarioError as error:
            self._refuse(error)
            return
        finally:
            self._clock.stop()
        self._choose()
        self.query_one(OptionList).focus()

    def _say_how_far(self) -> None:
        self.query_one("#told", Static).update(f"Reading … {self._progress.told}")

    # -- choosing --------------------------------------------------------------------------------------------------

    def _choose(self) -> None:
        """Makes of the table what is chosen, beside the keys that go on: of a large one it takes half a second."""
        if self._table is not None:
            self._is_choosing = True
            self.run_worker(self._make(self._table), group="choice")

    async def _make(self, table: Start) -> None:
        """What cannot be made is said, and the last that could stays in force."""
        make = partial(table.suggestion, self._targets, self._wanted_task, "", self._ignored, self._coding)
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(None, make)
        except ScenarioError as error:
            if self._found is not None and self._told is not None:
                self._take(self._found, self._told)
                self._refuse(error)
            else:
                self._refuse(error, await self._make_another(table))
        else:
            self._take(found, await loop.run_in_executor(None, description_of, self._path, found))
        finally:
            self._is_choosing = False
        while self._ahead and not self._is_choosing:
            action, self._at = self._ahead.popleft()
            action()
            self._at = None

    async def _make_another(self, table: Start) -> str:
        """Where the likeliest target cannot be predicted, lists the columns with one that can, and returns its name."""
        loop = asyncio.get_running_loop()
        for name in table.sheet.names[: -_TRIED - 1 : -1]:
            with suppress(ScenarioError):
                found = await loop.run_in_executor(None, partial(table.suggestion, (name,)))
                self._take(found, await loop.run_in_executor(None, description_of, self._path, found))
                return name
        return ""

    def _waits(self, action: Callable[[], None]) -> bool:
        """Whether an action has to wait for what was chosen before it; it comes then, for the column of now."""
        if self._is_choosing:
            self._ahead.append((action, self.query_one(OptionList).highlighted))
        return self._is_choosing

    def _take(self, found: Suggestion, told: TableDescription) -> None:
        """Has a suggestion in force."""
        self._found, self._told, self._problem = found, told, ""
        self._ignored = list(found.ignored)
        self._coding = {name: how for name, how in found.scenario.data.coding.items() if isinstance(how, str)}
        self._targets = self._told.target
        self._draw(self._told)

    def _refuse(self, error: ScenarioError, instead: str = "") -> None:
        """Says what could not be made, and what is predicted instead, if anything."""
        instead = f" For now {instead} is predicted; t on another column predicts that." if instead else ""
        self._problem = f"✗ {shown(f'{error}{instead}')}"
        self._say_problem()

    def _say_problem(self) -> None:
        said = Content.styled(self._problem, palette_of(self.app).alarm.hex)
        self.query_one("#told", Static).update(said)

    def _draw(self, told: TableDescription) -> None:
        listed, palette = self.query_one(OptionList), palette_of(self.app)
        at = listed.highlighted or 0
        listed.clear_options()
        widths = self._widths
        room = self.size.width - _AROUND - sum(widths) - len(widths)
        listed.add_options([Option(_line(column, palette, widths, room)) for column in told.columns[:_MOST]])
        if (beyond := len(told.columns) - _MOST) > 0:
            listed.add_option(
                Option(
                    f"and {counted(beyond, 'column')} more: named at the shell (--set data.target, data.ignore)",
                    disabled=True,
                )
            )
        listed.highlighted = min(at, len(told.columns) - 1)
        heading = next((word for name in ("for example", "e.g.") if (word := _examples((name,), room))), "")
        self.query_one("#heading", Static).update(
            Content.styled(f"{_padded(_HEADINGS, widths)}{heading}", palette.muted.hex)
        )
        self.query_one(KeyHints).show(*_KEYS)
        self._say(told)

    def _say(self, told: TableDescription) -> None:
        """What would be made of the table; of columns left out, first why the one that is pointed at is.

        What could not be made stays on screen until something else is chosen.
        """
        if self._problem:
            self._say_problem()
            return
        palette, column = palette_of(self.app), self._column
        classes = ", ".join(f"{shown(name)}: {count:,}" for name, count in list(told.classes.items())[:8])
        task = f"{told.task} of {', '.join(map(shown, told.target))}"
        lines = [
            Content.assemble(
                (task, "bold"), f"{f' ({classes})' if classes else ''}   (task: {self._wanted_task}, k changes it)"
            ),
            Content(f"{counted(told.rows, 'row')}, {division(**told.split)}"),
        ]
        notes = list(told.notes)
        if column is not None and column.role in ("left out", "ignored") and column.coding:
            own = f"{column.name} is left out: {column.coding}"
            notes = [own, *(note for note in notes if note != own)]
        most = max(2, self.size.height // 8)
        lines += [Content.styled(f"· {shown(note)}", palette.muted.hex) for note in notes[:most]]
        if len(notes) > most:
            lines.append(Content.styled(f"· and {len(notes) - most} more", palette.muted.hex))
        self.query_one("#told", Static).update(Content("\n").join(lines))

    @on(OptionList.OptionHighlighted)
    def _point(self) -> None:
        if self._told is not None:
            self._say(self._told)

    @property
    def _widths(self) -> tuple[int, ...]:
        """Of the columns there is room for: the last ones go first, and names have what the others leave."""
        is_roomy, room = self.size.width >= _ROOMY, self.size.width - _AROUND
        first, *others = _WIDE if is_roomy else _NARROW
        longest = max((cells(shown(column.name)) for column in self._told.columns), default=0) if self._told else 0
        left = room - sum(others) - len(others) - (_FOR_EXAMPLES if is_roomy else 0)
        widths = (max(first, min(longest, left)), *others)
        return tuple(width for at, width in enumerate(widths) if sum(widths[: at + 1]) + at <= room)

    def recolor(self) -> None:
        if self._told is None and self._problem:
            self._say_problem()
        self.on_resize()

    def on_resize(self) -> None:
        if self._told is not None:
            self._draw(self._told)

    @property
    def _column(self) -> ColumnDescription | None:
        at = self.query_one(OptionList).highlighted if self._at is None else self._at
        return None if at is None or self._told is None else self._told.columns[at]

    def action_target(self) -> None:
        """The column is what is to be predicted."""
        if not self._waits(self.action_target) and (column := self._column) is not None:
            self._targets, self._wanted_task = (column.name,), "auto"
            self._ignored = [name for name in self._ignored or () if name != column.name]
            self._coding = {name: how for name, how in (self._coding or {}).items() if name != column.name}
            self._choose()

    def action_leave_out(self) -> None:
        """Leaves the column out, or takes it back."""
        if self._waits(self.action_leave_out) or (column := self._column) is None or column.role == "target":
            return
        ignored = list(self._ignored or ())
        if column.role == "input":
            self._ignored = [*ignored, column.name]
            self._coding = {name: how for name, how in (self._coding or {}).items() if name != column.name}
        elif column.name in ignored:
            ignored.remove(column.name)
            self._ignored = ignored
        else:
            # Nothing but a coding takes back what would be left out by itself.
            self._coding = {**(self._coding or {}), column.name: column.dates or "one-hot"}
        self._choose()

    def action_coding(self) -> None:
        """Goes to the column's next coding."""
        if self._waits(self.action_coding) or (column := self._column) is None or column.role != "input":
            return
        coding, following = dict(self._coding or {}), _CODINGS[column.coding]
        if column.coding == "order" and column.dates:
            following = column.dates
        if column.type == "number" and column.coding != "number":
            coding.pop(column.name, None)
        else:
            coding[column.name] = following
        self._coding = coding
        self._choose()

    def action_task(self) -> None:
        """Goes to the next task: told from the target, classes, values."""
        if not self._waits(self.action_task):
            self._wanted_task = _TASKS[self._wanted_task]
            self._choose()

    # -- ending ----------------------------------------------------------------------------------------------------

    @on(OptionList.OptionSelected)
    def _open(self) -> None:
        if not self._waits(self._open) and self._found is not None:
            self.dismiss(Source(str(self._path), self._found.scenario, self._found.scenario))

    def action_save(self) -> None:
        """Writes the scenario beside the table, under a name that is free."""
        if self._waits(self.action_save) or self._found is None:
            return
        path, number = self._path.with_suffix(".toml"), 2
        while path.exists():
            path, number = self._path.with_name(f"{self._path.stem}-{number}.toml"), number + 1
        try:
            check_writable(path)
            write_atomically(path, dumps(self._found.scenario).encode())
        except OutputError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        self.notify(f"Saved as {shown(path)}", markup=False)

    def action_leave(self) -> None:
        """Goes back without opening it."""
        self.dismiss(None)


def _line(column: ColumnDescription, palette: Palette, widths: tuple[int, ...], room: int) -> Content:
    coded = column.role == "input" and column.coding != "number"
    role = f"{column.role}, {column.coding}" if coded else column.role
    ends = [_number(end) for end in (column.minimum, column.maximum) if end is not None]
    missing = f"{column.missing:,}" if column.missing else "–"
    texts = (shown(column.name), column.type, role, missing, f"{column.distinct:,}", " … ".join(ends))
    style = {"target": f"bold {palette.accent.hex}", "input": palette.text.hex}.get(column.role, palette.muted.hex)
    examples = _examples([shown(example) for example in column.examples], room)
    return Content.assemble((_padded(texts, widths), style), (examples, palette.muted.hex))


def _examples(examples: Sequence[str], room: int) -> str:
    """As many as there is room for, whole."""
    text = ""
    for example in examples:
        longer = f"{text}, {example}" if text else f"  {example}"
        if len(longer) > room:
            break
        text = longer
    return text


def _number(value: float) -> str:
    """To five digits, or to the last whole one."""
    return fixed_point(value, 0) if 1e5 <= abs(value) < 1e7 else numeral(value, 5)


def _padded(texts: tuple[str, ...], widths: tuple[int, ...]) -> str:
    """The first texts, one a width."""
    return " ".join(
        _fitted(text, width, to_the_right=index in (3, 4))
        for index, (text, width) in enumerate(zip(texts, widths, strict=False))
    )


def _fitted(text: str, width: int, to_the_right: bool) -> str:
    return (to_right if to_the_right else to_left)(cut(text, width), width)


class _Progress:
    """How far a file is read."""

    def __init__(self) -> None:
        self._total: int | None = None
        self._done = 0

    def begin(self, _what: str, total: int | None) -> None:
        """See `Watcher`."""
        self._total, self._done = total, 0

    def move(self, done: int) -> None:
        """See `Watcher`."""
        self._done = done

    def end(self) -> None:
        """See `Watcher`."""

    @property
    def told(self) -> str:
        """The share that is done, where it is known."""
        return f"{min(1.0, self._done / self._total):.0%}" if self._total and self._done else ""
