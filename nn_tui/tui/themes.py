"""The lab's own two themes, and the colors its style sheets use beyond those of Textual's."""

from textual.theme import Theme

from nn_tui.tui.palette import themed

DARK = Theme(
    name="lab-dark",
    primary="#4fd6be",
    secondary="#3d6ea8",
    accent="#4fd6be",
    warning="#e3b341",
    error="#f47067",
    success="#4fd6be",
    foreground="#d5dbe5",
    background="#10141b",
    surface="#151a23",
    panel="#1c232e",
    dark=True,
    variables={
        "block-cursor-background": "#2a3547",
        "block-cursor-foreground": "#f0f4fa",
        "block-cursor-blurred-background": "#222b39",
        "input-selection-background": "#4fd6be 30%",
    },
)
LIGHT = Theme(
    name="lab-light",
    primary="#00796b",
    secondary="#5b7fa6",
    accent="#00796b",
    warning="#8a6d00",
    error="#b3261e",
    success="#00796b",
    foreground="#1f2630",
    background="#f7f8fa",
    surface="#eef0f4",
    panel="#e2e6ec",
    dark=False,
    variables={
        "block-cursor-background": "#cfd8e6",
        "block-cursor-foreground": "#10161f",
        "block-cursor-blurred-background": "#dde3ec",
        "input-selection-background": "#00796b 25%",
    },
)


def lab_variables(dark: bool, variables: dict[str, str], few: bool = False, sixteen: bool = False) -> dict[str, str]:
    """The colors `$lab-…` for a theme's own variables, and what is highlighted where that has to be another.

    Args:
        dark, variables: of the theme.
        few: whether the terminal has so few colors that dim ones are the background's.
        sixteen: whether it has sixteen: of its grays none is far enough from lesser words and from the background.
    """
    colors = themed(dark, variables)
    seen_in_few = "#555555" if dark else "#aaaaaa"
    highlight = "#0000aa" if dark else "#55ffff"
    highlighted = dict.fromkeys(("block-cursor-background", "block-cursor-blurred-background"), highlight)
    return (highlighted if sixteen else {}) | {
        "lab-line": colors.faint.hex,
        "lab-title": colors.muted.hex,
        "lab-focus": seen_in_few if few else variables["panel"],
    }
