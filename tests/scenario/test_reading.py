"""What is wrong with a scenario is said in one message: where, what was found, what is right."""

import os
import pickle
import re
from pathlib import Path

import pytest

from nn_tui.engine.losses import LOSSES
from nn_tui.engine.outputs import OUTPUTS
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.reading import LARGEST_FILE, load, loads
from nn_tui.scenario.schema import METRICS, Layer
from nn_tui.shown import shown
from tests.scenario.scenarios import XOR, replaced, xor

KINDS = "xor, and, or, circle, gauss, spiral, moons, line, sine, plane, gauss-surface"
IMAGES = "fashion-mnist, fashion-sketch"
TOP = "title, summary, lesson, data, network, training, timeline, expect, sweep"
ACTIVATIONS = "sigmoid, tanh, relu, leaky_relu, elu, selu, gelu, silu, softplus, exponential, hard_sigmoid, identity"
HIDDEN = 'hidden = [4, { units = 3, activation = "relu", dropout = 0.1 }]'
OPTIMIZER = '{ name = "momentum", lr = 0.1, beta = 0.8 }'
SET = '"training.optimizer.lr" = 0.05'

TYPOS = [
    ("title =", "titel =", f"titel: unknown key; did you mean 'title'? (allowed here: {TOP})"),
    ("[data]", "[dat]", f"dat: unknown key; did you mean 'data'? (allowed here: {TOP})"),
    ("[data]", "[optimizer]", f"optimizer: unknown key; did you mean 'training.optimizer'? (allowed here: {TOP})"),
    (
        '"relu"',
        '"rellu"',
        f"network.hidden.2.activation: unknown activation 'rellu'; did you mean 'relu'? (one of: {ACTIVATIONS})",
    ),
    (
        "dropout =",
        "dropuot =",
        "network.hidden.2.dropuot: unknown key; did you mean 'dropout'? (allowed here: units, activation, dropout, "
        "normalization)",
    ),
    (
        '"momentum"',
        '"Momentm"',
        "training.optimizer.name: unknown optimizer 'Momentm'; did you mean 'momentum'? "
        "(one of: sgd, momentum, nesterov, adagrad, rmsprop, adam, adamw)",
    ),
    (
        "lr =",
        "learning_rate =",
        "training.optimizer.learning_rate: unknown key; did you mean 'lr'? (allowed here: name, lr, beta)",
    ),
    (
        "batch_size =",
        "learning_rate =",
        "training.learning_rate: unknown key; did you mean 'training.optimizer.lr'? (allowed here: loss, class_weight, "
        "mode, batch_size, epochs, steps, seed, speed, dtype, optimizer, schedule, regularization, clip, early_stop, "
        "race)",
    ),
    (
        '"bce"',
        '"cross-entropy"',
        "training.loss: unknown loss 'cross-entropy'; did you mean 'ce'? "
        "(one of: auto, mse, mae, rmse, huber, bce, ce)",
    ),
    (
        '"bce"',
        '"cross_entropy"',
        "training.loss: unknown loss 'cross_entropy'; did you mean 'ce'? "
        "(one of: auto, mse, mae, rmse, huber, bce, ce)",
    ),
    (
        "samples = 40",
        "seed = 4",
        "data.seed: unknown key; did you mean 'training.seed'? "
        "(allowed here: kind, samples, noise, test_share, validation_share, scaling, target_scaling, "
        "features)",
    ),
    (SET, '"lr" = 1', "timeline.1.set.lr: unknown key; did you mean 'training.optimizer.lr'?"),
    (
        '"test.accuracy"',
        '"test.acuracy"',
        f"expect.1.metric: unknown metric 'test.acuracy'; did you mean 'test.accuracy'? (one of: {', '.join(METRICS)})",
    ),
]

