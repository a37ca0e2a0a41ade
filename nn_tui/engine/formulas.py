"""The formulas of the registries, with numbers in them: what is shown to people is also computed.

A formula is written as people read it: `v ← β·v + (1 − β)·g;  θ ← θ − η·v`. Here it is taken apart into clauses, its
symbols are replaced by numbers, and it is evaluated, so that no second copy of it is needed anywhere, and a formula
that did not say what the engine does would be found out.
"""

import math
import re
from collections.abc import Mapping
from typing import NamedTuple

_CLAUSE = re.compile(r"\s*(\S+)\s*(?:←|=)\s*(.+)")
_FUNCTIONS = {
    "e": math.e,
    "ln": lambda x: math.log(x) if x > 0.0 else -math.inf,
    "sqrt": math.sqrt,
    "abs": abs,
    "max": max,
    "min": min,
    "σ": lambda x: 1.0 / (1.0 + math.exp(-x)) if x >= 0.0 else math.exp(x) / (1.0 + math.exp(x)),
    "Φ": lambda x: 0.5 * (1.0 + math.erf(x / math.sqrt(2.0))),
    "φ": lambda x: math.exp(-0.5 * x * x) / math.sqrt(2.0 * math.pi),
    "tanh": math.tanh,
}
_SIGNS = str.maketrans({"·": "*", "−": "-", "[": "(", "]": ")", "≤": "<="})


class Clause(NamedTuple):
    """One assignment of a formula: the symbol on its left, empty where there is none, and what it becomes."""

    symbol: str
    expression: str


class Worked(NamedTuple):
    """A clause with this step's numbers.

    Attributes:
        clause: as in the registry.
        numbers: its expression with the symbols replaced.
        value: what that gives; NaN or infinite where the numbers do.
    """

    clause: Clause
    numbers: str
    value: float


def clauses(formula: str) -> list[Clause]:
    """The assignments of a formula, in order; one without a symbol where it is an expression alone."""
    found = []
    for part in formula.split(";"):
        match = _CLAUSE.fullmatch(part)
        found.append(Clause(match[1], match[2].strip()) if match else Clause("", part.strip()))
    return found


def worked(formula: str, values: Mapping[str, float]) -> list[Worked]:
    """Every clause of a formula with numbers, each with what those before it gave.

    Args:
        formula: from a registry.
        values: a number for each of its symbols, as they are before the step.
    """
    known, lines = dict(values), []
    for clause in clauses(formula):
        value = evaluate(clause.expression, known)
        lines.append(Worked(clause, substituted(clause.expression, known), value))
        if clause.symbol:
            known[clause.symbol] = value
    return lines


def substituted(expression: str, values: Mapping[str, float]) -> str:
    """The expression with numbers of three digits for its symbols; negative ones in brackets."""
    pattern = _symbols(values)
    return pattern.sub(lambda match: _written(values[match[0]]), expression) if values else expression


def evaluate(expression: str, values: Mapping[str, float]) -> float:
    """What an expression gives; NaN where it cannot be computed.

    Raises:
        SyntaxError, NameError: for an expression that is not a formula of these symbols.
    """
    places = {symbol: f"value_{index}" for index, symbol in enumerate(values)}
    source = _symbols(values).sub(lambda match: places[match[0]], expression) if values else expression
    source = re.sub(r"\|([^|]+)\|", r"abs(\1)", source.translate(_SIGNS))
    source = re.sub(r"√(\w+)", r"sqrt(\1)", source).replace("√(", "sqrt(")
    source = re.sub(r"\bln (\w+)", r"ln(\1)", source).replace("²", "**2").replace("^", "**")
    source = re.sub(r"\btanh\*\*2\((\w+)\)", r"tanh(\1)**2", source)
    names = {**_FUNCTIONS, **{places[symbol]: value for symbol, value in values.items()}}
    try:
        return float(eval(compile(source, "<formula>", "eval"), {"__builtins__": {}}, names))
    except (ArithmeticError, ValueError):
        return math.nan


def _symbols(values: Mapping[str, float]) -> re.Pattern[str]:
    """Any of the symbols, the longest first, where it stands alone: not the x of max."""
    listed = "|".join(re.escape(symbol) for symbol in sorted(values, key=len, reverse=True))
    return re.compile(rf"(?<![A-Za-z])(?:{listed})(?![A-Za-z\u0302])")


def _written(value: float) -> str:
    if not math.isfinite(value):
        return "∞" if value > 0.0 else "−∞" if value < 0.0 else "NaN"
    text = f"{value:.3g}".replace("e-0", "e-").replace("e+0", "e").replace("e+", "e").replace("-", "−")
    return f"({text})" if text.startswith("−") else text
