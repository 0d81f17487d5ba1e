"""A formula as people read it: computed from the same text that is shown.

The text is arithmetic on names, such as ``visits * deflection``. It is parsed once; what
is computed and what is shown, in words or in numbers, are walks over the same tree, so a
line on a page can never say anything else than what was computed.
"""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

Number = float | NDArray[np.float64]

_SIGNS: dict[type[ast.operator], tuple[str, int]] = {
    ast.Add: ("+", 1),
    ast.Sub: ("−", 1),
    ast.Mult: ("×", 2),
    ast.Div: ("÷", 2),
}

_WORK: dict[type[ast.operator], np.ufunc] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
}


def payback(once: Number, each: Number) -> Number:
    """Return how often ``each`` must come to make up for ``once``; never is infinite.

    0 when there is nothing to make up for.
    """
    once, each = np.asarray(once, "f8"), np.asarray(each, "f8")
    with np.errstate(divide="ignore", invalid="ignore"):
        periods = np.where(each > 0, once / each, np.inf)
    return np.where(once <= 0, 0.0, periods)


_CALLS: dict[str, Callable[..., Any]] = {
    "ceil": np.ceil,
    "max": np.maximum,
    "payback": payback,
}


@dataclass(frozen=True)
class Expression:
    """Arithmetic on names.

    Parameters
    ----------
    text : str
        Names, numbers, ``+ - * /``, parentheses, ``ceil(x)``, ``max(x, y)`` and
        ``payback(once, each)``.

    Raises
    ------
    ValueError
        For anything else.
    """

    text: str
    tree: ast.expr

    @classmethod
    def parse(cls, text: str) -> "Expression":
        tree = ast.parse(text, mode="eval").body
        _check(tree)
        return cls(text, tree)

    @property
    def names(self) -> tuple[str, ...]:
        """The names used, in the order of the text, each once."""
        called = {id(n.func) for n in ast.walk(self.tree) if isinstance(n, ast.Call)}
        nodes = [
            node
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Name) and id(node) not in called
        ]
        nodes.sort(key=lambda node: node.col_offset)
        return tuple(dict.fromkeys(node.id for node in nodes))

    def value(self, values: Mapping[str, Number]) -> NDArray[np.float64]:
        """Compute it for numbers or equal-length arrays; undefined is NaN.

        Raises
        ------
        KeyError
            For a name without a value.
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            found = np.asarray(_value(self.tree, values), "f8")
        # Only payback may say “never”; a division by zero has no answer.
        if "payback" in self.text:
            return found
        return np.where(np.isfinite(found), found, np.nan)

    def shown(
        self, name: Callable[[str], str], call: Callable[[str, list[str]], str]
    ) -> str:
        """Write it with ``name`` for each name and ``call`` for each function."""
        return _shown(self.tree, name, call)[0]


def _check(node: ast.expr) -> None:
    if isinstance(node, ast.BinOp) and type(node.op) in _SIGNS:
        _check(node.left)
        _check(node.right)
    elif (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in _CALLS
        and not node.keywords
    ):
        for each in node.args:
            _check(each)
    elif not (
        isinstance(node, ast.Name)
        or (isinstance(node, ast.Constant) and isinstance(node.value, int | float))
    ):
        raise ValueError(f"not arithmetic: {ast.unparse(node)}")


def _value(node: ast.expr, values: Mapping[str, Number]) -> NDArray[np.float64]:
    if isinstance(node, ast.BinOp):
        left, right = _value(node.left, values), _value(node.right, values)
        return np.asarray(_WORK[type(node.op)](left, right), "f8")
    if isinstance(node, ast.Call):
        called = _CALLS[_name(node.func)]
        return np.asarray(called(*(_value(each, values) for each in node.args)), "f8")
    if isinstance(node, ast.Constant):
        return np.asarray(node.value, "f8")
    return np.asarray(values[_name(node)], "f8")


def _name(node: ast.expr) -> str:
    # What is no name was refused when the text was parsed.
    return cast("ast.Name", node).id


def _shown(
    node: ast.expr,
    name: Callable[[str], str],
    call: Callable[[str, list[str]], str],
) -> tuple[str, int]:
    """Return the text and how tightly it binds: 1 for a sum, 2 for a product."""
    if isinstance(node, ast.BinOp):
        sign, binds = _SIGNS[type(node.op)]
        left, tight = _shown(node.left, name, call)
        right, tight_right = _shown(node.right, name, call)
        if tight < binds:
            left = f"({left})"
        # a − (b − c) and a ÷ (b × c) need their parentheses, a + (b + c) does not.
        loose = isinstance(node.op, ast.Sub | ast.Div)
        if tight_right < binds or (loose and tight_right == binds):
            right = f"({right})"
        return f"{left} {sign} {right}", binds
    if isinstance(node, ast.Call):
        arguments = [_shown(each, name, call)[0] for each in node.args]
        return call(_name(node.func), arguments), 3
    if isinstance(node, ast.Constant):
        return f"{float(np.asarray(node.value)):g}", 3
    return name(_name(node)), 3
