"""Combinations: changes joined as long as each adds something, and taken out where nothing is lost without them."""

from collections.abc import Sequence

from nn_tui.training.diagnosis.trials.bench import Asked, Bench
from nn_tui.training.diagnosis.trials.candidates import Candidate, Changes
from nn_tui.training.diagnosis.trials.recipes import parts
from nn_tui.training.diagnosis.trials.scale import Scale

_COMBINED = 8
"""Changes tried on top of the best so far."""
_MOST_JOINED = 3


class Joining:
    """Combinations of one scenario's changes, at one seed."""

    def __init__(self, bench: Bench, scale: Scale, seed: int, certain: Changes) -> None:
        """
        Args:
            bench: where they are tried.
            scale: weighs them.
            seed: they are tried at.
            certain: what is mended in all of them, and never taken out.
        """
        self._bench, self._scale, self._seed, self._certain = bench, scale, seed, certain

    def joined(self, choices: Sequence[Candidate], reached: float, equal: float) -> Changes | None:
        """Adds change after change to the best so far, as long as each adds beyond equals.

        Args:
            choices: single changes, the most suspected first.
            reached: what the run comes to without any.
            equal: how far apart two variants are as good.
        """
        current = dict(self._certain)
        start = reached = reached if not current else (self._at(current) or reached)
        for _ in range(_MOST_JOINED):
            pool = self._pool(choices, current)
            self._ask([current | entry.changes for entry in pool], bar=reached)
            options = [(self._at(current | entry.changes), -place, entry) for place, entry in enumerate(pool)]
            known = [(value, place, entry) for value, place, entry in options if value is not None]
            if not known:
                break
            value, _, entry = max(known, key=lambda option: option[:2])
            if value <= reached + equal:
                break
            current, reached = current | entry.changes, value
        return current if reached > start and len(current) > 1 else None

    def _pool(self, choices: Sequence[Candidate], current: Changes) -> list[Candidate]:
        """The best change of each family that is not in yet."""
        best = dict[str, tuple[float, Candidate]]()
        for entry in choices:
            value = self._at(entry.changes)
            if value is None or any(key in current and current[key] != new for key, new in entry.changes.items()):
                continue
            if entry.changes.items() <= current.items():
                continue
            if entry.family not in best or value > best[entry.family][0]:
                best[entry.family] = value, entry
        return [entry for _, entry in sorted(best.values(), key=lambda pair: -pair[0])][:_COMBINED]

    def pruned(self, changes: Changes, equal: float) -> Changes:
        """Without every part whose removal loses nothing; first what belongs together, then key by key."""
        for split in (parts, _keys):
            changes = self._without_needless(changes, split(changes), equal)
        return changes

    def _without_needless(self, changes: Changes, pieces: Sequence[Changes], equal: float) -> Changes:
        target = (self._at(changes) or 0.0) - equal
        optional = [piece for piece in pieces if not piece.items() <= self._certain.items()]
        if len(pieces) < 2:
            return changes
        rests = [_less(changes, piece) for piece in optional]
        self._ask(rests)
        values = [self._at(rest) for rest in rests]
        needless = [(value, place) for place, value in enumerate(values) if value is not None and value >= target]
        for _, place in sorted(needless, key=lambda entry: (-entry[0], entry[1])):
            rest = _less(changes, optional[place])
            if not rest:
                continue
            self._ask([rest])
            value = self._at(rest)
            if value is not None and value >= target:
                changes = rest
        return changes

    def _ask(self, choices: Sequence[Changes], bar: float | None = None) -> None:
        self._bench.run([Asked(changes, self._seed, bar) for changes in choices])

    def _at(self, changes: Changes) -> float | None:
        outcome = self._bench.known(changes, self._seed)
        return None if outcome is None else self._scale.value(outcome)


def _keys(changes: Changes) -> list[Changes]:
    return [{key: value} for key, value in changes.items()]


def _less(changes: Changes, piece: Changes) -> Changes:
    return {key: value for key, value in changes.items() if key not in piece}
