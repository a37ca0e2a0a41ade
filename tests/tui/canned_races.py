"""Races that never were: a surface with three optimizers on it, and what a diagnosis might say of a net."""

import numpy as np
from msgspec import structs

from nn_tui.scenario.lanes import lane_names
from nn_tui.scenario.reading import from_mapping
from nn_tui.scenario.schema import Scenario
from nn_tui.training.diagnosis.finding import Finding, Remedy
from nn_tui.training.look.parts import Formula, FormulaLine, LanePoint, Map, Quality, SurfaceView
from nn_tui.training.worker.messages import Frame, Look, Opened
from tests.tui.canned import Run
from tests.tui.canned import opened as network_opened

RACE = [{"name": "sgd", "lr": 0.05}, {"name": "momentum", "lr": 0.1}, {"name": "adam", "lr": 0.2}]


def surface_scenario(**training: object) -> Scenario:
    """Three optimizers in a ravine."""
    return from_mapping(
        {
            "title": "A ravine",
            "data": {"kind": "surface", "function": "ravine"},
            "training": {"epochs": 300, "race": RACE, **training},
        }
    )


def surface_opened(told: Scenario | None = None, run: int = 1) -> Opened:
    """What the worker says of a surface."""
    told = told or surface_scenario()
    lanes = lane_names(told.training)
    return structs.replace(
        network_opened(run=run),
        scenario=told,
        task="none",
        quality="",
        layers=(),
        parameters=0,
        feature_names=(),
        class_names=(),
        target_names=(),
        train_samples=0,
        test_samples=0,
        columns=(
            "step", "epoch", "lr", "train.loss",
            *(f"race.{lane}.{name}" for lane in lanes for name in ("x", "y", "loss", "gradient_norm")),
        ),
        points=None,
        lanes=lanes,
        singles=lanes,
    )  # fmt: skip


class SurfaceRun(Run):
    """Frames of a surface: `SurfaceRun(surface_opened()).frame(step=60)`."""

    def frame(self, step: int = 60, look: Look | None = None, **changes: object) -> Frame:
        look = look or Look(columns=self.opened.columns)
        network = Run(network_opened()).frame(step, Look())
        told = self.opened.scenario
        frame = structs.replace(
            network,
            run=self.opened.run,
            epoch=step,
            progress=float(step),
            epochs=told.training.epochs,
            total_steps=told.training.epochs,
            steps_per_epoch=1,
            scenario=told,
            train=Quality(loss=1.0, quality=float("nan")),
            test=None,
            layers=(),
            marks=(),
            series={name: self.series(name, step, look.points, look.recent) for name in look.columns} if step else {},
            surface=surface_view(self.opened.lanes, look.grid),
            formulas=optimizer_formulas(self.opened.lanes[min(look.layer, len(self.opened.lanes) - 1)]) if step else (),
            findings=(),
        )
        return structs.replace(frame, **changes)


def height_map(grid: tuple[int, int]) -> Map:
    """A ravine, its heights rounded to what any machine gives."""
    columns, rows = grid
    x, y = np.meshgrid(np.linspace(-3.0, 3.0, columns), np.linspace(1.2, -1.2, rows))
    values = np.round(0.5 * (x * x + 25.0 * y * y), 3).astype("<f4")
    return Map(
        columns=columns,
        rows=rows,
        x=(-3.0, 3.0),
        y=(-1.2, 1.2),
        values=values.tobytes(),
        low=float(values.min()),
        high=float(values.max()),
    )


def lane(number: int, name: str, **changes: object) -> LanePoint:
    """An optimizer some way down, the later ones further."""
    steps = np.arange(41)
    x = -2.6 + steps * (0.03 + 0.015 * number)
    y = np.round(0.8 * (-1.0) ** steps * 0.9**steps / (number + 1), 3)
    path = np.column_stack((x, y))
    terms = {"g": (-1.25, 0.5)} | ({"v": (-0.75, 0.001)} if name != "sgd" else {})
    point = LanePoint(
        name=name,
        x=float(x[-1]),
        y=float(y[-1]),
        height=1.5 / (number + 1),
        path=path.astype("<f8").tobytes(),
        diverged_at=None,
        terms=terms,
        before=(float(x[-1]) - 0.0625, float(y[-1]) + 0.025),
        update=(0.0625, -0.025),
        rate=(0.05, 0.05),
    )
    return structs.replace(point, **changes)


def surface_view(names: tuple[str, ...], grid: tuple[int, int] = (48, 40)) -> SurfaceView:
    """The ravine with these optimizers."""
    return SurfaceView(
        name="ravine",
        summary="steep across, gentle along",
        formula="(x² + 25·y²) / 2",
        height=height_map(grid),
        minima=((0.0, 0.0),),
        saddles=((2.0, 0.9),),
        lanes=tuple(lane(number, name) for number, name in enumerate(names)),
    )


def optimizer_formulas(name: str) -> tuple[Formula, ...]:
    """A step along both axes."""
    return tuple(
        Formula(
            subject="optimizer",
            name=name,
            about=f"{name}, along {axis}: g = −1.25, θ = −2.6",
            lines=(
                FormulaLine(
                    symbol="v",
                    formula="β·v + (1 − β)·g",
                    numbers="0.9·(−0.75) + (1 − 0.9)·(−1.25)",
                    value=-0.8,
                    result="−0.8",
                ),
                FormulaLine(symbol="θ", formula="θ − η·v", numbers="(−2.6) − 0.1·(−0.8)", value=-2.52, result="−2.52"),
            ),
        )
        for axis in "xy"
    )


def remedy(text: str, live: bool = True, **changes: object) -> Remedy:
    """A change, its keys written with two underscores for a point."""
    return Remedy(text=text, changes={key.replace("__", "."): value for key, value in changes.items()}, live=live)


def finding(kind: str, step: int, *remedies: Remedy, ill: bool = True) -> Finding:
    """Something that is said of a net."""
    return Finding(
        kind=kind,
        title=f"{kind.capitalize()} in layer 1" if ill else "Converged",
        ill=ill,
        layer="layer 1" if ill else None,
        evidence="3 of its 4 units give 0 for every probe sample.",
        numbers={"dead_units": 3.0},
        rule="fewer than 40% of a layer's units give 0 for every sample",
        source="the course notes, 1.2.3",
        remedies=remedies,
        since=step,
    )


LOWER_RATE = remedy("a rate of 0.003 instead of 0.03", training__optimizer__lr=0.003)
OTHER_WEIGHTS = remedy("start from he weights", live=False, network__init="he")
OTHER_NET = remedy("relu as activation, he weights", live=False, network__activation="relu", network__init="he")


def findings() -> tuple[Finding, ...]:
    """Two problems and good news; the later one is last but one."""
    return (
        finding("vanishing", 40, OTHER_NET),
        finding("dead units", 120, LOWER_RATE, OTHER_WEIGHTS),
        finding("converged", 80, ill=False),
    )
