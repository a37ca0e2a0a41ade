"""A bare table at the shell: described, trained on, predicted again; what a refusal advises works."""

import gzip
import json
import runpy
import shlex
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest

import nn_tui
from tests.shell.programs import nn, refused, summary_of

COLOURS, SIZES = ("red", "blue", "white"), ("small", "large")


def rows(count: int = 120) -> list[str]:
    return [
        f"{i},{(i * 7) % 50 / 10},{COLOURS[i % 3]},{SIZES[i % 2]},{'' if i % 40 == 3 else i % 11},same,"
        f"{'rose' if (i * 7) % 50 + 20 * (i % 3 == 0) > 30 else 'lily'}"
        for i in range(count)
    ]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "flowers.csv"
    path.write_text("id,height,colour,size,age,place,species\n" + "\n".join(rows()) + "\n")
    return path


def test_a_bare_table_is_trained_on_and_what_was_read_is_said(table: Path) -> None:
    summary = summary_of(table, "--target", "species")
    data = summary["data"]
    assert (data["rows"], data["task"], data["inputs"]) == (120, "binary", 6)
    assert data["classes"] == {name: sum(row.endswith(name) for row in rows()) for name in ("lily", "rose")}
    left_out = {column["name"]: column["reason"] for column in data["left_out_columns"]}
    assert left_out == {"id": "ignore names it", "place": "it is the same in every row"}
    assert data["split"]["how"] == "content"
    assert min(data["split"][part] for part in ("train", "validation", "test")) > 5
    assert summary["validation"] is not None
    assert summary["test"]["accuracy"] > 0.8


def test_the_target_is_asked_for_by_name_unless_it_is_plain(table: Path) -> None:
    refused = nn("replay", table)
    assert refused.exit_code == 2
    assert "--target 'species'" in refused.stderr
    table.write_text(table.read_text().replace("species", "label", 1))
    assert summary_of(table, "--epochs", 1)["data"]["task"] == "binary"
    assert nn("replay", "xor", "--target", "x").exit_code == 2


