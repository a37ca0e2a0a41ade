"""A model as a PyTorch script: the network, its loss and optimizer, written to be read and to run as it is."""

import json
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from nn_tui.data.features import FEATURES
from nn_tui.data.scaling import Scaling
from nn_tui.engine.activations import Activation
from nn_tui.engine.modes import MODES
from nn_tui.engine.schedules import SCHEDULES
from nn_tui.scenario.schema import OptimizerTable, ScheduleTable
from nn_tui.shown import escaped, shown
from nn_tui.training.files.coding_script import code_function, needs_dates, sample_rows
from nn_tui.training.files.model import Model
from nn_tui.training.files.tensor_file import ModelError
from nn_tui.wording import counted

_RULES: dict[str, tuple[str, tuple[str, ...]]] = {
    "sgd": ("SGD", ()),
    "momentum": ("SGD", ()),
    "nesterov": ("SGD", ()),
    "adagrad": ("Adagrad", ("eps={epsilon}",)),
    "rmsprop": ("RMSprop", ("alpha={beta}", "eps={epsilon}")),
    "adam": ("Adam", ("betas=({beta1}, {beta2})", "eps={epsilon}")),
    "adamw": ("AdamW", ("betas=({beta1}, {beta2})", "eps={epsilon}", "weight_decay={weight_decay}")),
}
"""What PyTorch calls an optimizer, and its settings in nn-tui's."""

_FEATURES = {
    "x": "x",
    "y": "y",
    "xy": "x * y",
    "x2": "x * x",
    "y2": "y * y",
    "sinx": "torch.sin(torch.pi * x)",
    "siny": "torch.sin(torch.pi * y)",
}
_MOST_COLUMNS = 16
"""Samples and scalings of more columns are not written out."""

