"""Puts together again only those parts of the screen that have changed.

Textual's own compositor has every widget drawn, all its lines, that reaches into the frame around all that has changed:
some twenty widgets of the lab for a number in the status line and a curve below it, several milliseconds each time.
"""

from collections.abc import Iterable

from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.strip import Strip


class Patches(Compositor):
    """A compositor that asks widgets for the lines that are wanted of them, and of others for none."""

    def __init__(self) -> None:
        super().__init__()
        self._changed: tuple[Region, ...] = ()

    def render_partial_update(self) -> ChopsUpdate | None:
        self._changed = tuple(self._dirty_regions)
        try:
            return super().render_partial_update()
        finally:
            self._changed = ()

    def _get_renders(self, crop: Region | None = None) -> Iterable[tuple[Region, Region, list[Strip]]]:
        wanted = self._changed or (crop or self.size.region,)
        for widget, (region, clip) in self.visible_widgets.items():
            seen = region.intersection(clip)
            parts = [part for area in wanted if (part := seen.intersection(area))]
            if parts:
                top, bottom = min(part.y for part in parts), max(part.bottom for part in parts)
                lines = Region(seen.x, top, seen.width, bottom - top)
                yield region, lines, widget.render_lines(lines.translate(-region.offset))
                # They come from the front to the back: what this one covers is not seen of those behind it.
                wanted = tuple(area for area in wanted if not seen.contains_region(area))
