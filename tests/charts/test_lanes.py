"""What tells the optimizers of a race apart."""

from nn_tui.charts.lanes import lane_looks
from nn_tui.engine.optimizers import OPTIMIZERS


def letters(*names: str) -> str:
    return "".join(look.letter for look in lane_looks(names))


def test_a_letter_comes_from_the_name_and_a_number_is_told_by_its_digit() -> None:
    assert letters("sgd", "momentum", "adam") == "SMA"
    assert letters("sgd", "sgd-2", "sgd-3") == "S23"
    assert letters("adagrad", "adam", "adamw") == "ADM"


def test_no_two_optimizers_share_a_letter_or_a_color() -> None:
    every = (*OPTIMIZERS, "sgd-2")
    mixed = ("sgd", "sgd-2", "momentum", "momentum-2", "adam", "adam-2", "nesterov", "nesterov-2")
    for names in (every, mixed, tuple(f"sgd-{number}" for number in range(2, 10))):
        looks = lane_looks(names)
        assert len({look.letter for look in looks}) == len(names)
        assert len({look.color for look in looks}) == len(names)
