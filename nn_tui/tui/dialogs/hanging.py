"""A word and what is said of it, in lines that begin below one another."""

from textual.app import App
from textual.content import Content

_PAGE, _FRAME = 96, 8
"""Columns of a page, and of these those of its border, its padding and its scroll bar."""


def page_width(app: App[object]) -> int:
    """Columns that there are for text on a page."""
    return min(_PAGE, app.size.width) - _FRAME


def hanging(head: Content, said: Content, app: App[object]) -> Content:
    """What is said of a word, beside it, wrapped to the dialog's width."""
    indent = head.cell_length
    lines = said.wrap(max(8, page_width(app) - indent))
    return Content("\n").join([head + lines[0], *(line.pad_left(indent) for line in lines[1:])])
