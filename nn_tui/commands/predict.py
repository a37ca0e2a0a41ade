"""`nn-tui predict`: what a saved model makes of samples."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nn_tui.commands.failure import Failure, one_message
from nn_tui.commands.files import InputFile
from nn_tui.shell.machine import write_json
from nn_tui.shell.telling import tell
from nn_tui.shown import shown

if TYPE_CHECKING:
    from nn_tui.data.samples import SampleLayout, Samples
    from nn_tui.training.files.model import Model
    from nn_tui.training.prediction import InputRows

_OPTIONS = ("--test", "--json", "--unknown", "--invert", "--no-invert", "--help")
_NUMBERS = re.compile(r"([0-9]{1,9})(?:-([0-9]{1,9}))?")


# Unknown options are let through, since a row may begin with a minus sign.
@click.command("predict", context_settings={"ignore_unknown_options": True})
@click.argument("model", type=InputFile())
@click.argument("samples", nargs=-1)
@click.option("--test", is_flag=True, help="The whole test set, and how good the model is on it.")
@click.option("--invert/--no-invert", default=None, help="Swap dark and light in pictures; decided by their edge.")
@click.option(
    "--unknown",
    type=click.Choice(("refuse", "zeros")),
    default="refuse",
    help="What to do with a category never seen in training.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def predict_command(
    model: Path, samples: tuple[str, ...], test: bool, invert: bool | None, unknown: str, as_json: bool
) -> None:
    """What a saved MODEL makes of SAMPLES.

    \b
    A sample is one of:
      7, 0-9        test samples by number, from 0, of the model's own scenario
      5.1,red,1.4   a row of raw inputs, in the order of the model's columns
      flowers.csv   rows with a header (columns by name) or without (in order)
      inputs.npy    an array (samples, inputs), of pictures also 3-dimensional
      shirt.png     a picture, for models of pictures (needs nn-tui[images])

    Without samples, or with --test, it is tried on its whole test set. Where the truth is known, accuracy, a confusion
    matrix, precision, recall and F1 are printed, of a regression R² and the mean errors.
    """
    if test and samples:
        raise Failure("--test takes the whole test set; leave the samples out, or --test")
    with one_message():
        from nn_tui.training.files.model_file import load_model
        from nn_tui.training.prediction import joined, own_test_set, predict

        loaded = load_model(model)
        notes: list[str] = []
        batch = (
            joined(list(_asked(loaded, samples, invert, unknown, notes))) if samples else own_test_set(loaded, notes)
        )
        predictions = predict(loaded, batch)
    for note in notes:
        tell(shown(note))
    if as_json:
        write_json(predictions)
        return
    from nn_tui.shell.tables.prediction_table import print_predictions

    print_predictions(loaded, batch, predictions, each=bool(samples))


def _asked(
    model: "Model", texts: Sequence[str], invert: bool | None, unknown: str, notes: list[str]
) -> Iterator["InputRows"]:
    """The samples that the arguments name, in their order; what was done to them goes to `notes`."""
    from nn_tui.training.prediction import batch_of, own_test_set

    test_set: InputRows | None = None
    layout = _layout(model, unknown)
    for text in texts:
        if numbers := _NUMBERS.fullmatch(text):
            test_set = test_set or own_test_set(model, notes)
            first, last = int(numbers[1]), int(numbers[2] or numbers[1])
            yield test_set.rows(_range(text, first, last, len(test_set.names)))
            continue
        samples = _read(text, layout, invert)
        notes.extend(samples.notes)
        yield batch_of(model, samples)


def _range(text: str, first: int, last: int, count: int) -> range:
    if first > last:
        raise Failure(f"{text}: counts down; write {last}-{first}")
    if last >= count:
        raise Failure(f"{text}: the test set has {count:,} samples, 0 to {count - 1}")
    return range(first, last + 1)


def _layout(model: "Model", unknown: str) -> "SampleLayout":
    from nn_tui.data.samples import SampleLayout
    from nn_tui.training.run.table_loading import format_of

    target = model.scenario.data.target
    targets = (target,) if isinstance(target, str | int) else target or ()
    places = tuple(place for place in targets if isinstance(place, int))
    return SampleLayout(
        columns=model.columns,
        target_names=model.target_names,
        class_names=model.class_names,
        target_places=places if len(places) == len(targets) > 0 else None,
        image_shape=model.image_shape,
        coding=model.coding,
        how=format_of(model.scenario.data),
        unknown="zeros" if unknown == "zeros" else "refuse",
    )


def _read(text: str, layout: "SampleLayout", invert: bool | None) -> "Samples":
    from nn_tui.data import picture
    from nn_tui.data.npy import read_npy
    from nn_tui.data.samples import is_row, read_row, read_table
    from nn_tui.data.tables.endings import is_table

    if is_row(text):
        return read_row(text, layout)
    if text.startswith("-"):
        raise click.NoSuchOption(text, possibilities=_OPTIONS)
    path = Path(text)
    suffix = path.suffix.lower()
    if is_table(path.name):
        return read_table(path, layout)
    if suffix == ".npy":
        return read_npy(path, layout)
    if suffix in picture.SUFFIXES:
        return picture.read_picture(path, layout, invert)
    raise Failure(
        f"{text!r} is no sample; name a test sample's number (7, 0-9), a row of numbers (5.1,3.5), "
        "a table (.csv), a .npy file, or a picture (.png)"
    )
