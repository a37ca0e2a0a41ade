"""Races and descents at the shell: the table, the surface with its paths, the curves."""

import json
import re
from pathlib import Path

import pytest

from nn_tui.charts.palette import terminal
from nn_tui.scenario import catalogue
from nn_tui.scenario.reading import load
from tests.shell.programs import nn, refused

SURFACES = [name for name in catalogue.names() if load(catalogue.find(name)).data.kind == "surface"]


def plotted(*arguments: object) -> str:
    result = nn("replay", *arguments, "--quiet", "--plot")
    assert result.exit_code == 0, result.output
    return result.stdout


def table(*arguments: object) -> list[list[str]]:
    """The rows of the table of optimizers, its header first, split at two blanks."""
    lines = nn("replay", *arguments).stdout.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("optimizer"))
    rows = lines[start : lines.index("", start)]
    return [re.split(r" {2,}", row.strip()) for row in rows]


# -- the table -------------------------------------------------------------------------------------------------------


def test_a_descent_is_told_in_heights_and_places_and_not_in_epochs() -> None:
    result = nn("replay", "saddle")
    assert re.fullmatch(r"360 steps in \d+\.\d\d s \([\d,]+ steps/s\)", result.stdout.splitlines()[1])
    assert "train  " not in result.stdout
    assert max(len(line) for line in result.stdout.splitlines() if "digest" not in line) <= 80


def test_the_table_says_where_each_optimizer_ended_and_which_was_best() -> None:
    header, *rows = table("saddle")
    assert header == ["optimizer", "rate", "height", "x", "y", "99 % down at"]
    assert [row[:2] for row in rows] == [["sgd", "0.02"], ["momentum", "0.2"], ["adam", "0.02"]]
    assert rows[0][-2:] == ["–", "saddle"]
    assert rows[1][3:5] == ["0.000", "1.000"]
    assert [row[-1] for row in rows[1:]] == ["minimum", "minimum, best"]
    assert all(re.fullmatch(r"step \d+", row[-2]) for row in rows[1:])


def test_the_table_tells_a_hollow_from_the_lowest_and_who_is_lost() -> None:
    assert [row[-1] for row in table("hollows")[1:]] == [
        *("higher minimum", "higher minimum", "minimum, best", "higher minimum")
    ]
    assert [row[-1] for row in table("cliff")[1:]] == ["far out", "far out", "minimum, best"]
    assert table("beale")[2][-1] == "diverged at step 6"


def test_on_a_narrow_terminal_the_table_leaves_out_columns_and_cuts_no_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    headers = {}
    for width in (80, 60, 44):
        monkeypatch.setenv("COLUMNS", str(width))
        assert "…" not in nn("replay", "saddle").stdout
        headers[width], *rows = table("saddle")
        assert rows[-1][0] == "adam"
        assert rows[-1][-1] == "minimum, best"
    assert headers[60] == ["optimizer", "rate", "height", "99 % down at"]
    assert headers[44] == ["optimizer", "rate", "height"]


def test_of_one_optimizer_alone_none_is_the_best() -> None:
    assert "best" not in nn("replay", "bowl", "--set", "race=[]").stdout


def test_a_race_of_networks_shows_all_and_then_the_first_in_full() -> None:
    header, *rows = table("race-spiral", "--epochs", "10")
    assert header == ["optimizer", "rate", "train loss", "train accuracy"]
    assert [row[0] for row in rows] == ["sgd", "momentum", "rmsprop", "adam"]
    losses = [float(row[2]) for row in rows]
    assert [row[-1] == "best" for row in rows] == [loss == min(losses) for loss in losses]
    lines = nn("replay", "race-spiral", "--epochs", "10").stdout.splitlines()
    assert any(re.fullmatch(r"sgd +loss +accuracy +balanced accuracy +precision +recall +f1", line) for line in lines)


# -- the surface -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SURFACES)
def test_every_surface_is_drawn_in_80_columns_with_all_its_paths(name: str) -> None:
    lines = plotted(name).strip("\n").splitlines()
    training = load(catalogue.find(name)).training
    picture = lines[: next(number for number, line in enumerate(lines) if line.startswith("height above"))]
    assert max(map(len, lines)) <= 80
    assert len(picture) <= 30
    for rule in training.race:
        assert f"{rule.name}" in " ".join(picture[:3])
        assert f" {rule.lr:g}" in " ".join(picture[:3])
    drawn = "".join(line[6:] for line in picture[2:])
    assert "●" in drawn
    assert "\x1b" not in "".join(lines)


def test_the_picture_has_start_minima_saddle_and_ends_in_their_places() -> None:
    lines = plotted("saddle").strip("\n").splitlines()
    assert lines[0] == "saddle   (x² − y²) / 2 + y⁴ / 4"
    assert lines[1] == "S sgd 0.02   M momentum 0.2   A adam 0.02   ● start   ✕ minimum   ◇ saddle"
    top, bottom = (next(line for line in lines if line.startswith(label)) for label in ("    1 ", "   −1 "))
    assert re.search(r"a+A✕M", top)
    assert "✕" in bottom
    assert "A" not in bottom
    assert next(line for line in lines if line.startswith("    0 ")).count("◇") == 1


