"""`nn-tui predict`: what a person sees of a saved model's answers, and what is refused."""

import builtins
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

import nn_tui
from nn_tui.cli import cli
from nn_tui.scenario.reading import from_mapping
from nn_tui.training.run.session import Stop
from tests.shell import programs
from tests.shell.programs import nn, summary_of

COLORS = {"FORCE_COLOR": "1", "COLORTERM": "truecolor", "COLUMNS": "80"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Models of each kind: `iris`, `diabetes`, `xor`, `line`, and `sketch` of pictures."""
    folder = tmp_path_factory.mktemp("models")
    for name, steps in (("iris", 300), ("diabetes", 200), ("xor", 100), ("line", 100)):
        nn_tui.replay(name, stop=Stop(steps=steps)).save(folder / f"{name}.safetensors")
    pictures = {
        "title": "Drawn garments",
        "data": {"kind": "fashion-sketch", "samples": 300, "test_samples": 40},
        "network": {"hidden": [16], "activation": "relu"},
    }
    nn_tui.replay(from_mapping(pictures), stop=Stop(steps=200)).save(folder / "sketch.safetensors")
    return folder


def predict(folder: Path, model: str, *arguments: object, **environment: str) -> Result:
    environment = {"COLUMNS": "80"} | environment
    texts = [str(argument) for argument in arguments]
    return CliRunner().invoke(cli, ["predict", str(folder / f"{model}.safetensors"), *texts], env=environment)


def shown(folder: Path, model: str, *arguments: object, **environment: str) -> str:
    result = predict(folder, model, *arguments, **environment)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def told(folder: Path, model: str, *arguments: object) -> Any:
    """The JSON object."""
    return json.loads(shown(folder, model, *arguments, "--json"))


def refused(folder: Path, model: str, *arguments: object) -> str:
    """The one message."""
    result = predict(folder, model, *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("nn-tui: ")
    assert result.stderr.count("\n") == 1
    return result.stderr.removeprefix("nn-tui: ").rstrip("\n")


# -- test samples ----------------------------------------------------------------------------------------------------


def test_test_samples_go_by_number_and_range_from_0(folder: Path) -> None:
    names = [sample["sample"] for sample in told(folder, "iris", "7", "0-2")["samples"]]
    assert names == ["test 7", "test 0", "test 1", "test 2"]


def test_each_answer_has_its_runner_up_and_the_truth(folder: Path) -> None:
    run = nn_tui.replay("iris", stop=Stop(steps=300))
    told_of = told(folder, "iris", "0-9")
    expected = run.network.predict(run.dataset.test.inputs[:10, :-1])
    for sample, scores, truth in zip(told_of["samples"], expected, run.dataset.test.targets, strict=False):
        first, second = np.argsort(scores)[::-1][:2]
        assert sample["class"] == told_of["class_names"][first]
        assert sample["probability"] == pytest.approx(float(scores[first]))
        assert sample["runner_up"] == told_of["class_names"][second]
        assert sample["runner_up_probability"] == pytest.approx(float(scores[second]))
        assert sample["truth"] == told_of["class_names"][int(truth)]


def test_two_classes_with_one_output_share_one_probability(folder: Path) -> None:
    for sample in told(folder, "xor", "0-9")["samples"]:
        assert sum(sample["scores"]) == pytest.approx(1.0)
        assert sample["probability"] >= 0.5 >= sample["runner_up_probability"]


def test_values_are_in_the_targets_own_units(folder: Path) -> None:
    run = nn_tui.replay("diabetes", stop=Stop(steps=200))
    samples = told(folder, "diabetes", "0-4")["samples"]
    raw = run.dataset.input_scaling.undo(run.dataset.test.inputs[:5, :-1].astype(np.float64))
    assert [sample["value"] for sample in samples] == pytest.approx(run.predict(raw)[:, 0].tolist(), rel=1e-4)
    assert all(25 <= sample["truth"] <= 346 for sample in samples)


def test_the_whole_test_set_is_judged_as_the_run_judged_it(folder: Path) -> None:
    run = nn_tui.replay("iris", stop=Stop(steps=300))
    assert run.summary.test is not None
    for arguments in ((), ("--test",)):
        assessment = told(folder, "iris", *arguments)["assessment"]
        assert assessment["accuracy"] == pytest.approx(run.summary.test["accuracy"])
        assert sum(map(sum, assessment["confusion"])) == assessment["samples"] == len(run.dataset.test)
    assert told(folder, "diabetes")["assessment"]["r2"] == pytest.approx(
        nn_tui.replay("diabetes", stop=Stop(steps=200)).summary.test["r2"],
        abs=1e-5,  # type: ignore[index]
    )


# -- what is printed -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["iris", "diabetes", "xor", "line", "sketch"])
@pytest.mark.parametrize("arguments", [("0-11",), ("--test",)])
def test_nothing_is_wider_than_80_columns(folder: Path, model: str, arguments: tuple[str, ...]) -> None:
    assert max(map(len, shown(folder, model, *arguments).splitlines())) <= 80


def test_names_are_never_cut_bars_and_the_second_answer_go_first(folder: Path) -> None:
    for width in ("120", "80", "64", "48", "40"):
        text = shown(folder, "iris", "0-9", "6.1,2.8,4.7,1.2", COLUMNS=width)
        assert "…" not in text
        assert ("█" in text.split("accuracy")[0]) == (width == "120")
        assert ("runner-up" in text) == (width in ("120", "80"))
    assert "…" not in shown(folder, "sketch", "0-29")


def test_no_figure_is_cut_on_a_narrow_terminal(folder: Path) -> None:
    for model in ("iris", "sketch"):
        text = shown(folder, model, COLUMNS="40")
        assert "…" not in text
        last = text[text.index("mean") :].splitlines()[0].split()
        assert [len(figure) for figure in last[1:4]] == [5, 5, 5]


def test_columns_of_the_table_are_aligned(folder: Path) -> None:
    lines = shown(folder, "iris", "0-4").splitlines()[3:]
    assert lines[0].split() == ["sample", "species", "probability", "runner-up", "truth"]
    for line in lines[1:]:
        assert line.index(" %") == lines[1].index(" %")
        assert line[lines[0].index("truth")] in "✓✗"


def test_a_test_set_prints_accuracy_a_confusion_matrix_and_every_class(folder: Path) -> None:
    text = shown(folder, "iris")
    for part in (
        "accuracy",
        "truth ↓  predicted →  setosa  versicolor  virginica",
        "precision",
        "recall",
        "F1",
        "mean",
    ):
        assert part in text
    assert "R²" in shown(folder, "diabetes")


def test_ten_classes_go_by_number_where_names_do_not_fit(folder: Path) -> None:
    text = shown(folder, "sketch")
    assert "9 Ankle boot" in text
    assert "truth ↓  predicted →  0" in text


def test_pictures_are_drawn_on_a_terminal_and_nowhere_else(folder: Path) -> None:
    drawn = shown(folder, "sketch", "0", **COLORS)
    assert drawn.count("▀") == 28 * 14
    assert "▀" not in shown(folder, "sketch", "0")
    assert "▀" not in shown(folder, "iris", "0", **COLORS)


def test_what_is_undefined_is_left_out_of_the_mean_and_that_is_said(folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "two.csv"
    table.write_text("sepal length,sepal width,petal length,petal width,species\n5.1,3.5,1.4,0.2,setosa\n")
    assessment = told(folder, "iris", table)["assessment"]
    absent = assessment["classes"][2]
    assert (absent["precision"], absent["recall"], absent["f1"], absent["samples"]) == (None, None, None, 0)
    assert (assessment["mean"]["precision"], assessment["mean"]["recall"], assessment["mean"]["f1"]) == (1.0, 1.0, 1.0)
    text = " ".join(shown(folder, "iris", table).split())
    note = "– is undefined, and left out of the mean: no sample is of, or taken for, 'versicolor', 'virginica'"
    assert note in text
    assert "undefined" not in shown(folder, "iris")


# -- other samples ---------------------------------------------------------------------------------------------------


def test_a_row_is_the_same_sample_as_in_a_table_or_an_array(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "named.csv").write_text(
        "note,petal width,petal length,sepal width,sepal length\na,0.2,1.4,3.5,5.1\n", encoding="utf-8"
    )
    (tmp_path / "bare.csv").write_text("5.1;3.5;1.4;0.2\n")
    np.save(tmp_path / "one.npy", np.array([5.1, 3.5, 1.4, 0.2]))
    np.save(tmp_path / "rows.npy", np.array([[5.1, 3.5, 1.4, 0.2]]))
    names = ["5.1,3.5,1.4,0.2", *(tmp_path / name for name in ("named.csv", "bare.csv", "one.npy", "rows.npy"))]
    samples = told(folder, "iris", *names)["samples"]
    assert len(samples) == 5
    assert len({tuple(sample["scores"]) for sample in samples}) == 1


def test_a_row_may_begin_with_a_minus_sign(folder: Path) -> None:
    assert told(folder, "xor", "-0.5,0.5")["samples"][0]["sample"] == "-0.5,0.5"
    assert told(folder, "line", "-0.5")["samples"][0]["sample"] == "-0.5"


def test_labels_in_a_table_are_the_truth(folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "labelled.csv"
    table.write_text("species,sepal length,sepal width,petal length,petal width\nsetosa,5.1,3.5,1.4,0.2\n?,6,3,5,2\n")
    answers = told(folder, "iris", table)
    assert [sample["truth"] for sample in answers["samples"]] == ["setosa", None]
    assert answers["assessment"]["samples"] == 1
    assert "accuracy" in shown(folder, "iris", table)


def test_the_file_a_model_was_trained_on_gives_values_back(folder: Path) -> None:
    path = Path(__file__).parents[2] / "scenarios" / "diabetes.csv"
    answers = told(folder, "diabetes", path)
    assert answers["samples"][0]["truth"] == 151.0
    assert answers["assessment"]["samples"] == 442


def test_a_picture_is_made_into_what_the_model_reads_and_that_is_said(folder: Path, tmp_path: Path) -> None:
    image_module = pytest.importorskip("PIL.Image")
    color = np.full((60, 90, 3), 240, np.uint8)
    color[10:50, 20:60] = (40, 60, 80)
    image_module.fromarray(color).save(tmp_path / "shirt.png")
    result = predict(folder, "sketch", tmp_path / "shirt.png")
    assert result.exit_code == 0
    assert result.stderr == (
        "nn-tui: shirt.png: made gray, inverted (its edge is light, the model's pictures are on black), "
        "resized from 90×60 to 28×28\n"
    )
    assert "inverted" not in predict(folder, "sketch", tmp_path / "shirt.png", "--no-invert").stderr


def test_a_picture_of_the_right_kind_is_taken_pixel_by_pixel(folder: Path, tmp_path: Path) -> None:
    image_module = pytest.importorskip("PIL.Image")
    gray = np.zeros((28, 28), np.uint8)
    gray[4:24, 8:20] = np.arange(240).reshape(20, 12)
    image_module.fromarray(gray).save(tmp_path / "g.png")
    np.save(tmp_path / "bytes.npy", gray)
    np.save(tmp_path / "floats.npy", gray[np.newaxis] / 255)
    np.save(tmp_path / "whole.npy", gray.astype(np.float32))
    names = ("g.png", "bytes.npy", "floats.npy", "whole.npy")
    samples = told(folder, "sketch", *(tmp_path / name for name in names))["samples"]
    assert len({tuple(sample["scores"]) for sample in samples}) == 1
    assert predict(folder, "sketch", tmp_path / "whole.npy").stderr == (
        "nn-tui: whole.npy: pixels of 0 to 255 divided by 255\n"
    )


def test_without_pillow_a_picture_is_refused_with_the_extra_to_install(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = builtins.__import__

    def without_pillow(name: str, *rest: Any) -> Any:
        if name.split(".")[0] == "PIL":
            raise ImportError(name)
        return original(name, *rest)

    (tmp_path / "shirt.png").write_bytes(b"any")
    monkeypatch.setattr(builtins, "__import__", without_pillow)
    assert "pip install 'nn-tui[images]'" in refused(folder, "sketch", tmp_path / "shirt.png")


# -- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("45",), "45: the test set has 45 samples, 0 to 44"),
        (("5-3",), "5-3: counts down; write 3-5"),
        (("1,2,3",), "'1,2,3': 3 numbers, but the model takes 4 numbers a sample ('sepal length', "),
        (("1,2,x,4",), "column 'petal length': 'x' is not a number"),
        (("1,2,1e99,4",), "column 'petal length': too large a number"),
        (("1,2,inf,4",), "column 'petal length': 'inf' is not finite"),
        (("blouse",), "'blouse' is no sample"),
        (("none.csv",), "none.csv: no such file"),
        (("none.npy",), "none.npy: no such file"),
        (("shirt.png",), "shirt.png: the model takes 4 numbers a sample"),
        (("--test", "3"), "--test takes the whole test set"),
    ],
)
def test_a_sample_that_is_none_is_refused_in_one_message(folder: Path, arguments: tuple[str, ...], part: str) -> None:
    assert part in refused(folder, "iris", *arguments)


def test_a_misspelt_option_is_not_taken_for_a_sample(folder: Path) -> None:
    result = predict(folder, "iris", "--jsn")
    assert result.exit_code == 2
    assert "--json" in result.stderr


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "the file is empty"),
        ("1,2,3\n", "line 1: 3 columns and no header, but the model takes 4 numbers"),
        ("1,2,3,4\n1,2,3\n", "line 2: 3 columns, where the first row has 4"),
        ("sepal length,sepal width,petal length\n", "line 1: there is no column 'petal width'"),
        ("sepal length,sepal width,petal length,petal widht\n1,2,3,4\n", "did you mean 'petal widht'?"),
        ("sepal length,sepal width,petal length,petal width\n", "a header, but no row of data"),
        ("1,2,3,4\n1,2,,4\n", "line 2, column 'petal length': the value is missing"),
        (
            "sepal length,sepal width,petal length,petal width,species\n1,2,3,4,setsa\n",
            "line 2, column 'species': there is no class 'setsa'; did you mean 'setosa'?",
        ),
    ],
)
def test_a_table_for_other_inputs_is_refused_with_its_line(folder: Path, tmp_path: Path, text: str, part: str) -> None:
    (tmp_path / "t.csv").write_text(text)
    message = refused(folder, "iris", tmp_path / "t.csv")
    assert message.startswith(f"{tmp_path / 't.csv'}: ")
    assert part in message


def array_bytes(array: Any, path: Path) -> bytes:
    np.save(path, array, allow_pickle=True)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("model", "array", "part"),
    [
        ("iris", np.zeros((2, 5)), "has the shape 2×5, but the model takes 4 numbers a sample"),
        ("iris", np.zeros(()), "has the shape a single number"),
        ("iris", np.array(["a", "b", "c", "d"]), "holds <U1; expected numbers"),
        ("iris", np.array([1, 2, 3, object()]), "holds Python objects, which are never unpickled"),
        ("iris", np.array([[1, 2, np.nan, 4]]), "sample 0, column 2 (counted from 0) is nan"),
        ("iris", np.array([[1, 2, 1e300, 4]]), "sample 0, column 2 (counted from 0) is 1e+300"),
        ("iris", np.zeros((0, 4)), "holds no sample"),
        ("sketch", np.zeros((2, 27, 28)), "has the shape 2×27×28, but the model takes pictures of 28×28 pixels"),
        ("sketch", np.full((28, 28), 200.5), "expected pixels from 0 to 1, or whole numbers from 0 to 255"),
        ("sketch", np.full((28, 28), 256), "expected pixels from 0 to 1, or whole numbers from 0 to 255"),
    ],
)
def test_an_array_for_other_inputs_is_refused(folder: Path, tmp_path: Path, model: str, array: Any, part: str) -> None:
    array_bytes(array, tmp_path / "a.npy")
    assert part in refused(folder, model, tmp_path / "a.npy")


def test_a_damaged_array_or_picture_is_called_so(folder: Path, tmp_path: Path) -> None:
    whole = array_bytes(np.zeros((9, 4)), tmp_path / "a.npy")
    for length in range(len(whole)):
        (tmp_path / "a.npy").write_bytes(whole[:length])
        assert "a.npy: is " in refused(folder, "iris", tmp_path / "a.npy")
    pytest.importorskip("PIL")
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    assert "is not an image, or a damaged one" in refused(folder, "sketch", tmp_path / "a.png")


def test_a_model_whose_table_is_gone_still_predicts_rows(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("x,y\n" + "".join(f"{n},{2 * n}\n" for n in range(20)))
    data = {"kind": "csv", "path": str(table), "target": "y", "task": "regression"}
    nn_tui.replay(from_mapping({"title": "t", "data": data}), stop=Stop(steps=5)).save(tmp_path / "m.safetensors")
    table.unlink()
    assert told(tmp_path, "m", "3.5")["samples"][0]["truth"] is None
    assert "t.csv: no such file" in refused(tmp_path, "m")


def test_several_targets_are_predicted_in_their_own_units(tmp_path: Path) -> None:
    rows = [f"{x / 10},5,{100 + x},{-x / 1000}" for x in range(40)]
    (tmp_path / "two.csv").write_text("x,same,high,low\n" + "\n".join(rows) + "\n")
    (tmp_path / "two.toml").write_text(
        'title = "two"\n[data]\nkind = "csv"\npath = "two.csv"\ntarget = ["high", "low"]\ntarget_scaling = "standard"\n'
        "[training]\nepochs = 300\n"
    )
    model = tmp_path / "two.safetensors"
    summary = summary_of(tmp_path / "two.toml", "--save", model)
    assert summary["test"]["rmse"] < 1.0
    told = json.loads(nn("predict", model, "2.0", tmp_path / "two.csv", "--json").stdout)
    assert told["target"] == ["high", "low"]
    assert told["samples"][0]["truth"] is None
    assert told["samples"][0]["value"] == pytest.approx([120.0, -0.02], rel=0.05)
    assert told["samples"][40]["truth"] == [139.0, -0.039]
    assert "high" in nn("predict", model, "0").stdout
    assert told["assessment"]["mae"] == pytest.approx(
        np.mean(
            [
                np.abs(np.subtract(sample["value"], sample["truth"])).mean()
                for sample in told["samples"]
                if sample["truth"]
            ]
        )
    )


def test_a_table_that_is_gone_or_cannot_be_read_is_named_once(tmp_path: Path) -> None:
    table, model = tmp_path / "t.csv", tmp_path / "m.safetensors"
    table.write_text("a,y\n" + "".join(f"{n},{'pq'[n % 2]}\n" for n in range(40)))
    assert nn("replay", table, "--set", "epochs=1", "--save", model, "--quiet").exit_code == 0
    table.write_text("")
    assert programs.refused("predict", model) == f"{table} has changed since the model was trained: the file is empty"
    table.unlink()
    assert programs.refused("predict", model) == f"{table}: no such file"