_WIDTH = 100


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
        parts = (
            self._head(),
            *self._functions(),
            self._network(),
            self._loss(),
            self._optimizer(),
            *([code_function(self.coding)] if self.coding else []),
            self._prepare(),
            self._predict(),
            self._train_step(),
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
        standard += ["import math"] if self.training.schedule.name == "cosine" else []
        dates = self.coding is not None and needs_dates(self.coding)
        standard += ["from datetime import datetime, timezone"] if dates else []
        standard += ["from pathlib import Path"] if self.beside else []
        lines = [
            f'"""{_safe(self.model.scenario.title)}',
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
            f"WEIGHTS = {f'Path(__file__).parent / {_quoted(self.weights)}' if self.beside else _quoted(self.weights)}",
        ]
        if self.model.class_names:
            lines.append(_listing("CLASSES = ", [_quoted(name) for name in self.model.class_names]))
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

    # -- learning ----------------------------------------------------------------------------------------------------

    def _loss(self) -> str:
        loss, output = self.network.loss, self.network.output
        if not (loss.pytorch or self.network.is_fused):
            raise ModelError(f"PyTorch has no counterpart of the loss {loss.name}")
        if not output.pytorch:
            raise ModelError(f"PyTorch has no counterpart of the output {output.name}")
        weighed = self.training.class_weight
        if weighed != "none":
            # As comment: of losses PyTorch has, only some take weights of classes.
            told = weighed if isinstance(weighed, str) else json.dumps(weighed, ensure_ascii=False)
            return f"# nn-tui weighs the classes ({told}): its mean is sum(w * loss) / sum(w).\n{self._plain_loss()}"
        return self._plain_loss()

    def _plain_loss(self) -> str:
        loss = self.network.loss
        if self.network.is_fused:
            return f"loss_function = {loss.fused_pytorch}"
        if loss.pytorch.startswith("nn.") and "targets" not in loss.pytorch:
            return f"loss_function = {loss.pytorch}"
        return "\n".join(
            [
                "def loss_function(prediction, targets):",
                *(["    # At a perfect fit its gradient is NaN; nn-tui takes 0."] if loss.rooted else []),
                f"    return {loss.pytorch}",
            ]
        )

    def _optimizer(self) -> str:
        lines = list(_optimizer(self.training.optimizer))
        if self.training.schedule.name != "constant":
            lines += _schedule(self.training.schedule, self._steps_per_epoch(), self.training.epochs)
        return "\n".join(lines)

    def _steps_per_epoch(self) -> int:
        return MODES[self.training.mode].steps(self.training.batch_size, self.model.train_samples)

    def _penalties(self) -> Iterator[str]:
        penalty = self.training.regularization
        if penalty.l1 or penalty.l2:
            yield "    # Of the weights only: biases are not penalised."
            yield "    weights = [layer.weight for layer in model if isinstance(layer, nn.Linear)]"
        if penalty.l1:
            yield f"    loss = loss + {penalty.l1} * sum(weight.abs().sum() for weight in weights)"
        if penalty.l2:
            yield f"    loss = loss + {penalty.l2} / 2 * sum(weight.square().sum() for weight in weights)"

    def _train_step(self) -> str:
        clip = self.training.clip
        prediction = "model(inputs)"
        if not self.network.is_fused:
            prediction = self.network.output.pytorch.format(prediction)
        lines = [
            "def train_step(inputs, targets):",
            f'    """One step on prepared inputs and their targets, {self._targets()}; returns the loss."""',
            "    model.train()",
            f"    loss = loss_function({prediction}, targets)",
            *self._penalties(),
            "    optimizer.zero_grad()",
            "    loss.backward()",
        ]
        if clip.norm:
            lines.append("    # PyTorch adds 1e-6 to the norm it divides by.")
            lines.append(f"    nn.utils.clip_grad_norm_(model.parameters(), {clip.norm})")
        if clip.value:
            lines.append(f"    nn.utils.clip_grad_value_(model.parameters(), {clip.value})")
        lines.append("    optimizer.step()")
        if self.training.schedule.name != "constant":
            lines.append("    scheduler.step()")
        lines.append("    return loss.item()")
        return "\n".join(lines)

    def _targets(self) -> str:
        outputs = self.network.outputs
        if self.network.is_fused and self.network.loss.fused_needs_one_hot:
            return "class numbers (n,)"
        if outputs > 1 and self.model.class_names:
            return f"one-hot (n, {outputs})"
        return (
            "0 or 1 (n, 1)"
            if self.model.task == "binary"
            else f"scaled (n, {outputs})"
            if self._scales_target
            else f"(n, {outputs})"
        )

    @property
    def _scales_target(self) -> bool:
        return self.model.target_scaling.kind != "none"

    # -- predicting --------------------------------------------------------------------------------------------------

    def _prepare(self) -> str:
        columns = self.model.columns
        names = ", ".join(columns) if len(columns) <= _MOST_COLUMNS else f"{len(columns)} of them"
        if self.model.image_shape:
            names = "pixels from 0 to 1"
        dtype = self.network.dtype.name
        lines = [
            "def prepare(raw):",
            f'    """Raw inputs (n, {len(columns)}) as the network takes them: {_safe(names)}."""',
        ]
        if not (self.maps or self.coding) and self.model.input_scaling.kind == "none":
            return "\n".join([*lines, f"    return torch.as_tensor(raw, dtype=torch.{dtype})"])
        coded = "torch.tensor([code(row) for row in raw]" if self.coding else "torch.as_tensor(raw"
        lines.append(f"    inputs = {coded}, dtype=torch.float64)")
        if self.maps:
            assert self.model.features is not None
            lines.append("    x, y = inputs[:, 0], inputs[:, -1]" if self._uses_y() else "    x = inputs[:, 0]")
            features = [_FEATURES[name] for name in self.model.features]
            lines.append(_listing("    inputs = torch.stack(", features, ", dim=1)"))
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
            yield _listing("    shift = torch.tensor(", _numbers(scaling.shift), ", dtype=torch.float64)")
            yield _listing("    scale = torch.tensor(", _numbers(scaling.scale), ", dtype=torch.float64)")
        yield "    inputs = (inputs - shift) / scale"

    def _predict(self) -> str:
        model, output = self.model, self.network.output
        what = "Probabilities" if output.probabilities else "Outputs"
        if model.task == "regression":
            what = f"Predictions of {_safe(', '.join(model.target_names))}"
        elif self.network.outputs == 1:
            what = f"{what} of class {_safe(model.class_names[1])}"
        lines = [
            "def predict(raw):",
            f'    """{what} for raw inputs, shape (n, {self.network.outputs})."""',
            "    model.eval()",
            "    with torch.no_grad():",
            "        outputs = model(prepare(raw))",
        ]
        result = output.pytorch.format("outputs")
        if self._scales_target:
            shift, scale = (_vector(values) for values in (model.target_scaling.shift, model.target_scaling.scale))
            result = f"{result} * {scale} + {shift}"
        return "\n".join([*lines, f"    return {result}"])

    def _main(self) -> str:
        count = len(self.model.columns)
        samples = sample_rows(self.coding, self.model.input_scaling) if self.coding else _samples(self.model)
        known = self.model.predict(samples).tolist()
        lines = ['if __name__ == "__main__":']
        if self.coding:
            lines.append(_listing("    samples = ", [json.dumps(row, ensure_ascii=False) for row in samples]))
        elif count > _MOST_COLUMNS:
            lines.append(f"    samples = [[level] * {count} for level in (0.0, 0.5, 1.0)]")
        else:
            lines.append(_listing("    samples = ", [f"[{', '.join(_numbers(row))}]" for row in samples]))
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


def _optimizer(optimizer: OptimizerTable) -> Iterator[str]:
    lr, settings = optimizer.lr, optimizer.settings
    if optimizer.name not in _RULES:
        raise ModelError(f"PyTorch has no counterpart of the optimizer {optimizer.name}")
    name, arguments = _RULES[optimizer.name]
    if optimizer.name in ("momentum", "nesterov") and settings["beta"] > 0:
        yield "# nn-tui's momentum is a running mean of gradients, v = beta * v + (1 - beta) * g, PyTorch's their sum,"
        yield "# v = beta * v + g. At (1 - beta) times the rate both take the same steps, from the first on."
        nesterov = ", nesterov=True" if optimizer.name == "nesterov" else ""
        yield (
            f"optimizer = torch.optim.SGD(model.parameters(), lr={lr} * (1 - {settings['beta']}), "
            f"momentum={settings['beta']}{nesterov})"
        )
        return
    given = "".join(f", {argument.format(**settings)}" for argument in arguments)
    yield f"optimizer = torch.optim.{name}(model.parameters(), lr={lr}{given})"


def _schedule(schedule: ScheduleTable, steps_per_epoch: int, epochs: int) -> Iterator[str]:
    settings, each = schedule.settings, steps_per_epoch
    factors = {
        "step": lambda: f"{settings['decay']} ** (step // {round(settings['every'] * each)})",
        "exponential": lambda: f"{settings['decay']} ** (step / {each})",
        "cosine": lambda: (
            f"{settings['minimum']} + (1 - {settings['minimum']}) * "
            f"(1 + math.cos(math.pi * min(step / {epochs * each}, 1))) / 2"
        ),
        "warm-up": lambda: (
            f"min(1, {settings['start']} + (1 - {settings['start']}) * step / {round(settings['epochs'] * each)})"
        ),
    }
    if schedule.name not in factors:
        raise ModelError(f"PyTorch has no counterpart of the schedule {schedule.name}")
    yield f"# {SCHEDULES[schedule.name].formula}, of the rate; an epoch has {each:,} steps."
    yield "scheduler = torch.optim.lr_scheduler.LambdaLR("
    yield f"    optimizer, lambda step: {factors[schedule.name]()}"
    yield ")"


def _module(activation: Activation) -> str:
    return activation.pytorch if activation.pytorch.startswith("nn.") else f"{_class_name(activation)}()"


def _class_name(activation: Activation) -> str:
    return activation.name.title().replace("_", "")


def _numbers(values: Sequence[float] | NDArray[np.float64]) -> list[str]:
    return [repr(float(value)) for value in values]


def _vector(values: NDArray[np.float64]) -> str:
    """One number, or a tensor of several."""
    numbers = _numbers(values)
    return numbers[0] if len(numbers) == 1 else f"torch.tensor([{', '.join(numbers)}])"


def _quoted(text: str) -> str:
    return escaped(json.dumps(text, ensure_ascii=False))


def _safe(text: str) -> str:
    """Text that can stand in a docstring."""
    return shown(text).replace("\\", "\\\\").replace('"', "'")


def _listing(before: str, items: Sequence[str], after: str = "") -> str:
    """A list on one line, or on as many as it takes."""
    line = f"{before}[{', '.join(items)}]{after}"
    if len(line) <= _WIDTH:
        return line
    indent = " " * (len(before) - len(before.lstrip()))
    lines = [""]
    for item in items:
        if lines[-1] and len(indent) + 5 + len(lines[-1]) + len(item) > _WIDTH:
            lines.append("")
        lines[-1] += f"{' ' if lines[-1] else ''}{item},"
    return "\n".join([f"{before}[", *(f"{indent}    {line}" for line in lines), f"{indent}]{after}"])
