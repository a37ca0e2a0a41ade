"""Where a weight that is set by hand has its place among the parameters."""

from nn_tui.engine.network import Network
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.schema import HandWeight


def place_of(weight: HandWeight, network: Network) -> int:
    """Its place in the network's flat vector.

    Raises:
        ScenarioError: if the network has no such weight.
    """
    if weight.layer > len(network.layers):
        raise ScenarioError(f"there is no layer {weight.layer}, only {len(network.layers)}", key="weights.layer")
    start = sum(layer.augmented.size for layer in network.layers[: weight.layer - 1])
    layer = network.layers[weight.layer - 1]
    if weight.unit > layer.units:
        raise ScenarioError(f"layer {weight.layer} has no unit {weight.unit}, only {layer.units}", key="weights.unit")
    if weight.input is not None and weight.input > layer.inputs:
        raise ScenarioError(
            f"a unit of layer {weight.layer} reads no input {weight.input}, only {layer.inputs}", key="weights.input"
        )
    place = layer.inputs if weight.input is None else weight.input - 1
    return start + (weight.unit - 1) * (layer.inputs + 1) + place
