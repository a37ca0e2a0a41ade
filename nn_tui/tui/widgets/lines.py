"""Words in lines of a width."""

from collections.abc import Sequence


def in_lines(entries: Sequence[str], width: int) -> list[str]:
    """Entries side by side in as few lines as they fit in, none of them broken."""
    lines: list[str] = []
    for entry in entries:
        if lines and len(lines[-1]) + 3 + len(entry) <= width:
            lines[-1] += f"   {entry}"
        else:
            lines.append(entry)
    return lines
