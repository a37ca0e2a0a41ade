"""`nn-tui export`: a saved model for another program."""

import os
from pathlib import Path

import click

from nn_tui.commands.failure import one_message
from nn_tui.commands.files import STDOUT, InputFile, OutputFile
from nn_tui.shell.machine import write_out


@click.command("export")
@click.argument("model", type=InputFile())
@click.option("--to", "target", type=click.Choice(["pytorch"]), required=True, help="For what program.")
@click.option("--output", type=OutputFile(takes_stdout=True), metavar="FILE.py", help="Where to; stdout if left out.")
def export_command(model: Path, target: str, output: Path | None) -> None:  # noqa: ARG001
    """Write a script that rebuilds a saved MODEL in PyTorch.

    It has the network, loss and optimizer, loads the weights from MODEL and predicts; it runs as it is where torch and
    safetensors are installed, and is meant to be read and changed. The weights stay in MODEL: keep both files where
    they are, or change WEIGHTS in the script.
    """
    with one_message():
        from nn_tui.training.files.atomic import write_atomically
        from nn_tui.training.files.model_file import load_model
        from nn_tui.training.files.overwriting import check_outputs, input_files
        from nn_tui.training.files.pytorch_script import pytorch_script

        loaded = load_model(model)
        if output is None or output == STDOUT:
            write_out(pytorch_script(loaded, _relative(model, Path()), beside=False))
            return
        check_outputs([output], {model: "the model itself"} | input_files(loaded.scenario))
        write_atomically(output, pytorch_script(loaded, _relative(model, output.parent), beside=True).encode())


def _relative(model: Path, folder: Path) -> str:
    try:
        return Path(os.path.relpath(model, folder)).as_posix()
    except ValueError:
        # On Windows, from another drive.
        return model.absolute().as_posix()
