"""The learning rate over the whole run."""

import numpy as np

from nn_tui.engine.schedules import SCHEDULES
from nn_tui.scenario.schema import Training
from nn_tui.training.look.packing import floats
from nn_tui.training.look.parts import Curve

POINTS = 200


def schedule_curve(training: Training) -> Curve:
    """The rate (y) by epoch (x) as the scenario has it now, from 0 to its last epoch."""
    schedule = SCHEDULES[training.schedule.name](**training.schedule.settings)
    epochs = np.linspace(0.0, training.epochs, POINTS)
    rates = [training.optimizer.lr * schedule.factor(epoch, training.epochs) for epoch in epochs.tolist()]
    return Curve(x=floats(epochs), y=floats(rates))