@pytest.mark.parametrize("name", ["kind", "the kind of it's", "2020", "true", "[x]", "Größe", "k" * 80])
@pytest.mark.parametrize(
    "command", [("show",), ("trace",), ("gradcheck",), ("find-rate", "--budget", "1"), ("doctor", "--budget", "0.01")]
)
def test_the_target_is_named_as_the_refusal_says(command: tuple[str, ...], name: str, tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    rows = "".join(f"{n % 7}.5,{n % 5}.5,{'pq'[n % 2]}\n" for n in range(60))
    file.write_text(f'a,b,"{name}"\n{rows}', encoding="utf-8")
    message = refused(command[0], file, *command[1:])
    assert message.count("t.csv: ") == 1
    advice = shlex.split(message.partition("for example ")[2].partition(" (likely")[0])
    assert advice[0] == ("--target" if command[0] == "doctor" else "--set")
    result = nn(command[0], file, *command[1:], *advice, *(() if command[0] == "show" else ("--set", "epochs=1")))
    assert result.exit_code in (0, 1), result.stderr
    if command[0] == "show":
        target = tomllib.loads(result.stdout)["data"]["target"]
        assert target in ([name], name, [2], 2)


def test_a_table_to_compare_is_made_a_scenario_as_the_refusal_says(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("a,b,c\n" + "".join(f"{n % 7}.5,{n % 5}.5,{'pq'[n % 2]}\n" for n in range(60)))
    message = refused("compare", file, "xor")
    advice = shlex.split(message.partition("for example ")[2].partition(" (likely")[0])
    assert "nn-tui show TABLE --set … > t.toml" in message
    shown = nn("show", file, *advice, "--set", "epochs=1")
    (tmp_path / "t.toml").write_text(shown.stdout)
    assert nn("compare", tmp_path / "t.toml", tmp_path / "t.toml").exit_code == 0
    assert "did you mean '--set target=…'" in refused("sweep", file, "--target", "c", "--vary", "lr=0.1,0.2")


@pytest.mark.parametrize(
    ("name", "values", "reason"),
    [
        ("PassengerId", range(1, 61), "it only numbers the rows"),
        ("Unnamed: 0", range(60), "it only numbers the rows"),
        ("row_number", range(60), "it only numbers the rows"),
        ("customer_id", [1_000 + 37 * (i * 7 % 60) for i in range(60)], "it is another in every row, and called an id"),
        ("humid", range(60), ""),
        ("year", range(1960, 2020), ""),
        ("store_id", [i % 9 for i in range(60)], ""),
        ("grid", [i * 1.5 for i in range(60)], ""),
    ],
)
def test_a_column_that_only_tells_one_row_from_another_is_left_out(
    tmp_path: Path, name: str, values: Sequence[float], reason: str
) -> None:
    path = tmp_path / "own.csv"
    path.write_text(f"{name},b,y\n" + "".join(f"{value},{i % 7},{i % 2}\n" for i, value in enumerate(values)))
    told = nn("data", "describe", path, "--json")
    role = {column["name"]: column["role"] for column in json.loads(told.stdout)["columns"]}[name]
    assert role == ("ignored" if reason else "input")
    assert not reason or f"{name} is left out: {reason}" in told.stdout


def test_where_there_is_little_room_names_and_numbers_of_a_description_stay_whole(
    table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table.write_text(table.read_text().replace("height", "height_of_stem", 1))
    for columns, names in ((80, True), (56, False)):
        monkeypatch.setenv("COLUMNS", str(columns))
        printed = nn("data", "describe", table, "--target", "species").stdout
        assert ("height_of_stem" in printed.split("binary", 1)[0]) == names
        assert "1 … 11" not in printed
        assert "0 … 4.9" in printed


def test_a_table_is_described_as_it_would_be_used(table: Path) -> None:
    told = json.loads(nn("data", "describe", table, "--json").stdout)
    columns = {column["name"]: column for column in told["columns"]}
    assert {name: column["role"] for name, column in columns.items()} == {
        "id": "ignored", "height": "input", "colour": "input", "size": "input", "age": "input", "place": "left out",
        "species": "target",
    }  # fmt: skip
    assert (columns["colour"]["coding"], columns["size"]["coding"]) == ("one-hot", "flag")
    assert (columns["age"]["missing"], columns["age"]["minimum"], columns["age"]["maximum"]) == (3, 0.0, 10.0)
    scenario = table.with_suffix(".toml")
    scenario.write_text(told["scenario"])
    assert summary_of(scenario)["digest"] == summary_of(table, "--target", "species")["digest"]
    assert "flowers.csv" in nn("data", "describe", table).stdout


def test_digits_beyond_number_are_described(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("x,y,c\n" + "".join(f"{'9' * 5_000},{n % 7 + 0.5},{'pq'[n % 2]}\n" for n in range(60)))
    assert nn("data", "describe", table).exit_code == 0
    column = json.loads(nn("data", "describe", table, "--json").stdout)["columns"][0]
    assert (column["role"], column["examples"]) == ("left out", ["inf"])


def test_what_coded_the_training_rows_codes_later_ones(table: Path, tmp_path: Path) -> None:
    model = tmp_path / "m.safetensors"
    summary_of(table, "--target", "species", "--save", model)
    later = tmp_path / "later.csv"
    later.write_text("size,age,colour,height\nlarge,,white,4.2\nsmall,3,red,0.1\n")
    told = json.loads(nn("predict", model, later, "4.2,white,large,", "--json").stdout)["samples"]
    assert told[0]["scores"] == told[2]["scores"]
    later.write_text("size,age,colour,height\nhuge,1,white,4.2\n")
    refused = nn("predict", model, later)
    assert "line 2, column 'size': there is no category 'huge'" in refused.stderr
    assert nn("predict", model, later, "--unknown", "zeros").exit_code == 0


def test_a_table_that_was_sorted_and_grew_is_tested_on_the_rows_kept_for_testing(table: Path, tmp_path: Path) -> None:
    model = tmp_path / "m.safetensors"
    summary = summary_of(table, "--target", "species", "--save", model)
    before = json.loads(nn("predict", model, "--json").stdout)["assessment"]
    assert before["accuracy"] == pytest.approx(summary["test"]["accuracy"])
    more = [row.replace("lily", "rose") for row in rows(300)[120:]]
    table.write_text("id,height,colour,size,age,place,species\n" + "\n".join([*more, *sorted(rows())]) + "\n")
    after = nn("predict", model, "--json")
    assessment = json.loads(after.stdout)["assessment"]
    assert assessment["samples"] >= before["samples"]
    assert "has changed" in nn("predict", model).stderr
    table.write_text("id,height,colour,size,age,place,species\n1,2,red,small,3,same,rose\n" * 1)
    assert nn("predict", model).exit_code == 2


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        ('a,y\n"1,500",1\n"2,500",0\n"3,500",1\n"4,000",0\n', "thousands=,"),
        ("a;y\n1,5;1\n2,5;0\n3,25;1\n4,0;0\n", "decimal=,"),
        ("a;y\n1.500,5;1\n2.500,5;0\n3.500,1;1\n4.000,2;0\n", "decimal=,|thousands=."),
        ("a,y\n1,1\n,0\n3,1\n4,0\n5,1\n6,0\n", "missing=median"),
        ("a,b,y\n1,2,1\n2,x,0\n3,1,1\n4,2,0\n", "ignore=[\"b\"]"),
        ("a,b,y\n1,2,1\n2,x,0\n3,2,1\n4,x,0\n", 'coding={ "b" = "one-hot" }'),
        ("a,b,y\n1,2,1\n2,inf,0\n3,1,1\n4,2,0\n", "ignore=[\"b\"]"),
        ("a,y\n1,1\n2,o\n3,1\n4,o\n", "task=classification"),
        ("1,2,y\n3,4,0\n5,6,1\n7,8,1\n9,1,0\n", "header=true|target=2"),
    ],
)  # fmt: skip
def test_advice_followed_to_the_letter_works(content: str, advice: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(content)
    target = "2" if "header" in advice else '"y"'
    data = f'kind = "csv"\npath = "t.csv"\ntarget = {target}\ntest_share = 0.0'
    (tmp_path / "t.toml").write_text(f'title = "t"\n[data]\n{data}\n[training]\nepochs = 1\n')
    assert nn("replay", tmp_path / "t.toml").exit_code == 2
    settings = [part for setting in advice.split("|") for part in ("--set", f"data.{setting}")]
    result = nn("replay", tmp_path / "t.toml", *settings)
    assert result.exit_code == 0, result.stderr


def test_compressed_tables_and_other_encodings_are_read(table: Path, tmp_path: Path) -> None:
    packed = tmp_path / "flowers.csv.gz"
    packed.write_bytes(gzip.compress(table.read_bytes()))
    assert summary_of(packed, "--target", "species", "--epochs", 2)["data"]["rows"] == 120
    table.write_bytes(table.read_text().replace("blue", "grün").encode("cp1252"))
    refused = nn("replay", table, "--target", "species")
    assert 'encoding = "cp1252"' in refused.stderr
    (tmp_path / "sheet.csv").write_bytes(b"PK\x03\x04\x14\x00\x06\x00\xff\xfe")
    assert "save the sheet as CSV" in nn("replay", tmp_path / "sheet.csv", "--target", "y").stderr


def test_the_exported_script_codes_rows_as_the_model_does(table: Path, tmp_path: Path) -> None:
    pytest.importorskip("torch")
    model, script = tmp_path / "m.safetensors", tmp_path / "m.py"
    summary_of(table, "--target", "species", "--save", model)
    assert nn("export", model, "--to", "pytorch", "--output", script).exit_code == 0
    space = runpy.run_path(str(script))
    raw = [[4.2, "white", "large", None], [0.1, "red", "small", 3.0], [2.5, "blue", "large", ""]]
    expected = nn_tui.load(model).predict(raw)
    assert space["predict"](raw).numpy() == pytest.approx(expected, abs=1e-6)


def test_folds_test_on_every_row_once(table: Path) -> None:
    told = json.loads(nn("replay", table, "--target", "species", "--folds", 4, "--json").stdout)
    assert len(told["folds"]) == 4
    assert sum(fold["data"]["split"]["test"] for fold in told["folds"]) == 120
    scores = [fold["test"]["accuracy"] for fold in told["folds"]]
    assert told["metric"] == "test.accuracy"
    assert told["mean"] == pytest.approx(sum(scores) / 4)
    assert min(scores) > 0.6
    assert "over 4 folds" in nn("replay", table, "--target", "species", "--folds", 4, "--epochs", 2).stdout
    assert "leave --save out" in nn("replay", table, "--folds", 4, "--save", "m.safetensors").stderr
    assert "only a table has folds" in nn("replay", "xor", "--folds", 4).stderr


def test_a_rare_class_and_a_net_that_never_finds_it_are_named(tmp_path: Path) -> None:
    path = tmp_path / "frauds.csv"
    frauds = [i % 50 == 7 for i in range(200)]
    cells = [
        f"{i * 37 % 101 / 50 + fraud},{i * 53 % 97},{'fraud' if fraud else 'fine'}" for i, fraud in enumerate(frauds)
    ]
    path.write_text("\n".join(["a,b,label", *cells]))
    summary = summary_of(path, "--steps", 80)
    assert any(note.startswith("class 'fraud' has 4 rows") for note in summary["data"]["notes"])
    assert "one-class" in {finding["kind"] for finding in summary["findings"]}
    weighted = summary_of(path, "--steps", 80, "--set", "training.class_weight=balanced")
    assert weighted["train"]["balanced_accuracy"] > summary["train"]["balanced_accuracy"] == 0.5


def test_what_set_says_of_a_bare_table_counts_as_it_is_read(table: Path) -> None:
    told = summary_of(
        table, "--set", "target=species", "--set", 'data.ignore=["size", "age"]', "--set", "data.split=order"
    )
    assert {column["name"] for column in told["data"]["left_out_columns"]} == {"id", "size", "age", "place"}
    assert told["data"]["split"]["how"] == "order"
    refused = nn("replay", table, "--target", "species", "--set", "data.kind=xor")
    assert refused.exit_code == 2
    assert "data.kind: is that of the table that is named" in refused.stderr


def test_a_target_whose_name_is_a_number(tmp_path: Path) -> None:
    table = tmp_path / "years.csv"
    table.write_text("2019,2020,2021\n" + "".join(f"{n % 7},{n % 5},{n % 7 + n % 5 + 0.5}\n" for n in range(60)))
    assert "header = true" in refused("replay", table, "--target", 2021)
    named = nn("replay", table, "--target", 2021, "--set", "data.header=true", "--epochs", 1)
    assert named.exit_code == 0, named.stderr
    assert "there is no column" in refused("replay", table, "--target", "9" * 5_000)


def test_of_one_row_there_is_no_r_squared(tmp_path: Path) -> None:
    table = tmp_path / "numbers.csv"
    table.write_text("a,y\n" + "".join(f"{n},{n % 7 + 0.5}\n" for n in range(12)))
    assert "of one row to test on there is no R²" in refused("replay", table, "--target", "y", "--folds", 12)
    assert nn("replay", table, "--target", "y", "--folds", 6, "--epochs", 1).exit_code == 0