def test_who_left_the_picture_is_told_below_it() -> None:
    assert re.search(r"^S sgd ends outside the picture, at \(−3\d\d\.\d, .*\)$", plotted("cliff"), re.MULTILINE)
    assert "outside" not in plotted("cliff-cured")


def test_it_is_said_how_paths_that_share_cells_are_told_apart() -> None:
    note = "where paths share a cell they take turns; ends that meet stand side by side"
    assert note in plotted("saddle")
    assert note not in plotted("saddle", "--steps", 0)
    assert note not in plotted("saddle", "--set", 'race=["adam"]')


@pytest.mark.parametrize("start", ["[0, 0]", "[1000, -3]", "[-1e6, 1e6]"])
def test_a_start_anywhere_is_on_the_picture(start: str) -> None:
    assert (
        "●" in plotted("bowl", "--set", f"start={start}", "--set", 'race=["adam"]').split("height")[0].split("●", 1)[1]
    )


def test_a_picture_fits_its_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for width, most in ((40, 40), (120, 120)):
        monkeypatch.setenv("COLUMNS", str(width))
        assert max(map(len, plotted("hollows").splitlines())) <= most


def test_a_terminal_gets_half_blocks_in_color(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLORTERM", "truecolor")
    drawn = plotted("saddle")
    assert "▀" in drawn
    assert "▒" not in drawn
    for lane in range(3):
        color = terminal().lane(lane)
        assert re.search(rf"[34]8;2;{color.red};{color.green};{color.blue}[;m]", drawn)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "▀" not in plotted("saddle")


def test_a_terminal_of_sixteen_colors_gets_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLORTERM", "")
    monkeypatch.setenv("TERM", "xterm")
    drawn = plotted("saddle")
    assert "▀" not in drawn
    assert "aaa" in drawn


def test_a_long_descent_is_drawn_without_being_kept_step_by_step() -> None:
    drawn = plotted(
        "rosenbrock", "--set", "epochs=500000", "--set", "race=[{ name = 'sgd', lr = 1e-5 }]", "--steps", 9000
    )
    assert "S sgd 1e−5" in drawn


# -- the curves ------------------------------------------------------------------------------------------------------


def curves(*arguments: object) -> list[str]:
    text = plotted(*arguments)
    return text[text.index("height above" if "height above" in text else "train loss") :].splitlines()


def test_there_is_a_curve_for_every_optimizer() -> None:
    lines = curves("saddle")
    assert lines[0] == "height above the lowest point, log scale"
    assert lines[1] == "S sgd 0.02   M momentum 0.2   A adam 0.02"
    assert all(letter in "".join(lines[3:-3]) for letter in "sma")
    assert lines[-1].split()[0] == "step"
    lines = curves("race-spiral", "--epochs", "20")
    assert lines[:2] == ["train loss, log scale", "S sgd 0.8   M momentum 0.8   R rmsprop 0.02   A adam 0.02"]
    assert lines[-1].split()[0] == "epoch"


def test_the_curve_of_an_optimizer_ends_where_it_diverges() -> None:
    inside = [line.split("│")[1] for line in curves("beale") if line.count("│") == 1]
    assert any("2" in line for line in inside)
    assert not any("2" in line[10:] for line in inside)


def test_a_descent_of_no_steps_is_drawn_and_says_that_there_is_no_curve() -> None:
    drawn = plotted("saddle", "--steps", 0)
    assert "●" in drawn
    assert drawn.strip().endswith("nothing to plot: a curve needs a loss at two steps at least")


def test_the_summary_prints_what_to_set_and_json_has_it_too() -> None:
    text = " ".join(nn("replay", "saddle").stdout.split())
    assert "● sgd is held up at a saddle since step 114" in text
    assert "--set training.race.sgd.lr=0.2" in text
    told = json.loads(nn("replay", "saddle", "--json").stdout)["findings"]
    assert [finding["kind"] for finding in told] == ["saddle"]
    assert told[0]["remedies"][0]["changes"]


# -- what a surface does not have ------------------------------------------------------------------------------------


def test_what_needs_a_network_is_refused_for_a_surface(tmp_path: Path) -> None:
    model = tmp_path / "model.safetensors"
    assert refused("replay", "saddle", "--save", model) == (
        f"{model}: a surface has no model to save, only a point; --record keeps the run"
    )
    gradient = "saddle: data.kind: a surface has no network whose gradient could be checked"
    assert refused("gradcheck", "saddle") == gradient
    assert nn("replay", "xor", "--steps", "1", "--quiet", "--save", model).exit_code == 0
    assert "set data.start" in refused("replay", "saddle", "--init-from", model)
    assert "a surface has no network that could go on" in refused("replay", "saddle", "--resume", model)


def test_of_a_race_the_first_network_is_saved_to_predict_with(tmp_path: Path) -> None:
    model = tmp_path / "model.safetensors"
    saved = nn("replay", "race-spiral", "--steps", "40", "--quiet", "--save", model)
    assert saved.exit_code == 0
    assert saved.stderr == (
        f"nn-tui: {model}: holds the network of sgd, the first of the race; a race cannot be resumed\n"
    )
    assert refused("replay", "--resume", model).startswith("the saved run is a race, of which the file holds the first")
    assert nn("predict", model, "0.5,0.5").exit_code == 0
    assert nn("export", model, "--to", "pytorch").exit_code == 0
