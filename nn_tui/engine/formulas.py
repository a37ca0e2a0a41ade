"""The formulas of the registries, with numbers in them: what is shown to people is also computed.

A formula is written as people read it: `v ← β·v + (1 − β)·g;  θ ← θ − η·v`. Here it is taken apart into clauses, its
symbols are replaced by numbers, and it is evaluated, so that no second copy of it is needed anywhere, and a formula
that did not say what the engine does would be found out.
"""

import math
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import CodeType
from typing import NamedTuple

import numpy as np

from nn_tui.numerals import MINUS, as_shown

_CLAUSE = re.compile(r"\s*(\S+)\s*(?:←|=)\s*(.+)")
_FUNCTIONS = {
    "e": math.e,
    "ln": lambda x: math.log(x) if x > 0.0 else -math.inf,
    "sqrt": math.sqrt,
    "abs": abs,
    "max": max,
    "min": min,
    "sign": lambda x: math.copysign(1.0, x) if x else x,
    "clip": lambda x, low, high: max(low, min(high, x)),
    "σ": lambda x: 1.0 / (1.0 + math.exp(-x)) if x >= 0.0 else math.exp(x) / (1.0 + math.exp(x)),
    "Φ": lambda x: 0.5 * (1.0 + math.erf(x / math.sqrt(2.0))),
    "φ": lambda x: math.exp(-0.5 * x * x) / math.sqrt(2.0 * math.pi),
    "π": math.pi,
    **{name: getattr(math, name) for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "atan", "exp", "floor")},
}
_LEAST_DIGITS, _EVERY_DIGIT, _RESULT_DIGITS = 3, 17, 6

