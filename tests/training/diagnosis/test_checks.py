"""What is said of a set-up before its first step, on either side of each threshold; and how outcomes are weighed."""

import time

import numpy as np
import pytest
from msgspec import structs

from nn_tui.scenario import catalogue, overrides
from nn_tui.scenario.reading import load, loads
from nn_tui.scenario.schema import Change
from nn_tui.training.diagnosis.baselines import baselines
from nn_tui.training.diagnosis.checks import LARGE, check
from nn_tui.training.diagnosis.task_checks import FEW_VALUES, MOST_CLASSES, OFTEN, RARE
from nn_tui.training.diagnosis.trials.scale import FAR_BEHIND, SURE, Scale, helps
from nn_tui.training.diagnosis.trials.search import Search
from nn_tui.training.diagnosis.trials.tried import Tried, helpful
from nn_tui.training.run.choosing import ChoosingMetric
from nn_tui.training.run.loading import load_dataset
from nn_tui.training.run.problems.network_problem import NetworkProblem
from nn_tui.training.run.trainer import Trainer
from nn_tui.training.run.variant import Outcome, VariantLook

DEEP = [8] * 12


def checked(name, changes):
    return check(lane_of(overrides.apply(load(catalogue.find(name)), changes)))


def lane_of(scenario):
    return Trainer(scenario, NetworkProblem(load_dataset(scenario))).lead


@pytest.mark.parametrize(
    ("kind", "name", "ill", "well"),
    [
        ("unsuitable-output", "sine", {"network.output": "relu"}, {"network.output": "identity"}),
        ("unsuitable-output", "xor", {"network.output": "softmax", "training.loss": "mse"}, {}),
        ("unsuitable-loss", "xor", {"training.loss": "mae"}, {"training.loss": "bce"}),
        ("unscaled-inputs", "unscaled-features", {}, {"data.scaling": "standard"}),
        ("initial-loss", "xor", {"network.init": {"name": "normal", "std": 30.0}}, {"network.init": "xavier"}),
        ("symmetry", "xor", {"network.init": "zeros"}, {"network.init": "xavier"}),
        # Layer 2 has four inputs: 8 times √(2 / 4) is 5.7.
        (
            "unsuitable-initializer",
            "xor",
            {"network.init": {"name": "normal", "std": 6.5}},
            {"network.init": {"name": "normal", "std": 5.0}},
        ),
        ("saturated-at-start", "xor", {"network.init": {"name": "normal", "std": 60.0}}, {"network.init": "xavier"}),
        (
            "signal-at-start",
            "xor",
            {"network.hidden": DEEP, "network.activation": "sigmoid"},
            {"network.hidden": DEEP, "network.activation": "tanh"},
        ),
        ("batch-larger-than-set", "xor", {"training.batch_size": 141}, {"training.batch_size": 140}),
        ("few-steps", "xor", {"training.epochs": 11}, {"training.epochs": 12}),
        ("few-steps", "rate-too-low", {"training.optimizer.lr": 0.0011}, {"training.optimizer.lr": 0.0013}),
        (
            "more-parameters-than-examples",
            "and",
            {"network.hidden": [200]},
            {"network.hidden": []},
        ),
    ],
)
def test_a_check_speaks_up_on_one_side_of_its_threshold_only(kind, name, ill, well):
    assert kind in {finding.kind for finding in checked(name, ill)}
    assert kind not in {finding.kind for finding in checked(name, well)}


ZEROS = {"network.hidden": [], "network.init": "zeros", "training.epochs": 2}
WARM = {"training.schedule.name": "warm-up", "training.schedule.epochs": 50}
SLOW = {"training.optimizer.name": "sgd", "training.optimizer.lr": 0.0011}


@pytest.mark.parametrize(
    ("name", "changes", "kind", "said"),
    [
        ("xor", ZEROS, "few-steps", "The run ends after 18 steps."),
        ("xor", {"training.steps": 1}, "few-steps", "The run ends after 1 step. At a rate of"),
        ("xor", WARM | SLOW | {"training.epochs": 12}, "few-steps", "At a rate of 0.000228 on average"),
        ("xor", {"network.output": "identity", "training.loss": "bce"}, "unsuitable-output", "gives none: any number."),
        ("xor", {"network.output": "relu", "training.loss": "bce"}, "unsuitable-output", "any number from 0 on."),
        ("xor", {"network.output": "tanh", "training.loss": "bce"}, "unsuitable-output", "numbers from −1 to 1."),
        (
            "xor",
            {"network.output": "relu", "training.loss": "ce", "network.init": "zeros"},
            "initial-loss",
            "The loss is no finite number before the first step",
        ),
        (
            "iris",
            {"training.loss": "bce", "network.init": {"name": "normal", "std": 30.0}, "data.scaling": "none"},
            "initial-loss",
            "guessing gives ln 2 = 0.693",
        ),
    ],
)
def test_what_a_check_says_is_words_and_numbers_that_are_some(name, changes, kind, said):
    found = {finding.kind: finding.evidence for finding in checked(name, changes)}
    assert said in found[kind]
    assert not any(word in text.replace("%", " ").split() for text in found.values() for word in ("inf", "nan"))


