"""`nn-tui export --to pytorch`: the script's text, and that it does in PyTorch what nn-tui does."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

import nn_tui
from nn_tui.cli import cli
from nn_tui.engine.activations import ACTIVATIONS
from nn_tui.engine.optimizers import OPTIMIZERS
from nn_tui.engine.schedules import SCHEDULES
from nn_tui.scenario.reading import from_mapping
from nn_tui.scenario.schema import Regularization
from nn_tui.training.run.session import Stop
from tests.training.runs import trainer_of

GOLDEN = '''\
"""Golden: a 'quoted' title

Written by nn-tui: a network after 0 steps, with its loss and a fresh optimizer.
"""

import math
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn

WEIGHTS = Path(__file__).parent / "models/m.safetensors"
CLASSES = ["0", "1"]

model = nn.Sequential(
    nn.Linear(3, 4),
    nn.ReLU(),
    nn.Dropout(0.25),
    nn.Linear(4, 2),
    nn.Tanh(),
    nn.Linear(2, 1),
)
model.load_state_dict(load_file(WEIGHTS))

loss_function = nn.BCEWithLogitsLoss()

# nn-tui's momentum is a running mean of gradients, v = beta * v + (1 - beta) * g, PyTorch's their sum,
# v = beta * v + g. At (1 - beta) times the rate both take the same steps, from the first on.
optimizer = torch.optim.SGD(model.parameters(), lr=0.1 * (1 - 0.9), momentum=0.9)
# η·decay^⌊epoch / every⌋, of the rate; an epoch has 9 steps.
scheduler = torch.optim.lr_scheduler.LambdaLR(
    optimizer, lambda step: 0.5 ** math.floor((step / 9) / 10)
)


def prepare(raw):
    """Raw inputs (n, 2) as the network takes them: x, y."""
    inputs = torch.as_tensor(raw, dtype=torch.float64)
    x, y = inputs[:, 0], inputs[:, -1]
    inputs = torch.stack([x, y, x * y], dim=1)
    return inputs.float()


def predict(raw):
    """Probabilities of class 1 for raw inputs, shape (n, 1)."""
    model.eval()
    with torch.no_grad():
        outputs = model(prepare(raw))
    return torch.sigmoid(outputs)


def train_step(inputs, targets):
    """One step on prepared inputs and their targets, 0 or 1 (n, 1); returns the loss."""
    model.train()
    loss = loss_function(model(inputs), targets)
    # Of the weights only: biases are not penalized.
    weights = [layer.weight for layer in model if isinstance(layer, nn.Linear)]
    loss = loss + 0.01 / 2 * sum(weight.square().sum() for weight in weights)
    optimizer.zero_grad()
    loss.backward()
    # PyTorch adds 1e-6 to the norm it divides by.
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    scheduler.step()
    return loss.item()


if __name__ == "__main__":
    samples = [[-0.5, -0.5], [-0.5, 0.5], [0.5, 0.5]]
    # What nn-tui predicts:
    # 0.50000
    # 0.50000
    # 0.50000
    for row in predict(samples).tolist():
        print(f"{row[0]:.5f}")
'''


def scenario(kind: str = "xor", *, data: Any = None, network: Any = None, **training: Any) -> Any:
    return from_mapping(
        {
            "title": "exported",
            "data": {"kind": kind, **(data or {})},
            "network": {"hidden": [5, 4], **(network or {})},
            "training": training,
        }
    )


def named(case: Any) -> str:
    """A test's name for a scenario."""
    training = case.training
    parts = (case.data.kind, case.network.activation, training.loss, training.optimizer.name, training.schedule.name)
    return "-".join(parts)


def export(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["export", *(str(argument) for argument in arguments), "--to", "pytorch"])


def written(run: nn_tui.Run, folder: Path) -> Path:
    """The exported script, beside the model's file."""
    run.save(folder / "m.safetensors")
    result = export(folder / "m.safetensors", "--output", folder / "script.py")
    assert (result.exit_code, result.output) == (0, "")
    return folder / "script.py"


def executed(script: Path) -> dict[str, Any]:
    """The script's names, its main part left out."""
    names: dict[str, Any] = {"__name__": "script", "__file__": str(script)}
    exec(compile(script.read_text(encoding="utf-8"), str(script), "exec"), names)
    return names