_SIGNS = str.maketrans(
    {"·": "*", "−": "-", "[": "(", "]": ")", "≤": "<=", "≥": ">=", "⌊": "floor(", "⌋": ")", "^": "**"}
)
_POWERS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"
_RAISED = str.maketrans(_POWERS, "0123456789-")


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
        result: the same as it is printed; see `shown`.
    """

    clause: Clause
    numbers: str
    value: float
    result: str


def clauses(formula: str) -> list[Clause]:
    """The assignments of a formula, in order; one without a symbol where it is an expression alone."""
    found = []
    for part in formula.split(";"):
        match = _CLAUSE.fullmatch(part)
        found.append(Clause(match[1], match[2].strip()) if match else Clause("", part.strip()))
    return found


def worked(formula: str, values: Mapping[str, float], after: float | None = None) -> list[Worked]:
    """Every clause of a formula with numbers, each with what those before it gave.

    Args:
        formula: from a registry.
        values: a number for each of its symbols, as they are before the step.
        after: what the engine made of it in the end, if that is known: the last clause's value.
    """
    known, lines = dict(values), []
    parts = clauses(formula)
    for clause in parts:
        value = evaluate(clause.expression, known)
        if clause is parts[-1] and after is not None:
            value = after
        lines.append(Worked(clause, *shown(clause.expression, known, value)))
        if clause.symbol:
            known[clause.symbol] = value
    return lines


def shown(expression: str, values: Mapping[str, float], value: float | None = None) -> tuple[str, float, str]:
    """A calculation as it is printed, so that whoever repeats it with the printed numbers gets the printed result.

    The numbers have three digits, or as many more as the last digit of the result needs. The result has six, or, where
    it was computed with lesser precision than that, as many as come out the same.

    Args:
        expression: of the symbols.
        values: a number for each of them.
        value: what the engine computed; what the expression gives by default.

    Returns:
        The expression with numbers, its value, and that as it is printed.
    """
    found = math.nan if value is None else value
    try:
        found = evaluate(expression, values) if value is None else value
        return _agreeing(expression, values, found)
    except (SyntaxError, NameError, TypeError):
        # Told in words, in part: nobody can repeat it.
        return substituted(expression, values, _RESULT_DIGITS), found, written(found, _RESULT_DIGITS)


def _agreeing(expression: str, values: Mapping[str, float], found: float) -> tuple[str, float, str]:
    """As `shown`, for an expression that can be computed."""
    for result_digits in range(_RESULT_DIGITS, 1, -1):
        wanted = written(found, result_digits)
        for digits in range(_LEAST_DIGITS, _EVERY_DIGIT + 1):
            printed = {symbol: _rounded(number, digits) for symbol, number in values.items()}
            if written(evaluate(expression, printed), result_digits) == wanted:
                return substituted(expression, values, digits), found, wanted
    # What cannot be computed from its numbers in any digit is not passed off as if it could.
    found = evaluate(expression, values)
    return substituted(expression, values, _EVERY_DIGIT), found, written(found, _RESULT_DIGITS)


def renamed(expression: str, old: str, new: str) -> str:
    """The expression with another symbol for one of its own: a pre-activation is z wherever an input is x."""
    return _pattern((old,)).sub(new, expression)


def substituted(expression: str, values: Mapping[str, float], digits: int = 3) -> str:
    """The expression with numbers of so many digits for its symbols; negative ones in brackets, if not in some yet."""
    if not values:
        return expression

    def number(match: re.Match[str]) -> str:
        text = written(values[match[0]], digits)
        is_argument = expression[: match.start()].endswith(("(", ", ")) and expression[match.end() :].startswith(
            (")", ",")
        )
        is_alone = match[0] == expression
        is_raised = "e" in text and expression[match.end() : match.end() + 1] in {*_POWERS, "^", "ᵗ"}
        # 3.1e−5² would be read as ten to the −5².
        text = f"({text})" if is_raised else text if is_argument or is_alone else _bracketed(text)
        # 2x is no number that begins with a 2.
        return f"·{text}" if expression[: match.start()][-1:].isdigit() else text

    return _pattern(tuple(values)).sub(number, expression)


def evaluate(expression: str, values: Mapping[str, float]) -> float:
    """What an expression gives; NaN where it cannot be computed, infinite where a power is too large, as in the engine.

    Raises:
        SyntaxError, NameError: for an expression that is not a formula of these symbols.
    """
    code = _compiled(expression, tuple(values))
    try:
        return _computed(code, values.values())
    except (ArithmeticError, ValueError):
        return math.nan


def _computed(code: CodeType, values: Iterable[float]) -> float:
    names = {f"value_{index}": value for index, value in enumerate(values)}
    try:
        return float(eval(code, {"__builtins__": {}}, _FUNCTIONS | names))
    except OverflowError:
        # Python's numbers refuse a power that NumPy's, which the engine computes with, make infinite.
        numbers = {name: np.float64(value) for name, value in names.items()}
        with np.errstate(all="ignore"):
            return float(eval(code, {"__builtins__": {}}, _FUNCTIONS | numbers))


@lru_cache(maxsize=1024)
def _compiled(expression: str, symbols: tuple[str, ...]) -> CodeType:
    places = {symbol: f"value_{index}" for index, symbol in enumerate(symbols)}
    source = _pattern(symbols).sub(lambda match: places[match[0]], expression) if symbols else expression
    source = re.sub(r"\|([^|]+)\|", r"abs(\1)", source.translate(_SIGNS))
    source = re.sub(r"√(\w+(?!\w|\())", r"sqrt(\1)", source)
    source = re.sub(r"√(\w+)\(([^()]*)\)", r"sqrt(\1(\2))", source).replace("√(", "sqrt(")
    source = re.sub(r"\bln (\w+)", r"ln(\1)", source)
    source = re.sub(rf"[{_POWERS}]+", lambda match: f"**{match[0].translate(_RAISED)}", source)
    # A power of a function's value, as in tanh²(x).
    source = re.sub(r"([A-Za-zσΦφ]+)\*\*(\d+)(\((?:[^()]|\([^()]*\))*\))", _of_value, source)
    # A factor may stand before what it multiplies without a dot, as in `2/n (ŷ − y)` or `16x²`.
    source = re.sub(r"(value_\d+|\d|\)) (?=\(|(?!if\b|else\b)[A-Za-z])", r"\1*", source)
    source = re.sub(r"(?<![\w.])(\d+)(?=value_)|(value_\d+|(?<![\w.])\d+|\))(?=\()", r"\1\2*", source)
    return compile(source, "<formula>", "eval")


def _of_value(match: re.Match[str]) -> str:
    name, power, argument = match.groups()
    return f"{name}{argument}**{power}" if name in _FUNCTIONS else match[0]


@lru_cache(maxsize=256)
def _pattern(symbols: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the symbols, the longest first, where it stands alone: not the x of max."""
    listed = "|".join(re.escape(symbol) for symbol in sorted(symbols, key=len, reverse=True))
    return re.compile(rf"(?<![A-Za-z])(?:{listed})(?![A-Za-z\u0302])")


def written(value: float, digits: int) -> str:
    """A number of so many digits at most, none more, as people write it: `−1.2e−5`, `0.25`, `∞`, `NaN`."""
    return "NaN" if math.isnan(value) else as_shown(f"{value + 0.0:.{digits}g}")


def _bracketed(text: str) -> str:
    return f"({text})" if text.startswith(MINUS) else text


def _rounded(value: float, digits: int) -> float:
    return float(f"{value:.{digits}g}")