def test_a_limit_on_the_gradient_and_what_a_timeline_changes_are_counted_in():
    slow = {"training.optimizer.name": "sgd", "training.optimizer.lr": 0.1}
    assert "few-steps" not in {finding.kind for finding in checked("xor", slow)}
    assert "few-steps" in {finding.kind for finding in checked("xor", slow | {"training.clip.norm": 1e-6})}
    scenario = overrides.apply(load(catalogue.find("xor")), {"training.epochs": 2})
    longer = structs.replace(scenario, timeline=(Change(epoch=1, set={"training.epochs": 500}),))
    assert "few-steps" in {finding.kind for finding in check(lane_of(scenario))}
    assert "few-steps" not in {finding.kind for finding in check(lane_of(longer))}


def test_equal_units_that_dropout_tells_apart_are_no_fault_before_the_first_step():
    alike = {"network.init": {"name": "constant", "value": 0.5}}
    assert "symmetry" in {finding.kind for finding in checked("xor", alike)}
    dropped = alike | {"network.hidden": [{"units": 8, "dropout": 0.5}]}
    assert "symmetry" not in {finding.kind for finding in checked("xor", dropped)}


def test_a_sorted_table_is_looked_at_evenly(tmp_path):
    rows = [f"{number % 7},{number},{'no' if number < 2_400 else 'yes'}" for number in range(3_000)]
    (tmp_path / "sorted.csv").write_text("\n".join(["a,b,y", *rows]))
    (tmp_path / "test.csv").write_text("\n".join(["a,b,y", *rows]))
    text = 'title = "t"\n[data]\nkind = "csv"\npath = "sorted.csv"\ntest_path = "test.csv"\ntarget = "y"\n'
    (tmp_path / "s.toml").write_text(text + 'test_share = 0.0\nsplit = "order"\n')
    known = {one.name: one.value for one in baselines(load_dataset(load(tmp_path / "s.toml")), 0)}
    assert known["the largest class"] == pytest.approx(0.8)
    assert known["the nearest neighbor"] > 0.95


def lane_of_table(folder, rows, task, network=""):
    """A net on a table with these rows of two inputs and a target."""
    (folder / "table.csv").write_text("a,b,y\n" + "".join(f"{a},{b},{y}\n" for a, b, y in rows))
    data = f'kind = "csv"\npath = "{folder}/table.csv"\ntarget = "y"\ntask = "{task}"\ntest_share = 0.0'
    scenario = loads(f'title = "A table"\n[data]\n{data}\n[network]\n{network}')
    return Trainer(scenario, NetworkProblem(load_dataset(scenario))).lead


def of_table(folder, rows, task):
    """What is said of it."""
    return {finding.kind for finding in check(lane_of_table(folder, rows, task))}


@pytest.mark.parametrize(("alive", "is_dead"), [(1, True), (2, False)])
def test_units_are_dead_at_the_start_from_three_in_four_on(tmp_path, alive, is_dead):
    rows = [(1 + n % 7, 1 + n % 3, n % 5) for n in range(40)]
    lane = lane_of_table(tmp_path, rows, "regression", 'hidden = [4]\nactivation = "relu"')
    # Inputs are positive, so a unit is dead whose weights are not.
    lane.network.layers[0].augmented[:] = -1.0
    lane.network.layers[0].augmented[:alive] = np.arange(1.0, 1.0 + alive)[:, None]
    assert ("dead-at-start" in {finding.kind for finding in check(lane)}) is is_dead


@pytest.mark.parametrize(("size", "is_large"), [(1.01 * LARGE, True), (0.99 * LARGE, False)])
def test_inputs_and_targets_are_unscaled_above_a_root_mean_square(tmp_path, size, is_large):
    signs = [1 if n % 3 else -1 for n in range(40)]
    found = of_table(tmp_path, [(n % 7, size * sign, n % 5) for n, sign in enumerate(signs)], task="regression")
    assert ("unscaled-inputs" in found) is is_large
    found = of_table(tmp_path, [(n % 7, n % 5, size * sign) for n, sign in enumerate(signs)], task="regression")
    assert ("unscaled-targets" in found) is is_large


