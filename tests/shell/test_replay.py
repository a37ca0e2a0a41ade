"""`nn-tui replay`: what it prints and writes, how it ends, and that none of it changes the run."""

import csv
import json
import re
import tomllib
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from nn_tui.scenario import catalogue
from nn_tui.scenario.reading import load
from tests.shell.programs import FAST, digest_of, nn, refused, summary_of
from tests.training.runs import trainer_of

PROBES = {
    *("gradient_norm", "gradient_mean_abs", "weight_norm", "update_ratio", "activation_mean", "activation_spread"),
    *("saturated_share", "dead_units"),
}


@pytest.fixture
def fast(tmp_path: Path) -> Path:
    path = tmp_path / "fast.toml"
    path.write_text(FAST)
    return path


def written(path: Path, *more: str) -> Path:
    """The fast scenario with further lines."""
    path.write_text(FAST + "\n".join(more) + "\n")
    return path


# -- the same run ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", catalogue.names())
def test_every_scenario_is_the_same_through_show(name: str, tmp_path: Path) -> None:
    shown = nn("show", name)
    assert shown.exit_code == 0
    path = tmp_path / "shown.toml"
    path.write_text(shown.stdout)
    assert load(path) == load(catalogue.find(name))
    if name in ("xor", "iris", "race-spiral", "saddle", "sine-l2"):
        assert digest_of(path, "--steps", 12) == digest_of(name, "--steps", 12)