def test_the_whole_script_reads_like_this(tmp_path: Path) -> None:
    table = {
        "title": 'Golden: a "quoted" title',
        "data": {"kind": "xor", "features": ["x", "y", "xy"]},
        "network": {
            "hidden": [{"units": 4, "activation": "relu", "dropout": 0.25}, 2],
            "init": "zeros",
        },
        "training": {
            "optimizer": {"name": "momentum"},
            "schedule": {"name": "step", "every": 10},
            "regularization": {"l2": 0.01},
            "clip": {"norm": 1.0},
        },
    }
    (tmp_path / "models").mkdir()
    nn_tui.replay(from_mapping(table), stop=Stop(steps=0)).save(tmp_path / "models" / "m.safetensors")
    export(tmp_path / "models" / "m.safetensors", "--output", tmp_path / "s.py")
    assert (tmp_path / "s.py").read_text(encoding="utf-8") == GOLDEN


def test_without_an_output_it_goes_to_stdout_and_looks_for_the_weights_where_it_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    nn_tui.replay("xor", stop=Stop(steps=1)).save("m.safetensors")
    text = export("m.safetensors").stdout
    assert 'WEIGHTS = "m.safetensors"' in text
    assert "pathlib" not in text


@pytest.mark.parametrize(
    "case",
    [
        *(scenario(network={"activation": name}) for name in ACTIVATIONS),
        *(scenario(loss=loss) for loss in ("bce", "ce", "mse", "mae", "rmse", "huber")),
        *(scenario("plane", loss=loss) for loss in ("mse", "mae", "rmse", "huber")),
        *(scenario(optimizer={"name": name}) for name in OPTIMIZERS),
        *(scenario(schedule={"name": name}) for name in SCHEDULES),
        scenario(data={"features": ["siny", "x2", "y2", "sinx"], "scaling": "minmax"}),
        scenario("line", data={"features": ["x2", "sinx"], "scaling": "standard"}, dtype="float64"),
        scenario(network={"output": "softmax"}, loss="mse", clip={"norm": 1, "value": 0.1}),
        scenario(network={"hidden": []}),
        scenario(loss="rmse", class_weight="balanced"),
        scenario("gauss", loss="ce", class_weight={"0": 3.0}),
    ],
    ids=named,
)
def test_every_script_is_valid_python(case: Any, tmp_path: Path) -> None:
    script = written(nn_tui.replay(case, stop=Stop(steps=2)), tmp_path)
    text = script.read_text(encoding="utf-8")
    compile(text, str(script), "exec")
    assert max(map(len, text.splitlines())) <= 120


def test_what_cannot_be_written_or_read_is_refused(tmp_path: Path) -> None:
    nn_tui.replay("xor", stop=Stop(steps=1)).save(tmp_path / "m.safetensors")
    before = (tmp_path / "m.safetensors").read_bytes()
    for output, part in (
        ("m.safetensors", "is the model itself"),
        ("no/s.py", "there is no folder"),
        ("", "is a folder"),
    ):
        result = export(tmp_path / "m.safetensors", "--output", tmp_path / output)
        assert result.exit_code == 2
        assert part in result.stderr
    assert (tmp_path / "m.safetensors").read_bytes() == before
    assert "there is no such file" in export(tmp_path / "none").stderr


def test_without_its_target_the_choice_is_told_in_one_line() -> None:
    result = CliRunner().invoke(cli, ["export", "m.safetensors"], prog_name="nn-tui")
    assert result.exit_code == 2
    assert result.stderr == "nn-tui: missing option '--to'; choose from: pytorch (see nn-tui export --help)\n"


# -- in PyTorch ------------------------------------------------------------------------------------------------------


def test_the_script_runs_as_it_is_and_prints_what_nn_tui_predicts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("torch")
    script = written(nn_tui.replay("iris", stop=Stop(steps=200)), tmp_path)
    runpy.run_path(str(script), run_name="__main__")
    text = script.read_text(encoding="utf-8")
    expected = [line.strip(" #") for line in text.partition("predicts:\n")[2].splitlines() if line.startswith("    # ")]
    assert [line.rpartition("  ")[0] for line in capsys.readouterr().out.splitlines()] == expected