@pytest.mark.parametrize(("examples", "is_rare"), [(RARE - 1, True), (RARE, False)])
def test_a_class_is_rare_below_so_many_examples(tmp_path, examples, is_rare):
    rows = [(n % 7, n % 3, "rare" if n < examples else "usual") for n in range(40)]
    assert ("rare-class" in of_table(tmp_path, rows, task="classification")) is is_rare


@pytest.mark.parametrize(("noise", "repeats"), [(0.005, True), (0.05, False)])
def test_an_input_repeats_the_target_where_next_to_nothing_tells_them_apart(tmp_path, noise, repeats):
    # Their correlation is 1 − noise² / 2, to the first order.
    values = np.random.default_rng(3).normal(size=(1_100, 2))
    rows = [(n % 5, 3.0 * y + 1.0, y + noise * e) for n, (y, e) in enumerate(values)]
    assert ("input-repeats-target" in of_table(tmp_path, rows, task="regression")) is repeats


@pytest.mark.parametrize(("classes", "are_numbers"), [(MOST_CLASSES + 1, True), (MOST_CLASSES, False)])
def test_many_classes_that_are_numbers_are_said_to_be_so(tmp_path, classes, are_numbers):
    rows = [(n % 7, n % 3, 0.5 + n % classes) for n in range(3 * classes)]
    assert ("numbers-as-classes" in of_table(tmp_path, rows, task="classification")) is are_numbers


@pytest.mark.parametrize(
    ("values", "rows", "are_codes"),
    [
        (FEW_VALUES, FEW_VALUES * OFTEN, True),
        (FEW_VALUES + 1, 100, False),
        (FEW_VALUES, FEW_VALUES * OFTEN - 1, False),
    ],
)
def test_a_regression_of_few_whole_numbers_is_said_to_look_like_classes(tmp_path, values, rows, are_codes):
    table = [(n % 7, n % 3, n % values) for n in range(rows)]
    assert ("classes-as-numbers" in of_table(tmp_path, table, task="regression")) is are_codes


SUSPECT = {
    "unscaled-features": {"unscaled-inputs", "saturated-at-start"},
    "vanishing": {"signal-at-start"},
    "zero-init": {"symmetry"},
}
"""What is plain before the first step in scenarios about it; of no other anything is."""


def test_of_the_catalogue_only_what_is_ill_from_the_start_has_suspects():
    kinds = ("surface", "fashion-mnist", "fashion-sketch", "images")
    found = {
        name: {finding.kind for finding in checked(name, {}) if finding.ill}
        for name, scenario in catalogue.scenarios().items()
        if scenario.data.kind not in kinds
    }
    assert {name: suspects for name, suspects in found.items() if suspects} == SUSPECT


def test_checks_take_next_to_no_time():
    scenario = load(catalogue.find("moons"))
    lane = Trainer(scenario, NetworkProblem(load_dataset(scenario))).lead
    before = lane.network.parameters.copy()
    started = time.process_time()
    check(lane)
    assert time.process_time() - started < 1.0
    assert (lane.network.parameters == before).all()


def test_simple_methods_say_what_the_data_allow():
    for name, least, most in (("spiral", 0.9, 1.0), ("diabetes", 0.3, 0.6), ("line", 0.8, 1.0)):
        best = max(entry.value for entry in baselines(load_dataset(load(catalogue.find(name))), 0))
        assert least <= best <= most


SCALE = Scale(ChoosingMetric("test", "accuracy"), rows=400, trained=1_000, ignorant=0.5)


def test_a_run_is_far_behind_from_a_share_of_what_can_be_learned_on():
    edge = 1.0 - FAR_BEHIND * 0.5
    assert SCALE.is_far_behind(edge - 0.001, 1.0)
    assert not SCALE.is_far_behind(edge + 0.001, 1.0)


class _Known:
    """A bench that knows what the run left alone comes to, by seed."""

    scenario = load(catalogue.find("xor"))

    def __init__(self, values):
        self.values = values

    def known(self, _changes, seed, _from_step=0):
        value = self.values[seed]
        return Outcome(
            "finished", 1, 0.0, (VariantLook(1, chosen=value, train=value, chosen_loss=1.0, train_loss=1.0),)
        )


def _is_ill(*values):
    bench = _Known(values)
    parts = {"certain": {}, "direct": frozenset(), "ordered": (), "recipes": (), "long_recipe": {}}
    return Search(bench, SCALE, range(len(values)), baseline=1.0, **parts).is_ill