@pytest.mark.parametrize(
    "options",
    [
        ("--plot",),
        ("--quiet",),
        ("--quiet", "--plot"),
        ("--threads", "1"),
        ("--threads", "2"),
        ("--metrics", "rows.jsonl"),
        ("--metrics", "rows.csv", "--every", "1"),
        ("--metrics", "rows.jsonl", "--every", "7"),
        ("--save", "model.safetensors"),
        ("--metrics", "rows.csv", "--save", "model.safetensors", "--record", "run.toml"),
    ],
)
def test_nothing_that_is_printed_or_written_changes_the_run(
    fast: Path, options: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    record = () if "--record" in options else ("--record", "seen.toml")
    result = nn("replay", fast, *options, *record)
    assert result.exit_code == 0
    (reached,) = [
        entry["equals"]
        for path in ("seen.toml", "run.toml")
        if Path(path).exists()
        for entry in tomllib.loads(Path(path).read_text())["expect"]
    ]
    assert reached == digest_of(fast)


def test_a_run_is_the_same_every_time_and_another_seed_is_another_run(fast: Path) -> None:
    assert digest_of(fast) == digest_of(fast)
    assert digest_of(fast, "--seed", 8) == digest_of(fast, "--set", "seed=8") != digest_of(fast)


# -- what is printed -------------------------------------------------------------------------------------------------


def test_json_is_one_object_with_all_there_is_to_say(fast: Path) -> None:
    summary = summary_of(fast)
    wanted = "scenario status steps epochs seconds steps_per_second train test layers expectations digest divergence"
    assert set(wanted.split()) <= set(summary)
    assert (summary["scenario"], summary["status"]) == ("Fast", "finished")
    assert (summary["steps"], summary["epochs"]) == (18, 6)
    scores = {"loss", "accuracy", "balanced_accuracy", "precision", "recall", "f1"}
    assert set(summary["train"]) == set(summary["test"]) == scores
    assert [layer["name"] for layer in summary["layers"]] == ["layer 1", "layer 2", "output"]
    for layer in summary["layers"]:
        assert {"name", "gradient_norm", "weight_norm", "units", "dead_units"} <= set(layer)
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", summary["digest"])
    assert summary["divergence"] is None


def test_a_regression_has_r2_and_a_run_without_test_set_none(tmp_path: Path) -> None:
    assert set(summary_of("line", "--steps", 3)["train"]) == {"loss", "r2", "mae", "rmse"}
    path = tmp_path / "alone.toml"
    path.write_text(FAST.replace("samples = 60", "samples = 60\ntest_share = 0"))
    assert summary_of(path)["test"] is None


def test_the_table_is_readable_in_80_columns(fast: Path) -> None:
    result = nn("replay", written(fast, "[[expect]]", 'metric = "train.loss"', "at_most = 10"))
    assert result.stderr == ""
    assert "\x1b" not in result.stdout
    lines = result.stdout.splitlines()
    assert lines[0] == "Fast  finished"
    assert re.fullmatch(r"18 steps, 6 epochs in \d+\.\d\d s \([\d,]+ steps/s\)", lines[1])
    assert re.search(r"^ +loss +accuracy +balanced accuracy +precision +recall +f1$", result.stdout, re.MULTILINE)
    for part in ("train", "test"):
        assert re.search(rf"^{part} +0\.\d{{4}} +\d+\.\d %( +0\.\d{{4}}){{4}}$", result.stdout, re.MULTILINE)
    assert re.search(r"^layer +units +gradient norm +weight norm +dead units$", result.stdout, re.MULTILINE)
    assert re.search(r"^expected  met     train\.loss ≤ 10, found 0\.\d+$", result.stdout, re.MULTILINE)
    assert re.search(r"^digest  sha256:[0-9a-f]{64}$", result.stdout, re.MULTILINE)
    assert max(len(line) for line in lines) <= 80


@pytest.mark.parametrize("width", [60, 44, 36])
def test_no_figure_is_cut_on_a_narrow_terminal(fast: Path, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    text = nn("replay", fast).stdout
    assert "…" not in text
    assert re.search(r"^output +1 +[0-9.]+ +[0-9.]+ +0 *$", text, re.MULTILINE)
    assert max(map(len, text.splitlines()[:-1])) <= width
    summary = summary_of(fast)
    rows = [line.split() for line in text.splitlines()]
    train, test = (
        [f"{100 * value:.1f} %" if name == "accuracy" else f"{value:#.4g}" for name, value in summary[part].items()]
        for part in ("train", "test")
    )
    if width == 60:
        assert [" ".join(["train", *train]).split(), " ".join(["test", *test]).split()] == rows[5:7]
    else:
        # Too narrow for six figures side by side: they are below each other.
        names = [name.replace("_", " ") for name in summary["train"]]
        wanted = [" ".join(row).split() for row in zip(names, train, test, strict=True)]
        assert wanted == rows[rows.index(["train", "test"]) + 1 :][: len(wanted)]


def test_one_of_a_kind_is_counted_in_the_singular(fast: Path) -> None:
    assert "\n1 step, 0 epochs in " in nn("replay", fast, "--steps", 1).stdout
    assert "\n3 steps, 1 epoch in " in nn("replay", fast, "--epochs", 1).stdout


def test_quiet_prints_nothing(fast: Path) -> None:
    result = nn("replay", fast, "--quiet")
    assert (result.exit_code, result.output) == (0, "")


def test_the_plot_has_axes_with_round_numbers(fast: Path) -> None:
    result = nn("replay", fast, "--quiet", "--plot", "--epochs", 100)
    lines = result.stdout.strip("\n").splitlines()
    assert lines[0] == "loss, log scale   ⠤⠤ train   x test"
    assert lines[-1].split() == ["epoch", "0", "20", "40", "60", "80", "100"]
    assert "\x1b" not in result.stdout
    assert max(len(line) for line in lines) == 80
    assert len(lines) < 24


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("xor", "--steps", "0"), "nothing to plot: a curve needs a loss at two steps at least"),
        (("xor", "--steps", "1"), "step"),
        (("xor", "--epochs", "1"), "step"),
        (("rate-too-high",), "epoch"),
        (("and", "--set", "init=zeros", "--epochs", "3"), "epoch"),
    ],
)
def test_a_plot_of_few_of_flat_and_of_huge_losses_is_drawn_too(arguments: tuple[str, ...], words: str) -> None:
    result = nn("replay", *arguments, "--quiet", "--plot")
    assert result.exit_code == 0, result.output
    assert words in result.stdout.strip().splitlines()[-1]


