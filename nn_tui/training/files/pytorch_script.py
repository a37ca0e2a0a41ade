"""A model as a PyTorch script: the network, its loss and optimizer, written to be read and to run as it is."""

import json
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from nn_tui.data.features import FEATURES
from nn_tui.data.scaling import Scaling
from nn_tui.engine.activations import Activation
from nn_tui.training.files.coding_script import code_function, needs_dates, sample_rows
from nn_tui.training.files.learning_script import Learning
from nn_tui.training.files.model import Model
from nn_tui.training.files.source_text import in_docstring, listing, numbers, quoted, vector
from nn_tui.training.files.tensor_file import ModelError
from nn_tui.wording import counted

_MOST_COLUMNS = 16
"""Samples and scalings of more columns are not written out."""


def pytorch_script(model: Model, weights: str, beside: bool) -> str:
    """The script's text.

    Args:
        model: what it rebuilds.
        weights: the model's file, relative to the script's folder.
        beside: whether that folder is where the script is; else it is where it runs.
    """
    return _Script(model, weights, beside).text()


class _Script:
    """Writes the script part by part."""

    def __init__(self, model: Model, weights: str, beside: bool) -> None:
        self.model = model
        self.network = model.network
        self.weights = weights
        self.beside = beside
        self.training = model.present.training
        self.maps = model.features is not None and model.features != model.columns
        self.long = len(model.input_scaling.shift) > _MOST_COLUMNS and model.input_scaling.kind != "none"
        self.coding = None if model.coding is None or model.coding.is_plain else model.coding

    def text(self) -> str:
        learning = Learning(self.model)
        parts = (
            self._head(),
            *self._functions(),
            self._network(),
            learning.loss(),
            learning.optimizer(),
            *([code_function(self.coding)] if self.coding else []),
            self._prepare(),
            self._predict(),
            learning.train_step(),
            self._main(),
        )
        text, before = "", False
        for part in parts:
            block = part.startswith(("def ", "if ", "class "))
            text += ("" if not text else "\n\n\n" if block or before else "\n\n") + part
            before = block
        return text + "\n"

    def _head(self) -> str:
        standard = ["import json"] if self.long else []
        standard += ["import math"] if "math." in Learning(self.model).optimizer() else []
        dates = self.coding is not None and needs_dates(self.coding)
        standard += ["from datetime import datetime, timezone"] if dates else []
        standard += ["from pathlib import Path"] if self.beside else []
        lines = [
            f'"""{in_docstring(self.model.scenario.title)}',
            "",
            f"Written by nn-tui: a network after {counted(self.model.steps, 'step')}, "
            "with its loss and a fresh optimizer.",
            '"""',
            "",
            *([*standard, ""] if standard else []),
            "import torch",
            *(["from safetensors import safe_open"] if self.long else []),
            "from safetensors.torch import load_file",
            "from torch import nn",
            "",
            f"WEIGHTS = {f'Path(__file__).parent / {quoted(self.weights)}' if self.beside else quoted(self.weights)}",
        ]
        if self.model.class_names:
            lines.append(listing("CLASSES = ", [quoted(name) for name in self.model.class_names]))
        return "\n".join(lines)

    def _functions(self) -> Iterator[str]:
        """A module for every activation that is only an expression in PyTorch."""
        for activation in dict.fromkeys(layer.activation for layer in self.network.layers if layer.activation):
            if not activation.pytorch:
                raise ModelError(f"PyTorch has no counterpart of the activation {activation.name}")
            if not activation.pytorch.startswith("nn."):
                yield (
                    f"class {_class_name(activation)}(nn.Module):\n"
                    f'    """{activation.formula}"""\n\n'
                    f"    def forward(self, x):\n        return {activation.pytorch}"
                )

    def _network(self) -> str:
        lines = ["model = nn.Sequential("]
        for layer in self.network.layers:
            lines.append(f"    nn.Linear({layer.inputs}, {layer.units}),")
            if layer.normalization is not None:
                lines.append(f"    {layer.normalization.way.pytorch.format(layer.units)},")
            if layer.activation is not None:
                lines.append(f"    {_module(layer.activation)},")
            if layer.dropout:
                lines.append(f"    nn.Dropout({layer.dropout}),")
        double = ".double()" if self.network.dtype == np.float64 else ""
        return "\n".join([*lines, f"){double}", "model.load_state_dict(load_file(WEIGHTS))"])

    # -- predicting --------------------------------------------------------------------------------------------------

    def _prepare(self) -> str:
        columns = self.model.columns
        names = ", ".join(columns) if len(columns) <= _MOST_COLUMNS else f"{len(columns)} of them"
        if self.model.image_shape:
            names = "pixels from 0 to 1"
        dtype = self.network.dtype.name
        lines = [
            "def prepare(raw):",
            f'    """Raw inputs (n, {len(columns)}) as the network takes them: {in_docstring(names)}."""',
        ]
        if not (self.maps or self.coding) and self.model.input_scaling.kind == "none":
            return "\n".join([*lines, f"    return torch.as_tensor(raw, dtype=torch.{dtype})"])
        coded = "torch.tensor([code(row) for row in raw]" if self.coding else "torch.as_tensor(raw"
        lines.append(f"    inputs = {coded}, dtype=torch.float64)")
        if self.maps:
            assert self.model.features is not None
            lines.append("    x, y = inputs[:, 0], inputs[:, -1]" if self._uses_y() else "    x = inputs[:, 0]")
            features = [FEATURES[name].pytorch for name in self.model.features]
            lines.append(listing("    inputs = torch.stack(", features, ", dim=1)"))
        lines += self._scaling(self.model.input_scaling)
        lines.append("    return inputs" if dtype == "float64" else "    return inputs.float()")
        return "\n".join(lines)

    def _uses_y(self) -> bool:
        return any(FEATURES[name].needs_y for name in self.model.features or ())

    def _scaling(self, scaling: Scaling) -> Iterator[str]:
        if scaling.kind == "none":
            return
        if self.long:
            yield '    with safe_open(WEIGHTS, "pt") as file:'
            yield '        scaling = json.loads(file.metadata()["nn_tui"])["input_scaling"]'
            yield '    shift, scale = (torch.tensor(scaling[key], dtype=torch.float64) for key in ("shift", "scale"))'
        else:
            yield listing("    shift = torch.tensor(", numbers(scaling.shift), ", dtype=torch.float64)")
            yield listing("    scale = torch.tensor(", numbers(scaling.scale), ", dtype=torch.float64)")
        yield "    inputs = (inputs - shift) / scale"

    def _predict(self) -> str:
        model, output = self.model, self.network.output
        what = "Probabilities" if output.probabilities else "Outputs"
        if model.task == "regression":
            what = f"Predictions of {in_docstring(', '.join(model.target_names))}"
        elif self.network.outputs == 1:
            what = f"{what} of class {in_docstring(model.class_names[1])}"
        lines = [
            "def predict(raw):",
            f'    """{what} for raw inputs, shape (n, {self.network.outputs})."""',
            "    model.eval()",
            "    with torch.no_grad():",
            "        outputs = model(prepare(raw))",
        ]
        result = output.pytorch.format("outputs")
        if model.target_scaling.kind != "none":
            shift, scale = (vector(values) for values in (model.target_scaling.shift, model.target_scaling.scale))
            result = f"{result} * {scale} + {shift}"
        return "\n".join([*lines, f"    return {result}"])

    def _main(self) -> str:
        count = len(self.model.columns)
        samples = sample_rows(self.coding, self.model.input_scaling) if self.coding else _samples(self.model)
        known = self.model.predict(samples).tolist()
        lines = ['if __name__ == "__main__":']
        if self.coding:
            lines.append(listing("    samples = ", [json.dumps(row, ensure_ascii=False) for row in samples]))
        elif count > _MOST_COLUMNS:
            lines.append(f"    samples = [[level] * {count} for level in (0.0, 0.5, 1.0)]")
        else:
            lines.append(listing("    samples = ", [f"[{', '.join(numbers(row))}]" for row in samples]))
        lines.append("    # What nn-tui predicts:")
        form = ".5f" if self.network.output.probabilities else ".6g"
        lines += [f"    # {'  '.join(format(value, form) for value in row)}" for row in known]
        lines.append("    for row in predict(samples).tolist():")
        if self.network.outputs > 1 and not self.model.class_names:
            lines.append(f'        print(*(f"{{value:{form}}}" for value in row), sep="  ")')
        elif self.network.outputs > 1:
            lines.append(
                f'        print(*(f"{{value:{form}}}" for value in row), CLASSES[row.index(max(row))], sep="  ")'
            )
        else:
            lines.append(f'        print(f"{{row[0]:{form}}}")')
        return "\n".join(lines)


def _samples(model: Model) -> NDArray[np.float64]:
    """Three raw inputs (3, columns) that are short to write and not out of the way."""
    count, scaling = len(model.columns), model.input_scaling
    levels = np.array([[0.0], [0.5], [1.0]])
    if model.features is not None:
        return np.array([[-0.5, -0.5], [-0.5, 0.5], [0.5, 0.5]])[:, -count:]
    if scaling.kind == "none" or count > _MOST_COLUMNS:
        return np.repeat(levels, count, axis=1)
    around = scaling.undo(levels - 0.5 if scaling.kind == "standard" else levels)
    return np.array([[float(f"{value:.3g}") for value in row] for row in around.tolist()])


def _module(activation: Activation) -> str:
    return activation.pytorch if activation.pytorch.startswith("nn.") else f"{_class_name(activation)}()"


def _class_name(activation: Activation) -> str:
    return activation.name.title().replace("_", "")