WRONG_TYPES = [
    ('"Corners"', "3", "title: expected text, found 3"),
    ('"Corners"', '"  "', "title: expected a title, found an empty text"),
    ("samples = 40", "samples = 40.0", "data.samples: expected a whole number from 2 to 1000000, found 40.0"),
    ("samples = 40", 'samples = "40"', "data.samples: expected a whole number from 2 to 1000000, found the text '40'"),
    ("samples = 40", "samples = true", "data.samples: expected a whole number from 2 to 1000000, found true"),
    ("samples = 40", "samples = []", "data.samples: expected a whole number from 2 to 1000000, found an empty list"),
    ("samples = 40", "noise = 1979-05-27", "data.noise: expected a number from 0 to 100, found a date or time"),
    (HIDDEN, "hidden = 8", "network.hidden: expected a list of whole numbers or tables, such as [8, 8], found 8"),
    ("[4,", "[[4],", "network.hidden.1: expected a whole number from 1 to 4096, found a list"),
    (
        OPTIMIZER,
        '"sgd"',
        "training.optimizer: expected a table such as { name = \"sgd\" }, found the text 'sgd'",
    ),
    ("[[expect]]", "[expect]", "expect: expected a list of tables, found a table; write [[expect]]"),
    ("[data]", "[[data]]", "data: expected a table, found a list"),
    ('title = "Corners"\n', "", "title: missing; expected text"),
    ('kind = "xor"\n', "", f"data.kind: missing; expected one of: {KINDS}, {IMAGES}, csv, surface"),
    ("units = 3, ", "", "network.hidden.2.units: missing; expected a whole number from 1 to 4096"),
]

OUT_OF_RANGE = [
    ("samples = 40", "samples = 1", "data.samples: expected a whole number from 2 to 1000000, found 1"),
    ("samples = 40", "noise = nan", "data.noise: expected a number from 0 to 100, found nan"),
    ("samples = 40", "test_share = 1", "data.test_share: expected a number of at least 0 and below 1, found 1"),
    ("samples = 40", "features = []", "data.features: expected at least one of: x, y, xy, x2, y2, sinx, siny"),
    ("samples = 40", 'features = ["x", "x"]', "data.features.2: x is listed twice"),
    ("[4,", "[0,", "network.hidden.1: expected a whole number from 1 to 4096, found 0"),
    (HIDDEN, f"hidden = {[1] * 101}", "network.hidden: expected at most 100 entries, found 101"),
    (
        HIDDEN,
        f"hidden = {[4096] * 10}",
        "network.hidden: 150,994,944 weights between hidden layers are too many (at most 50,000,000)",
    ),
    ("lr = 0.1", "lr = 0", "training.optimizer.lr: expected a number above 0 and at most 1000000, found 0"),
    ("beta = 0.8", "beta = 1", "training.optimizer.beta: expected a number of at least 0 and below 1, found 1"),
    ("every = 5", "every = 0", "training.schedule.every: expected a whole number from 1 to 1000000000, found 0"),
    ("epochs = 20", "epochs = 0", "training.epochs: expected a whole number from 1 to 1000000000, found 0"),
    (
        "epochs = 20",
        f"seed = {2**200}",
        "training.seed: expected a whole number from 0 to 9223372036854775807, found a whole number of about 201 bits",
    ),
]

IMPOSSIBLE_PAIRS = [
    ("samples = 40", "target = 3", "data.target: does not apply to xor; it belongs to: csv"),
    ('"xor"', '"csv"', f"data.samples: does not apply to csv; it belongs to: {KINDS}, {IMAGES}"),
    (
        'kind = "xor"\nsamples = 40',
        'kind = "csv"',
        "data.path: missing; expected the table, relative to the scenario's folder: text with separators "
        "(also .csv.gz), .npz with X and y, or, with nn-tui[tables], .parquet",
    ),
    ('"momentum"', '"sgd"', "training.optimizer.beta: sgd has no beta; it belongs to: momentum, nesterov, rmsprop"),
    (
        OPTIMIZER,
        '{ name = "adamw", lr = 20, weight_decay = 0.1 }',
        "training.optimizer.weight_decay: 0.1 at a rate of 20 takes each weight past zero at every step "
        "(rate × weight_decay must be below 1)",
    ),
    ("samples = 40", "samples = 3\ntest_share = 0.9", "data.test_share: 0.9 of 3 samples leaves none to train on"),
    ("samples = 40", "samples = 2\ntest_share = 0.1", "data.test_share: 0.1 of 2 samples leaves none to test on"),
]