def test_a_plot_fits_a_narrow_terminal(fast: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    result = nn("replay", fast, "--quiet", "--plot")
    assert max(len(line) for line in result.stdout.splitlines()) == 40


# -- what is written -------------------------------------------------------------------------------------------------


def test_json_rows_hold_every_step_of_a_short_run(fast: Path, tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    nn("replay", fast, "--metrics", path)
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    assert [row["step"] for row in rows] == list(range(19))
    for row in rows:
        assert row["epoch"] == pytest.approx(row["step"] / 3)
        assert row["lr"] == 0.01
        assert set(row["train"]) == set(row["test"]) == {"loss", "accuracy", "samples"}
        assert [layer["name"] for layer in row["layers"]] == ["layer 1", "layer 2", "output"]
        assert all(set(layer) == {"name", "units"} | PROBES for layer in row["layers"])
    assert all(layer["update_ratio"] is None for layer in rows[0]["layers"])
    assert all(layer["update_ratio"] > 0 for row in rows[1:] for layer in row["layers"])


def test_csv_rows_hold_the_same_numbers(fast: Path, tmp_path: Path) -> None:
    table, lines = tmp_path / "rows.csv", tmp_path / "rows.jsonl"
    for path in (table, lines):
        nn("replay", fast, "--metrics", path, "--every", 5)
    with table.open(newline="") as file:
        in_table = list(csv.DictReader(file))
    in_lines = [json.loads(line) for line in lines.read_text().splitlines()]
    assert len(in_table) == len(in_lines)
    for row, wanted in zip(in_table, in_lines, strict=True):
        assert None not in row
        assert {"step", "epoch", "lr", "train.loss", "train.accuracy", "test.loss", "test.accuracy"} <= set(row)
        assert float(row["step"]) == wanted["step"]
        for part in ("train", "test"):
            assert float(row[f"{part}.loss"]) == wanted[part]["loss"]
        for layer in wanted["layers"]:
            for probe in PROBES:
                found = row[f"{layer['name'].replace(' ', '_')}.{probe}"]
                assert (float(found) if found else None) == layer[probe]


def test_rows_of_a_regression_have_r2_and_of_no_test_set_none(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    nn("replay", "line", "--epochs", 1, "--metrics", path)
    assert "r2" in json.loads(path.read_text().splitlines()[0])["train"]
    alone = tmp_path / "alone.toml"
    alone.write_text(FAST.replace("samples = 60", "samples = 60\ntest_share = 0"))
    for name in ("rows.jsonl", "rows.csv"):
        assert nn("replay", alone, "--metrics", tmp_path / name).exit_code == 0
    assert json.loads(path.read_text().splitlines()[0])["test"] is None
    with (tmp_path / "rows.csv").open(newline="") as file:
        assert next(iter(csv.DictReader(file)))["test.loss"] == ""


def test_rows_of_a_diverged_run_are_valid_json_to_the_last(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    summary = summary_of("rate-too-high", "--metrics", path)
    rows = [json.loads(line, parse_constant=pytest.fail) for line in path.read_text().splitlines()]
    assert rows[-1]["step"] == summary["steps"]


def test_zero_steps_save_the_initial_parameters(fast: Path, tmp_path: Path) -> None:
    path = tmp_path / "initial.safetensors"
    summary = summary_of(fast, "--steps", 0, "--save", path)
    assert (summary["status"], summary["steps"]) == ("finished", 0)
    scenario = load(fast)
    network = trainer_of(scenario).lead.network
    tensors = load_file(path)
    assert set(tensors) == {f"{number}.{part}" for number in (0, 2, 4) for part in ("weight", "bias")}
    for number, layer in zip((0, 2, 4), network.layers, strict=True):
        np.testing.assert_array_equal(tensors[f"{number}.weight"], layer.weight)
        np.testing.assert_array_equal(tensors[f"{number}.bias"], layer.bias)


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--steps", "10"),
        ("--epochs", "2"),
        ("--epochs", "9"),
        ("--set", "optimizer=sgd", "--set", "hidden=[3]", "--seed", "5"),
        ("--set", "kind=sine"),
        ("--steps", "0"),
    ],
)
def test_a_record_replays_to_the_same_digest(fast: Path, tmp_path: Path, options: tuple[str, ...]) -> None:
    record = tmp_path / "record.toml"
    summary = summary_of(fast, *options, "--record", record)
    again = summary_of(record)
    assert again["digest"] == summary["digest"]
    assert again["steps"] == summary["steps"]
    assert [(entry["metric"], entry["met"]) for entry in again["expectations"]] == [("digest", True)]


def test_a_record_expects_what_the_run_has_reached_and_not_what_it_missed(fast: Path, tmp_path: Path) -> None:
    expectations = [
        line
        for bound in ("at_least = 0", "at_most = 0", "at_most = 99")
        for line in ("[[expect]]", 'metric = "train.loss"', bound)
    ]
    record = tmp_path / "record.toml"
    assert nn("replay", written(fast, *expectations), "--record", record).exit_code == 1
    kept = tomllib.loads(record.read_text())["expect"]
    assert [(entry["metric"], *list(entry)[1:]) for entry in kept] == [
        ("train.loss", "at_least"),
        ("train.loss", "at_most"),
        ("digest", "equals"),
    ]
    assert nn("replay", record).exit_code == 0


def test_a_record_of_a_diverged_run_expects_it_to_diverge(fast: Path, tmp_path: Path) -> None:
    record = tmp_path / "record.toml"
    explosive = ("--set", "optimizer=sgd", "--set", "lr=1e5", "--set", "loss=mse", "--set", "output=identity")
    result = nn("replay", fast, *explosive, "--epochs", 900, "--record", record)
    assert result.exit_code == 1
    assert "diverged" in result.stdout
    assert nn("replay", record).exit_code == 0


# -- how it ends -----------------------------------------------------------------------------------------------------

MISSED = ("[[expect]]", 'metric = "train.loss"', "at_most = 0")
OTHER_DIGEST = ("[[expect]]", 'metric = "digest"', f'equals = "sha256:{"0" * 64}"')
DIVERGES = ("[[expect]]", 'metric = "status"', 'equals = "diverged"')


@pytest.mark.parametrize("expectation", [MISSED, OTHER_DIGEST, DIVERGES])
def test_a_missed_expectation_ends_with_status_1(fast: Path, expectation: tuple[str, ...]) -> None:
    result = nn("replay", written(fast, *expectation))
    assert result.exit_code == 1
    assert re.search(r"^expected  MISSED  ", result.stdout, re.MULTILINE)


def test_an_expected_divergence_is_a_success_and_another_is_not(fast: Path) -> None:
    assert nn("replay", "rate-too-high").exit_code == 0
    explosive = ("--set", "optimizer=sgd", "--set", "lr=1e5", "--set", "loss=mse", "--set", "output=identity")
    result = nn("replay", fast, *explosive, "--epochs", 900)
    assert result.exit_code == 1
    assert re.search(r"at step [\d,]+ a number stopped being finite, first the", result.stdout)
    assert "the parameters are the last finite ones" in result.stdout.replace("\n", " ")


@pytest.mark.parametrize("option", [("--steps", "5"), ("--epochs", "2"), ("--steps", "0"), ("--epochs", "12")])
def test_a_run_cut_short_or_made_longer_is_not_held_to_the_scenarios_end(fast: Path, option: tuple[str, str]) -> None:
    result = nn("replay", written(fast, *MISSED), *option)
    assert result.exit_code == 0
    assert "MISSED" not in result.stdout


@pytest.mark.parametrize("option", [("--steps", "18"), ("--epochs", "6"), ("--steps", "1000")])
def test_a_limit_that_is_not_reached_is_none(fast: Path, option: tuple[str, str]) -> None:
    assert nn("replay", written(fast, *MISSED), *option).exit_code == 1


def test_a_changed_scenario_is_held_to_its_expectations_but_not_to_the_digest(fast: Path) -> None:
    path = written(fast, *MISSED, *OTHER_DIGEST)
    summary = summary_of(path, "--set", "lr=0.02", status=1)
    assert [entry["metric"] for entry in summary["expectations"]] == ["train.loss"]
    assert len(summary_of(path, status=1)["expectations"]) == 2


# -- bad input -------------------------------------------------------------------------------------------------------


def test_bad_scenarios_are_refused_with_one_message_and_nothing_written(tmp_path: Path) -> None:
    (tmp_path / "typo.toml").write_text(FAST.replace("samples", "smaples"))
    (tmp_path / "empty.toml").touch()
    (tmp_path / "latin.toml").write_bytes(b'title = "caf\xe9"')
    (tmp_path / "folder.toml").mkdir()
    outputs = ("--metrics", tmp_path / "rows.csv", "--save", tmp_path / "model", "--record", tmp_path / "record")
    for name, message in (
        ("typo.toml", f"{tmp_path}/typo.toml: data.smaples: unknown key; did you mean 'samples'?"),
        ("empty.toml", f"{tmp_path}/empty.toml: the file is empty"),
        ("latin.toml", f"{tmp_path}/latin.toml: not UTF-8: byte 0xe9 (at line 1, column 13)"),
        ("folder.toml", f"{tmp_path}/folder.toml: cannot be read: Is a directory"),
    ):
        assert refused("replay", tmp_path / name, *outputs).startswith(message)
    assert refused("replay", "no/such.toml", *outputs).startswith("'no/such.toml': no such file")
    assert refused("replay", "xorr").startswith("no scenario 'xorr' in the catalog; did you mean 'xor'?")
    assert refused("show", "xorr").startswith("no scenario 'xorr' in the catalog; did you mean 'xor'?")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty.toml", "folder.toml", "latin.toml", "typo.toml"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--set", "lrr=1"), "--set: lrr: unknown key; did you mean 'training.optimizer.lr'?"),
        (("--set", "lr"), "--set: expected KEY=VALUE, found 'lr'"),
        (("--seed", "-1"), "--seed: training.seed: expected a whole number from 0 to 9223372036854775807, found -1"),
        (("--epochs", "0"), "--epochs: training.epochs: expected a whole number from 1 to 1000000000, found 0"),
        (("--steps", "-1"), "--steps: training.steps: expected a whole number from 0 to 1000000000000000, found -1"),
        (("--steps", "x"), "invalid value for '--steps': 'x' is not a valid integer (see nn-tui replay --help)"),
        (("--every", "5"), "--every says how often --metrics writes a row; give --metrics FILE too"),
        (("--json", "--plot"), "--json prints one object and nothing else; leave --plot out"),
        (("--metrics", ".csv"), ".csv: is an ending alone; put a name before it"),
        (("--metrics", "rows.txt"), "rows.txt: the ending says the format; use .jsonl or .csv"),
        (("--save", "."), ".: is a folder; name a file"),
        (
            ("--save", "m.pt"),
            "m.pt: models are written as safetensors, which PyTorch reads; name it m.safetensors",
        ),
        (("--save", "a", "--record", "./a"), "a: is to hold two things; name two files"),
        (
            ("--threads", "0"),
            "invalid value for '--threads': 0 is not in the range 1<=x<=1024 (see nn-tui replay --help)",
        ),
        (("--quite",), "no such option --quite; did you mean '--quiet'? (see nn-tui replay --help)"),
        (("--lr", "1"), "no such option --lr; did you mean '--set lr=…'? (see nn-tui replay --help)"),
        (
            ("--optimizer=adam",),
            "no such option --optimizer; did you mean '--set optimizer=…'? (see nn-tui replay --help)",
        ),
        (("more",), "got unexpected extra argument (more) (see nn-tui replay --help)"),
    ],
)
def test_bad_options_are_refused_with_one_message(
    fast: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert refused("replay", fast, *options) == message
    assert list(tmp_path.iterdir()) == [fast]


@pytest.mark.parametrize("option", ["--metrics", "--save", "--record"])
def test_an_output_that_cannot_be_written_is_refused_before_training(tmp_path: Path, option: str) -> None:
    # A billion epochs would not end before the test does.
    forever = tmp_path / "forever.toml"
    forever.write_text(FAST.replace("epochs = 6", "epochs = 1000000000"))
    path = tmp_path / "no" / "rows.csv"
    assert refused("replay", forever, option, path) == f"{path}: there is no folder {path.parent}"


def test_a_run_that_stops_early_says_so_and_what_chose() -> None:
    rule = ("moons", "--set", "lr=0.5", "--set", "early_stop.patience=3")
    shown = nn("replay", *rule, "--set", "early_stop.metric=test.loss").stdout
    assert "stopped early, for want of gain; with the parameters of epoch" in shown
    assert "chosen on the test set" in shown
    shown = nn("replay", *rule, "--set", "early_stop.restore_at_end=false", "--set", "epochs=3").stdout
    assert "the best epoch was" in shown
    told = nn("replay", *rule, "--set", "data.validation_share=0.2").stdout
    assert "chosen on the validation set" in told
    assert "\nvalidation" in told
    assert "best so far: epoch" in nn("replay", *rule, "--epochs", 3).stdout
    assert "chosen on" not in nn("replay", "moons", "--epochs", 2).stdout
