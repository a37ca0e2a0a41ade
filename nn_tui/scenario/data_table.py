"""What a scenario says of its data, field by field; what stands beside a field is told in `schema`."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from nn_tui.engine.surfaces import SURFACES
from nn_tui.scenario.kinds import CSV, FEATURES, IMAGES, KINDS, SURFACE, TOYS


def about(
    description: str,
    *,
    live: bool = False,
    choices: tuple[str, ...] = (),
    pattern: str = "",
    kinds: tuple[str, ...] = (),
    **bounds: Any,
) -> Meta:
    """What an annotation says of a field.

    Args:
        live: whether it applies to the running net.
        choices, pattern: the texts allowed, and a regular expression for further ones.
        kinds: the kinds of data the field applies to; empty for all.
        bounds: Meta's ge, gt, le and lt, numbers.
    """
    extra = {"live": live, "choices": choices, "pattern": pattern, "kinds": kinds}
    meta: Meta = Meta(description=description, extra=extra, **bounds)
    return meta


_TOYS = tuple(TOYS)
_IMAGES = tuple(IMAGES)
_CSV = (CSV.name,)
_SURFACE = (SURFACE.name,)


class SchemaTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every table has in common."""


class Data(SchemaTable, frozen=True, kw_only=True):
    """Where examples come from."""

    kind: Annotated[str, about("Which data.", choices=tuple(KINDS))]
    samples: Annotated[
        int,
        about(
            "How many examples: of points for training and test together, of images for training alone. Images are "
            "taken evenly from the ten classes; of fashion-mnist all there are, if there are fewer.",
            kinds=(*_TOYS, *_IMAGES),
            ge=2,
            le=1_000_000,
        ),
    ] = 200
    test_samples: (
        Annotated[
            int,
            about(
                "How many images to test on, evenly from the ten classes: always the same ones, whatever the seed.",
                kinds=_IMAGES,
                ge=0,
                le=1_000_000,
            ),
        ]
        | None
    ) = None
    noise: (
        Annotated[
            float,
            about(
                "Spread of the noise added; on a surface to each step's gradient, less the larger a mini-batch is.",
                kinds=(*_TOYS, *_SURFACE),
                ge=0,
                le=100,
            ),
        ]
        | None
    ) = None
    test_share: Annotated[
        float, about("Share of the examples kept for testing.", kinds=(*_TOYS, *_CSV), ge=0, lt=1)
    ] = 0.3
    validation_share: Annotated[
        float,
        about(
            "Share of the examples kept aside to choose by, when to stop or which settings; of images taken from those "
            "to train on.",
            kinds=(*_TOYS, *_IMAGES, *_CSV),
            ge=0,
            lt=1,
        ),
    ] = 0.0
    scaling: Annotated[
        str,
        about("How inputs are scaled.", kinds=(*_TOYS, *_IMAGES, *_CSV), choices=("none", "standard", "minmax")),
    ] = "none"
    target_scaling: Annotated[
        str,
        about(
            "How the targets of a regression are scaled; auto as the inputs.",
            kinds=(*_TOYS, *_CSV),
            choices=("auto", "none", "standard", "minmax"),
        ),
    ] = "auto"
    features: Annotated[tuple[str, ...], about("What the network is given.", kinds=_TOYS, choices=FEATURES[2])] = ()
    path: (
        Annotated[
            str,
            about(
                "The table, relative to the scenario's folder: text with separators (also .csv.gz), .npz with X and y, "
                "or, with nn-tui[tables], .parquet.",
                kinds=_CSV,
            ),
        ]
        | None
    ) = None
    target: Annotated[
        str | int | tuple[str | int, ...] | None,
        about("The column to predict: its name, or its place counted from 0; a list for several.", kinds=_CSV),
    ] = None
    header: Annotated[
        bool | None, about("Whether the first row names the columns; detected if left out.", kinds=_CSV)
    ] = None
    task: Annotated[
        str,
        about("What there is to learn.", kinds=_CSV, choices=("auto", "classification", "regression")),
    ] = "auto"
    columns: Annotated[
        tuple[str | int, ...],
        about("What to learn from: names, places from 0, patterns (pixel*); all that can be, if left out.", kinds=_CSV),
    ] = ()
    ignore: Annotated[
        tuple[str | int, ...], about("What not to learn from: names, places from 0, patterns (id*).", kinds=_CSV)
    ] = ()
    coding: Annotated[
        dict[str, str | tuple[str, ...]],
        about(
            "How columns become numbers, by name: one-hot (as texts do anyway), order (by alphabet), a list of the "
            "categories in order, date, or a date's writing such as %d.%m.%Y.",
            kinds=_CSV,
        ),
    ] = {}
    missing: Annotated[
        str,
        about(
            "What becomes of missing values: refuse, drop the row, or fill in the training rows' mean, median or most "
            "frequent value (of texts always the last).",
            kinds=_CSV,
            choices=("refuse", "drop", "mean", "median", "most"),
        ),
    ] = "refuse"
    delimiter: Annotated[
        str, about("What separates columns: one character, or tab; empty: told from the file.", kinds=_CSV)
    ] = ""
    decimal: Annotated[str, about("The sign before a number's fraction.", kinds=_CSV, choices=(".", ","))] = "."
    thousands: Annotated[
        str, about("The sign between groups of three digits: , . ' or a space; empty: none.", kinds=_CSV)
    ] = ""
    encoding: Annotated[str, about("Of the text, such as cp1252; empty: UTF-8.", kinds=_CSV)] = ""
    split: Annotated[
        str | dict[str, str],
        about(
            "Which rows are kept aside for testing and validation: some picked at random (share), or picked by what is "
            "in them, so that equal rows stay together (content), the last ones (order), or those that a column names: "
            '{ column = "fold", test = "test" }.',
            kinds=_CSV,
            choices=("share", "content", "order"),
        ),
    ] = "share"
    test_path: Annotated[str, about("A table of its own to test on.", kinds=_CSV)] | None = None
    function: Annotated[str, about("The surface to walk down.", kinds=_SURFACE, choices=tuple(SURFACES))] | None = None
    start: (
        Annotated[
            tuple[float, float], about("Where the point sets out; the surface's own if left out.", kinds=_SURFACE)
        ]
        | None
    ) = None


FILES = ("path", "test_path")
"""Keys of `data` that name files."""