def test_what_bad_luck_with_its_seed_takes_from_a_run_counts_half():
    behind = FAR_BEHIND * 0.5
    assert _is_ill(1.0 - 1.01 * behind)
    assert not _is_ill(1.0 - 0.99 * behind)
    # Bad luck: the other seeds come to all there is.
    assert not _is_ill(1.0 - 1.4 * behind, 1.0, 1.0)
    assert _is_ill(1.0 - 1.6 * behind, 1.0, 1.0)
    # Good luck is the run's own: it has learned what it has learned.
    assert not _is_ill(1.0, 1.0 - 8.0 * behind, 1.0 - 8.0 * behind)


def test_on_noisy_data_a_run_is_far_behind_beyond_what_the_choice_of_examples_moves():
    few = Scale(SCALE.choice, rows=100, trained=200, ignorant=0.5)
    edge = 0.75 - SURE * few.noise(0.75)
    assert edge < 0.75 - FAR_BEHIND * few.learnable(0.75)
    assert few.is_far_behind(edge - 0.001, 0.75)
    assert not few.is_far_behind(edge + 0.001, 0.75)


def test_by_heart_it_takes_more_to_be_far_behind():
    by_heart = Scale(ChoosingMetric("train", "accuracy"), rows=10, trained=10, ignorant=0.5)
    assert not by_heart.is_far_behind(0.9, 1.0)
    assert by_heart.is_far_behind(0.8, 1.0)


def test_few_held_out_examples_are_counted_with_the_training_set():
    outcome = Outcome("finished", 1, 0.0, (VariantLook(1, chosen=0.0, train=1.0, chosen_loss=1.0, train_loss=0.0),))
    assert SCALE.value(outcome) == 0.0
    assert Scale(SCALE.choice, rows=10, trained=90, ignorant=0.5).value(outcome) == 0.9


def test_a_change_helps_only_if_it_does_at_the_own_seed_and_beyond_what_seeds_move():
    assert helps((0.5, 0.5, 0.5), (0.8, 0.6, 0.5), 0.02)
    assert not helps((0.5, 0.5, 0.5), (0.51, 0.9, 0.9), 0.02)
    assert not helps((0.5, 0.9, 0.9), (0.9, 0.7, 0.8), 0.02)


def tried(after, changes, families=("optimizer",), **facts):
    """A change that takes a run from 0.5 to a value, at three seeds."""
    facts = {"train": 1.0, "rank": 0, "direct": False} | facts
    return Tried(frozenset(families), changes, (0.5,) * 3, (after,) * 3, **facts)


def best_first(*entries):
    return [entry.changes for entry in helpful(entries, margin=0.02, equal=0.025, ignorant=0.5)]


RATE, SCALED, WIDE = {"training.optimizer.lr": 0.1}, {"data.scaling": "standard"}, {"network.hidden": [9]}


def test_of_what_is_as_good_the_fewest_keys_come_first_and_then_what_mends_the_cause():
    both = RATE | SCALED
    assert best_first(tried(0.99, both), tried(0.97, RATE)) == [RATE, both]
    assert best_first(tried(0.99, both), tried(0.95, RATE)) == [both, RATE]
    # A running net can take a rate; but inputs that are not scaled are the cause.
    assert best_first(tried(0.98, SCALED), tried(0.98, RATE)) == [RATE, SCALED]
    assert best_first(tried(0.98, SCALED, direct=True), tried(0.98, RATE)) == [SCALED, RATE]
    # To train for longer is the last resort.
    longer = {"training.epochs": 400}
    assert best_first(tried(0.99, longer, ["epochs"]), tried(0.98, WIDE)) == [WIDE, longer]


def test_what_goes_a_small_part_of_the_way_only_is_not_told():
    assert best_first(tried(0.9, WIDE), tried(0.61, RATE)) == [WIDE, RATE]
    assert best_first(tried(0.9, WIDE), tried(0.59, RATE)) == [WIDE]


def test_a_first_sample_that_wakes_no_unit_says_nothing_of_the_gradient():
    changes = {"network.hidden": [2, 2], "network.activation": "relu", "network.init": "he"}
    alone = {"training.mode": "stochastic", "training.optimizer.name": "sgd"}
    asleep = [seed for seed in range(20) if not lane_of(scenario_of(changes | alone, seed)).probe()[0].gradient_norm]
    assert asleep
    for seed in asleep:
        kinds = {finding.kind for finding in check(lane_of(scenario_of(changes | alone, seed)))}
        all_at_once = {
            finding.kind for finding in check(lane_of(scenario_of(changes | {"training.mode": "batch"}, seed)))
        }
        assert ("signal-at-start" in kinds) is ("signal-at-start" in all_at_once)
        assert "few-steps" not in kinds


def scenario_of(changes, seed):
    return overrides.apply(load(catalogue.find("xor")), changes | {"training.seed": seed})
