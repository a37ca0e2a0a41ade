"""The scenario as the forms show it: what it began as, what was changed by hand, and what waits for a reset."""

from collections.abc import Mapping
from typing import Any

from nn_tui.scenario import fields, overrides
from nn_tui.scenario.errors import ScenarioError
from nn_tui.scenario.lanes import LANES
from nn_tui.scenario.plain import Plain, lookup, to_mapping
from nn_tui.scenario.schema import Scenario
from nn_tui.scenario.timeline import changed

_SOURCE = "form"


class Draft:
    """Live changes act on the running net; structural ones are collected for the next reset.

    A live change is *sent* until a frame that was asked for after it shows whether it is in force, and then *made*
    until one shows that it is not any more (a rewind has undone it). What is made or sent is kept by a reset.

    Attributes:
        base: the scenario as it was opened.
        running: the scenario the net follows, as the latest frame has it, with what has been sent since.
        next: the scenario a reset would begin.
        pending: changes that wait for a reset, by dotted key.
    """

    def __init__(self, base: Scenario) -> None:
        self.base = base
        self.running = base
        self.next = base
        self.pending: dict[str, object] = {}
        self._seen = base
        self._sent: dict[str, object] = {}
        self._due: set[str] = set()
        self._made: dict[str, object] = {}
        self._read: list[tuple[Scenario, Plain]] = []

    def propose(self, key: str, value: object) -> bool:
        """Takes a change.

        Args:
            key: a dotted path.
            value: as TOML would give it.

        Returns:
            Whether it is for the running net, to be sent to the worker; else it waits for a reset.

        Raises:
            ScenarioError: for a value that is not possible here; nothing has changed then.
        """
        if key.startswith("network.hidden.") and (not fields.is_live(key) or "network.hidden" in self.pending):
            key, value = "network.hidden", self._layers_with(key, value)
        if fields.is_live(key) and key not in self.pending:
            try:
                self.send({key: value})
            except ScenarioError as error:
                # Another number of outputs is possible, only not for this net.
                if not self._is_possible(key, value):
                    raise error from None
            else:
                return True
        self.hold({key: value})
        return False

    def send(self, changes: Mapping[str, object]) -> None:
        """Takes live changes for the running net, to be sent to the worker together.

        Args:
            changes: values by dotted path.

        Raises:
            ScenarioError: for values that are not possible for this net; nothing has changed then.
        """
        self.running = changed(self.running, changes, source=_SOURCE)
        self._sent.update(changes)
        self._due -= changes.keys()
        self._settle()

    def can_take(self, changes: Mapping[str, object]) -> bool:
        """Whether the running net can take these; another one perhaps can, as a loss for more outputs."""
        try:
            changed(self.running, changes, source=_SOURCE)
        except ScenarioError:
            return False
        return True

    def hold(self, changes: Mapping[str, object]) -> None:
        """Takes changes that belong together for the next reset, live ones among them.

        Args:
            changes: values by dotted path; single lanes of a race by name or place.

        Raises:
            ScenarioError: for values that are not possible here; nothing has changed then.
        """
        pending = dict(self.pending)
        for key, value in changes.items():
            if key.startswith("network.hidden."):
                pending["network.hidden"] = self._layers_with(key, value, pending.get("network.hidden"))
            elif not key.startswith(LANES):
                pending[key] = value
        of_lanes = {key: value for key, value in changes.items() if key.startswith(LANES)}
        if of_lanes:
            pending["training.race"] = to_mapping(overrides.apply(self.next, of_lanes, _SOURCE))["training"]["race"]
        running = self._running_plain
        pending = {key: value for key, value in pending.items() if key not in changes or lookup(running, key) != value}
        self.next = self._built(pending)
        self.pending = pending

    def ask(self) -> None:
        """Takes note that a frame is asked for: what was sent before is in force in it, or has been overtaken."""
        self._due = set(self._sent)

    def follow(self, seen: Scenario) -> bool:
        """Takes over what the net follows as a frame shows it; returns whether that is news."""
        if seen == self._seen and not self._due:
            return False
        self._seen, plain = seen, to_mapping(seen)
        self._made = {key: value for key, value in (self._made | self._sent).items() if lookup(plain, key) == value}
        self._sent = {key: value for key, value in self._sent.items() if key not in self._made.keys() | self._due}
        self._due = set()
        self._expect()
        return True

    def unsend(self) -> None:
        """Lets go of live changes that were sent and refused."""
        self._sent = {}
        self._expect()

    def _expect(self) -> None:
        """Puts what is on its way on top of what has been seen."""
        try:
            self.running = changed(self._seen, self._sent, source=_SOURCE) if self._sent else self._seen
        except ScenarioError:
            # What was seen has made it impossible; the worker will refuse it.
            self.running = self._seen
        self._settle()

    def value(self, key: str) -> Any:
        """What the forms show under a dotted path: what waits, else what is in force or sent; None if unset."""
        plain = self._next_plain if self.is_pending(key) or not fields.is_live(key) else self._running_plain
        return lookup(plain, key)

    def is_pending(self, key: str) -> bool:
        """Whether a change of this field, or of what it is a part of, waits for a reset."""
        return any(waiting == key or key.startswith(f"{waiting}.") for waiting in self.pending)

    @property
    def is_touched(self) -> bool:
        """Whether a change made by hand to the running net is in force."""
        return bool(self._made or self._sent)

    def forget(self) -> None:
        """Lets go of what waits."""
        self.pending = {}
        self.next = self._built({})

    @property
    def _next_plain(self) -> Plain:
        return self._read_once(self.next)

    @property
    def _running_plain(self) -> Plain:
        return self._read_once(self.running)

    def _read_once(self, scenario: Scenario) -> Plain:
        """A scenario as a mapping, read once for all fields that ask; it is never changed, only replaced."""
        known = next((plain for read, plain in self._read if read is scenario), None)
        if known is None:
            known = to_mapping(scenario)
            # The one in force and the one to come.
            self._read = [*self._read[-1:], (scenario, known)]
        return known

    def _is_possible(self, key: str, value: object) -> bool:
        try:
            self._built({**self.pending, key: value})
        except ScenarioError:
            return False
        return True

    def _settle(self) -> None:
        """Builds the next run's scenario."""
        try:
            self.next = self._built(self.pending)
        except ScenarioError:
            # What waits was possible before this change and is not any more: what is in force wins.
            self.forget()

    def _built(self, pending: Mapping[str, object]) -> Scenario:
        made = self._made | self._sent
        if "network.hidden" in pending:
            # The list of layers that waits says of each what was changed in it.
            made = {key: value for key, value in made.items() if not key.startswith("network.hidden.")}
        changes = {**made, **pending}
        return overrides.apply(self.base, changes, source=_SOURCE) if changes else self.base

    def _layers_with(self, key: str, value: object, waiting: object = None) -> list[object]:
        """The layers to come, one of them changed.

        Args:
            key, value: what is changed.
            waiting: the layers as they are to be before that; None for those the draft has.
        """
        _, _, number, name = key.split(".")
        told = self.next if "network.hidden" in self.pending else self.running
        layers = list(waiting) if isinstance(waiting, list) else list(to_mapping(told)["network"]["hidden"])
        if int(number) > len(layers):
            raise ScenarioError(f"there is no layer {number}", key=key, source=_SOURCE)
        layer = layers[int(number) - 1]
        table = {**(layer if isinstance(layer, dict) else {"units": layer}), name: value}
        layers[int(number) - 1] = table["units"] if len(table) == 1 else table
        return layers
