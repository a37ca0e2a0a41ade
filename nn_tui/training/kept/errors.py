"""What can be wrong with a kept run, or with the file that holds them."""

from nn_tui.scenario.errors import ScenarioError


class KeptError(ScenarioError):
    """A run that is not there or cannot be had back, or a store that cannot be used; the message is for people."""

    elsewhere = True