def cases(table: list[tuple[str, str, str]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("old", "new", "message"), table)


def refusal(text: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        loads(text, "my.toml")
    return str(caught.value)


@cases(TYPOS)
def test_a_typo_is_told_with_the_likely_name(old: str, new: str, message: str) -> None:
    assert refusal(replaced((old, new))) == f"my.toml: {message}"


@cases(WRONG_TYPES)
def test_a_wrong_type_is_told_in_plain_words(old: str, new: str, message: str) -> None:
    assert refusal(replaced((old, new))) == f"my.toml: {message}"


@cases(OUT_OF_RANGE)
def test_a_value_out_of_range_is_told_with_the_range(old: str, new: str, message: str) -> None:
    assert refusal(replaced((old, new))) == f"my.toml: {message}"


@cases(IMPOSSIBLE_PAIRS)
def test_an_impossible_pair_is_told_with_a_way_out(old: str, new: str, message: str) -> None:
    assert refusal(replaced((old, new))) == f"my.toml: {message}"


@pytest.mark.parametrize("kind", ["xor", "line"])
def test_any_loss_stands_behind_any_output(kind: str) -> None:
    for loss in LOSSES:
        for output in OUTPUTS:
            text = replaced(
                ('"xor"', f'"{kind}"'),
                ("bce", loss),
                ("test.accuracy", "test.loss"),
                ("[training]", f'output = "{output}"\n[training]'),
            )
            scenario = loads(text)
            assert (scenario.training.loss, scenario.network.output) == (loss, output)


@pytest.mark.parametrize(
    ("text", "line"),
    [("title = \n", 1), ('title = "a"\n\n[data\n', 3), ('title = "\x1b"', 1), ("[a]\nb = 1\n[a]\n", 3)],
)
def test_what_is_not_toml_is_told_with_its_line(text: str, line: int) -> None:
    # The words are Python's own and differ from version to version.
    assert re.fullmatch(rf"my\.toml: not valid TOML: .+ \(at line {line}, column \d+\)", refusal(text))


@pytest.mark.parametrize(
    ("wrong", "advice", "right"),
    [
        ("kind = xor", 'a text stands in quotes: "xor"', 'kind = "xor"'),
        ("kind = “xor”", 'quotes are straight: "…"', 'kind = "xor"'),
        ("noise = .25", "write 0.25", "noise = 0.25"),
        ("noise = 0,25", "write 0.25", "noise = 0.25"),
        ("noise = 1.  # much", "write 1.0", "noise = 1.0"),
        ("noise: 0.25", "write = in place of the colon", "noise = 0.25"),
        ("noise = True", "write true", None),
        ("noise = 1\nnoise = 2", "a key stands twice in a table", "noise = 2"),
        ("noise = 1 2", "", None),
        ("noise = ", "", None),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_commonest_slips_in_toml_are_told_with_what_to_write(
    wrong: str, advice: str, right: str | None, end: str
) -> None:
    rest = "" if "kind" in wrong else 'kind = "xor"\n'
    text = f'title = "A"\n[data]\n{rest}{{}}\n'
    told = refusal(text.format(wrong).replace("\n", end))
    assert told.partition(")")[2] == (f"; {advice}" if advice else "")
    if right is not None:
        assert loads(text.format(right)).data.kind == "xor"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("seed = " + "1" * 5000, "not valid TOML: a number in it has too many digits"),
        ("x = " + "[" * 5000, "not valid TOML: lists or tables are nested too deeply"),
        ("", "the file is empty"),
        (" \n\t\n", "the file is empty"),
        ("# a comment\n", "title: missing; expected text"),
    ],
)
def test_what_holds_no_scenario_is_told(text: str, message: str) -> None:
    assert refusal(text) == f"my.toml: {message}"


@pytest.mark.parametrize("escape", ["\\u001b", "\\u0000", "\\u0007", "\\u009b", "\\r", "\\u007f"])
@pytest.mark.parametrize("place", ['"Corners"', '"Watch."'])
def test_text_cannot_carry_control_characters_to_the_terminal(place: str, escape: str) -> None:
    message = refusal(replaced((place, f'"red {escape}[31m"')))
    assert "is not allowed here, found 'red \\x" in message or "is not allowed here, found 'red \\r" in message
    assert message.isprintable()


def test_a_key_with_control_characters_is_shown_escaped() -> None:
    message = refusal(replaced(("samples = 40", '"samp\\u001b[2Jles" = 40')))
    assert "data.'samp\\x1b[2Jles': unknown key" in message
    assert message.isprintable()


def test_a_lesson_may_have_lines_a_title_may_not() -> None:
    assert xor(('"Watch."', '"two\\nlines"')).lesson == "two\nlines"
    assert "title: the character U+000A is not allowed" in refusal(replaced(('"Corners"', '"two\\nlines"')))


def test_long_and_many_line_values_are_shown_short() -> None:
    message = refusal(replaced(("samples = 40", f'scaling = "{"long " * 500}\\n"')))
    assert len(message) < 200


def test_defaults_follow_from_kind_and_optimizer() -> None:
    scenario = loads('title = "t"\n[data]\nkind = "sine"\n[training]\noptimizer = { name = "rmsprop" }')
    assert scenario.data.features == ("x",)
    assert scenario.training.loss == "mse"
    assert scenario.training.optimizer.lr == 0.01
    assert scenario.training.optimizer.settings == {"beta": 0.99, "epsilon": 1e-8}
    assert scenario.network.hidden == (Layer(units=4), Layer(units=4))


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "windows.toml"
    file.write_bytes(b"\xef\xbb\xbf" + XOR.replace("\n", "\r\n").encode())
    assert load(file) == xor()


def test_a_file_that_is_not_utf8_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "latin.toml"
    file.write_bytes(XOR.replace("Watch.", "Café").encode("latin-1"))
    with pytest.raises(ScenarioError) as caught:
        load(file)
    assert str(caught.value) == f"{file}: not UTF-8: byte 0xe9 (at line 3, column 14)"


def test_folders_missing_files_and_huge_files_are_told(tmp_path: Path) -> None:
    huge = tmp_path / "huge.toml"
    huge.write_bytes(b"#" * (LARGEST_FILE + 1))
    for path, problem in (
        (tmp_path, "cannot be read: Is a directory"),
        (tmp_path / "none.toml", "cannot be read: No such file or directory"),
        (huge, "too large for a scenario (more than 1,000,000 bytes)"),
        (Path("a\0b.toml"), "cannot be read: embedded null byte"),
    ):
        with pytest.raises(ScenarioError) as caught:
            load(path)
        assert str(caught.value) == f"{shown(path)}: {problem}"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the superuser may read everything")
def test_an_unreadable_file_is_told(tmp_path: Path) -> None:
    file = tmp_path / "locked.toml"
    file.write_text(XOR)
    file.chmod(0)
    with pytest.raises(ScenarioError, match=r"locked\.toml: cannot be read: Permission denied"):
        load(file)


CSV = 'title = "Own data"\n[data]\nkind = "csv"\npath = "mine.csv"\ntarget = "y"\n'


def test_a_csv_path_is_relative_to_the_scenario_not_to_the_shell(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text(CSV)
    assert load(file).data.path == str(tmp_path / "mine.csv")


def test_a_folder_whose_name_cannot_be_written_down_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "two\nlines"
    folder.mkdir()
    file = folder / "own.toml"
    file.write_text(CSV)
    with pytest.raises(ScenarioError) as caught:
        load(file)
    assert caught.value.key == "data.path"
    assert "U+000A" in caught.value.problem


def test_an_error_survives_the_way_to_another_process() -> None:
    error = ScenarioError("wrong", source="my.toml", key="data.kind")
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.source, again.key, again.problem) == (str(error), "my.toml", "data.kind", "wrong")
