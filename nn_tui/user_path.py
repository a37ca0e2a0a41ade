"""Paths as a person types them."""

import os
from pathlib import Path


def user_path(text: str | os.PathLike[str]) -> Path:
    """A path in which ~ stands for a home; where nobody is called so, it is left as it is, as shells do."""
    try:
        return Path(text).expanduser()
    except RuntimeError:
        return Path(text)
