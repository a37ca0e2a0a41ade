"""How a model learns, as a part of a PyTorch script: its loss, its optimizer, a step."""

import re
from collections.abc import Iterator

from nn_tui.engine.modes import MODES
from nn_tui.engine.optimizers import OPTIMIZERS
from nn_tui.engine.schedules import SCHEDULES
from nn_tui.training.files.model import Model
from nn_tui.training.files.source_text import numbers
from nn_tui.training.files.tensor_file import ModelError

_EPOCH = re.compile(r"\bepoch\b")


class Learning:
    """Writes the parts of the script by which the model is trained on."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.network = model.network
        self.training = model.present.training

    def loss(self) -> str:
        """The loss, of predictions or logits.

        Raises:
            ModelError: where PyTorch has no such loss or output.
        """
        loss, output, fused = self.network.loss, self.network.output, self.network.is_fused
        if not (loss.pytorch or fused):
            raise ModelError(f"PyTorch has no counterpart of the loss {loss.name}")
        if not output.pytorch:
            raise ModelError(f"PyTorch has no counterpart of the output {output.name}")
        if self.training.class_weight != "none":
            return self._weighted_loss()
        if fused:
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

    def _weighted_loss(self) -> str:
        loss = self.network.loss
        terms = loss.fused_pytorch_terms if self.network.is_fused else loss.pytorch_terms
        if not terms:
            raise ModelError(f"PyTorch has no counterpart of the loss {loss.name} with weights of classes")
        if not self.model.class_weights:
            raise ModelError(
                "it was saved by an older nn-tui, without the weights that its classes have; "
                "resume the run with this one and save it again"
            )
        classes = "targets[:, 0].long()"
        if self.takes_class_numbers:
            classes = "targets"
        elif self.network.outputs > 1:
            classes = "targets.argmax(dim=1)"
        mean = "(weights * losses).sum() / weights.sum().clamp(min=1e-30)"
        dtype = self.network.dtype.name
        return "\n".join(
            [
                f"CLASS_WEIGHTS = torch.tensor([{', '.join(numbers(self.model.class_weights))}], dtype=torch.{dtype})",
                "",
                "",
                "def loss_function(prediction, targets):",
                '    """A mean in which each sample counts by its class\'s weight."""',
                f"    weights = CLASS_WEIGHTS[{classes}]",
                f"    losses = {terms}",
                "    losses = losses.reshape(len(targets), -1).mean(dim=1)",
                *(["    # At a perfect fit its gradient is NaN; nn-tui takes 0."] if loss.rooted else []),
                f"    return {f'({mean}).sqrt()' if loss.rooted else mean}",
            ]
        )

    def optimizer(self) -> str:
        """The optimizer and, where the rate changes, its scheduler.

        Raises:
            ModelError: where PyTorch has no such optimizer or schedule.
        """
        chosen, schedule = self.training.optimizer, self.training.schedule
        rule = OPTIMIZERS[chosen.name]
        # Its own word for itself: a rule that is made of another one is not that one.
        if not vars(rule).get("pytorch"):
            raise ModelError(f"PyTorch has no counterpart of the optimizer {chosen.name}")
        lines = [f"# {line}" for line in rule.pytorch_note]
        lines.append(f"optimizer = torch.optim.{rule.pytorch.format(lr=chosen.lr, **chosen.settings)}")
        if self._changes_rate:
            factor = getattr(SCHEDULES[schedule.name], "pytorch", "")
            if not factor:
                raise ModelError(f"PyTorch has no counterpart of the schedule {schedule.name}")
            steps = MODES[self.training.mode].steps(self.training.batch_size, self.model.train_samples)
            factor = factor.format(run=self.training.epochs, **schedule.settings)
            lines += [
                f"# {SCHEDULES[schedule.name].formula}, of the rate; an epoch has {steps:,} steps.",
                "scheduler = torch.optim.lr_scheduler.LambdaLR(",
                f"    optimizer, lambda step: {re.sub(_EPOCH, f'(step / {steps})', factor)}",
                ")",
            ]
        return "\n".join(lines)

    @property
    def _changes_rate(self) -> bool:
        return self.training.schedule.name != "constant"

    def train_step(self) -> str:
        """A function that takes a step."""
        clip = self.training.clip
        prediction = "model(inputs)"
        if not self.network.is_fused:
            prediction = self.network.output.pytorch.format(prediction)
        lines = [
            "def train_step(inputs, targets):",
            f'    """One step on prepared inputs and their targets, {self._targets()}; returns the loss."""',
            *self._batch_note(),
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
        if self._changes_rate:
            lines.append("    scheduler.step()")
        lines.append("    return loss.item()")
        return "\n".join(lines)

    def _batch_note(self) -> Iterator[str]:
        if any(layer.normalization and layer.normalization.way.over_samples for layer in self.network.layers):
            yield "    # PyTorch refuses a batch of one sample here; nn-tui normalizes it by the running means."

    def _penalties(self) -> Iterator[str]:
        penalty = self.training.regularization
        if penalty.l1 or penalty.l2:
            yield "    # Of the weights only: biases are not penalized."
            yield "    weights = [layer.weight for layer in model if isinstance(layer, nn.Linear)]"
        if penalty.l1:
            yield f"    loss = loss + {penalty.l1} * sum(weight.abs().sum() for weight in weights)"
        if penalty.l2:
            yield f"    loss = loss + {penalty.l2} / 2 * sum(weight.square().sum() for weight in weights)"

    @property
    def takes_class_numbers(self) -> bool:
        """Whether targets are numbers of classes, rather than a number for each output."""
        return self.network.is_fused and self.network.loss.fused_needs_one_hot

    def _targets(self) -> str:
        outputs = self.network.outputs
        if self.takes_class_numbers:
            return "class numbers (n,)"
        if outputs > 1 and self.model.class_names:
            return f"one-hot (n, {outputs})"
        if self.model.task == "binary":
            return "0 or 1 (n, 1)"
        return f"scaled (n, {outputs})" if self.model.target_scaling.kind != "none" else f"(n, {outputs})"