@pytest.mark.parametrize(
    "case",
    [
        *(scenario(network={"activation": name}, epochs=3) for name in ACTIVATIONS),
        scenario(
            "moons", data={"features": ["x", "y", "xy", "x2", "y2", "sinx", "siny"], "scaling": "standard"}, epochs=3
        ),
        scenario("sine", data={"features": ["x", "x2", "sinx"], "scaling": "minmax"}, epochs=3),
        scenario("plane", data={"scaling": "standard"}, dtype="float64", epochs=3),
        scenario("spiral", network={"output": "softmax"}, loss="mse", epochs=3),
    ],
    ids=named,
)
def test_predictions_agree(case: Any, tmp_path: Path) -> None:
    pytest.importorskip("torch")
    run = nn_tui.replay(case)
    raw = np.random.default_rng(3).uniform(-1, 1, (50, len(run.dataset.columns)))
    theirs = executed(written(run, tmp_path))["predict"](raw).numpy()
    np.testing.assert_allclose(theirs, run.predict(raw), atol=1e-5)


def test_a_table_of_many_scaled_columns_takes_its_scaling_from_the_file(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    rows = np.random.default_rng(2).normal(5.0, 3.0, (40, 21))
    np.savetxt(tmp_path / "t.csv", rows, delimiter=",")
    data = {"path": str(tmp_path / "t.csv"), "target": 20, "task": "regression", "scaling": "standard"}
    run = nn_tui.replay(scenario("csv", data=data, epochs=3))
    script = written(run, tmp_path)
    np.testing.assert_allclose(executed(script)["predict"](rows[:, :20]).numpy(), run.predict(rows[:, :20]), atol=1e-5)


TRAINED_ALIKE = [
    *({"optimizer": {"name": name}} for name in OPTIMIZERS),
    {"optimizer": {"name": "nesterov", "beta": 0}},
    *({"schedule": {"name": name}} for name in SCHEDULES),
    *({"loss": loss} for loss in ("bce", "mse", "mae", "rmse", "huber", "ce")),
    {"regularization": {"l1": 0.01, "l2": 0.1}},
    *({"loss": loss, "class_weight": {"1": 3.0}} for loss in ("bce", "mse", "mae", "rmse", "huber", "ce")),
    {"class_weight": "balanced"},
    {"clip": {"norm": 0.05}},
    {"clip": {"value": 0.01}},
]


@pytest.mark.parametrize("training", TRAINED_ALIKE, ids=str)
def test_train_step_takes_the_steps_that_nn_tui_takes(training: Any, tmp_path: Path) -> None:
    _check_steps(scenario("moons", mode="batch", dtype="float64", epochs=10, **training), tmp_path)


@pytest.mark.parametrize("output", ["identity", "sigmoid", "exponential"])
def test_train_step_takes_a_binary_cross_entropy_of_any_targets(output: str, tmp_path: Path) -> None:
    _check_steps(
        scenario("sine", network={"output": output}, mode="batch", dtype="float64", epochs=10, loss="bce"), tmp_path
    )


def test_a_script_with_batch_normalization_says_what_pytorch_refuses(tmp_path: Path) -> None:
    for way, said in (("batch", True), ("layer", False)):
        run = nn_tui.replay(scenario(network={"normalization": way}), stop=Stop(steps=0))
        assert ("refuses a batch of one sample" in written(run, tmp_path).read_text(encoding="utf-8")) == said


def _check_steps(case: Any, tmp_path: Path) -> None:
    """That eight steps of the exported script leave the weights that nn-tui's own do."""
    torch = pytest.importorskip("torch")
    names = executed(written(nn_tui.replay(case, stop=Stop(steps=0)), tmp_path))
    trainer = trainer_of(case).lead
    inputs = torch.from_numpy(np.ascontiguousarray(trainer.train.inputs[:, :-1]))
    targets = torch.from_numpy(np.ascontiguousarray(trainer.train.targets.T))
    if case.training.loss == "ce":
        targets = targets.argmax(dim=1)
    for _ in range(8):
        ours = trainer.step()
        theirs = names["train_step"](inputs, targets)
        if case.training.regularization == Regularization():
            assert theirs == pytest.approx(ours, abs=1e-6)
    for layer, linear in zip(
        trainer.network.layers, (m for m in names["model"] if isinstance(m, torch.nn.Linear)), strict=True
    ):
        np.testing.assert_allclose(linear.weight.detach().numpy(), layer.weight, atol=1e-6)
        np.testing.assert_allclose(linear.bias.detach().numpy(), layer.bias, atol=1e-6)
