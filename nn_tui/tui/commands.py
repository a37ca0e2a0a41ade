"""Everything a person can do in the lab: one table for keys, toolbar, command palette and help."""

import msgspec
from textual.binding import Binding, BindingType


class Command(msgspec.Struct, frozen=True):
    """One thing to do.

    Attributes:
        action: of the lab's screen, or with `app.` of the app.
        keys: as Textual calls them, the first one is shown.
        title: in the palette and the help, in the imperative.
        about: a sentence more; may be empty.
        short: in the toolbar; empty to leave it out.
        shown: the key as it is shown; empty for its own name.
        group: its heading in the help.
    """

    action: str
    keys: str
    title: str
    about: str = ""
    short: str = ""
    shown: str = ""
    group: str = "Run"

    @property
    def key(self) -> str:
        """The key as it is shown."""
        return self.shown or self.keys.split(",")[0]


COMMANDS = (
    Command("play_pause", "space", "Play or pause", "Train on, or stop after the present step.", short="play"),
    Command("step", "n", "Take one step", short="step"),
    Command("epoch", "e", "Go to the end of the epoch", short="epoch"),
    Command("reset", "r", "Reset", "Begin again, with the changes that wait for it.", short="reset"),
    Command("new_seed", "s", "New seed", "Begin again from other weights, and other samples.", short="seed"),
    Command("slower", "left_square_bracket", "Slower", short="slower", shown="["),
    Command("faster", "right_square_bracket", "Faster", "Up to as fast as it goes.", short="faster", shown="]"),
    Command("flat_out", "backslash", "As fast as it goes, and back", shown="\\"),
    Command("back", "left", "Rewind one epoch", "What came later is forgotten.", short="rewind", shown="←"),
    Command("step_back", "shift+left", "Rewind one step", shown="⇧←"),
    Command("epoch", "right", "Go on one epoch", shown="→"),
    Command("rewind_all", "home", "Rewind to the start"),
    Command("go_on", "m", "Train for more epochs", "Half as many again, also once it has finished."),
    Command(
        "undo", "u", "Undo", "A change, what waits (↺), a reset, a seed, a scenario; U brings it back.", short="undo"
    ),
    Command("redo", "U", "Redo", "With the course that was left."),
    Command("cure", "c", "Cure", "What the best remedy would do; c once more does it.", short="cure"),
    Command("find_rate", "R", "Find the learning rate", "Tried beside the run, at low priority; Enter takes it."),
    Command("sweep", "S", "Sweep", "Many runs with other values, beside this one; any of them can be opened."),
    Command("log", "l", "Linear or log scale", "Of the chart in focus, else of the loss.", group="Look"),
    Command("recent", "w", "Recent window or full range", "For all curves over steps.", group="Look"),
    Command(
        "next_layer",
        "full_stop",
        "Next layer",
        "For views of one layer, or optimizer.",
        shown=".",
        group="Look",
    ),
    Command("previous_layer", "comma", "Previous layer", shown=",", group="Look"),
    Command("maximize", "z", "Maximize the panel in focus, and back", group="Look"),
    Command("panels", "p", "Choose the panels", short="panels", group="Look"),
    Command(
        "trace",
        "t",
        "Trace a sample",
        "Forward and back, in numbers; Enter sets a weight.",
        short="trace",
        group="Look",
    ),
    Command("draw", "d", "Give the net a picture or a point", "Drawn by hand; see what it is taken for.", group="Look"),
    Command("jump", "j", "Jump to a field or panel", "Letters appear on them: press one.", short="jump", group="Look"),
    Command("forms", "f", "Show or hide the forms", short="forms", group="Look"),
    Command("lesson", "i", "Read the lesson", short="lesson", group="Look"),
    Command("tour", "T", "Take the tour", "Six things to do; T leaves it and takes it up.", group="Session"),
    Command("open", "o", "Open another scenario", short="open", group="Session"),
    Command("kept_runs", "k", "Kept runs", "Open one where it ended, or pin it behind the curves.", group="Session"),
    Command("save", "ctrl+s", "Save model, scenario, metrics or picture", short="save", shown="^s", group="Session"),
    Command("copy_command", "y", "Copy the replay command", "To get the same digest at the shell.", group="Session"),
    Command(
        "explain",
        "question_mark",
        "Explain",
        "The field or panel in focus; else all keys.",
        short="help",
        shown="?",
        group="Session",
    ),
    Command("help", "f1", "Help", "All keys, and what every panel shows.", shown="F1", group="Session"),
    Command("app.command_palette", "ctrl+p", "Command palette", short="commands", shown="^p", group="Session"),
    Command(
        "app.suspend_process",
        "ctrl+z",
        "To the shell",
        "The run waits; fg comes back to it.",
        shown="^z",
        group="Session",
    ),
    Command("app.quit", "q,ctrl+c,ctrl+q", "Quit", group="Session"),
)


def bindings() -> list[BindingType]:
    """The commands' keys; those for the panels themselves come with them."""
    return [
        Binding(command.keys, command.action, command.title, show=False, key_display=command.shown or None)
        for command in COMMANDS
    ]
