"""Getting things out: the model, the run as a scenario, what was recorded, a picture of the screen."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from textual import on
from textual.app import ComposeResult
from textual.widgets import Button, Input, OptionList, Static
from textual.widgets.option_list import Option

from nn_tui.training.files.atomic import OutputError
from nn_tui.training.files.endings import check_model_ending
from nn_tui.training.files.overwriting import check_outputs, input_files
from nn_tui.tui.dialogs.dialog import Box, Dialog
from nn_tui.tui.source import Source
from nn_tui.user_path import user_path

What = Literal["model", "scenario", "metrics", "picture"]

_CHOICES: tuple[tuple[What, str, str], ...] = (
    ("model", "Model", "safetensors, for nn-tui predict and PyTorch"),
    ("scenario", "Scenario", "the run so far; replays to the digest shown"),
    ("metrics", "Metrics", "the recorded rows, as .csv or .jsonl"),
    ("picture", "Picture", "this screen, as .svg"),
)
_ENDINGS: dict[What, str] = {"model": "safetensors", "scenario": "toml", "metrics": "csv", "picture": "svg"}
_ALLOWED: dict[What, tuple[str, ...]] = {"metrics": (".csv", ".jsonl"), "scenario": (".toml",), "picture": (".svg",)}


@dataclass(frozen=True)
class Wanted:
    """What is to be saved, and where."""

    what: What
    path: Path


class SaveScreen(Dialog[Wanted]):
    """Asks what to save and where; refuses a path that cannot be written before anything is lost."""

    def __init__(self, source: Source, step: int, what: What = "model") -> None:
        """
        Args:
            source: what is open; files are called after it, and may not take its place.
            step: where the run stands.
            what: what is proposed.
        """
        super().__init__()
        self._name = f"{source.short_name}-step{step}"
        self._inputs = input_files(source.scenario, source.file)
        self._first = what
        self._confirmed: Path | None = None

    def compose(self) -> ComposeResult:
        with Box("Save", "↑↓ what · tab file name · enter save · esc close"):
            yield OptionList(*(Option(f"{title:<10}{about}", what) for what, title, about in _CHOICES))
            yield Static("\nto", classes="label")
            yield Input(compact=True)
            yield Static("", classes="problem", markup=False)
            yield Button("Save", id="save", compact=True)

    def on_mount(self) -> None:
        listed = self.query_one(OptionList)
        listed.highlighted = [what for what, _, _ in _CHOICES].index(self._first)
        listed.focus()

    @property
    def _what(self) -> What:
        return _CHOICES[self.query_one(OptionList).highlighted or 0][0]

    @on(OptionList.OptionHighlighted)
    def _propose(self) -> None:
        self.query_one(Input).value = f"{self._name}.{_ENDINGS[self._what]}"
        self.complain("")

    @on(OptionList.OptionSelected)
    @on(Input.Submitted)
    @on(Button.Pressed)
    def _save(self) -> None:
        text, what = self.query_one(Input).value.strip(), self._what
        if not text:
            self.complain("Name a file.")
            return
        try:
            path = user_path(text).absolute()
        except OSError:
            self.complain(f"{text}: the folder that the lab was started in is gone; write the whole path.")
            return
        allowed = _ALLOWED.get(what)
        if allowed and path.name.lower() in allowed:
            # For Python a name that begins with a dot has no ending.
            self.complain(f"{path.name}: is an ending alone; put a name before it.")
            return
        if allowed and path.suffix.lower() not in allowed:
            self.complain(f"{path.name}: the name of such a file ends in {' or '.join(allowed)}.")
            return
        try:
            check_outputs([path], self._inputs)
            if what == "model":
                check_model_ending(path)
        except OutputError as error:
            self.complain(str(error))
            return
        if path.exists() and path != self._confirmed:
            self._confirmed = path
            self.complain(f"{path.name} is there already; Enter once more replaces it.")
            return
        self.dismiss(Wanted(what, path))

    def complain(self, problem: str) -> None:
        if not problem:
            self._confirmed = None
        super().complain(problem)
