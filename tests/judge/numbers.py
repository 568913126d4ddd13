"""The numbers in a person's code: members of a family to be tried."""

import ast
import contextlib
from dataclasses import replace
from typing import Any

import numpy as np

from tests.judge.functions import Function
from tests.judge.source import Source
from tests.judge.switchboard import Switch

# As many of them as are tried.
MOST = 8


def number(node: Any) -> float | None:
    """The value of 1e-8, 10 ** -8, -1 or 1 / 3."""
    if isinstance(node, ast.Constant):
        value = node.value
        return (float(value) if isinstance(value, int | float)
                and not isinstance(value, bool) else None)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inside = number(node.operand)
        return None if inside is None else -inside
    if isinstance(node, ast.BinOp):
        a, b = number(node.left), number(node.right)
        if a is None or b is None:
            return None
        with contextlib.suppress(ArithmeticError, TypeError):
            if isinstance(node.op, ast.Pow):
                return float(a ** b)
            if isinstance(node.op, ast.Div):
                return a / b
    return None


def numbers(source: Source, name: str) -> list[float]:
    """The positive numbers in a definition, and its file's constants."""
    body = ast.parse(source.text.lstrip("\ufeff")).body
    # An adapter stands for the whole file.
    constants = body if name.startswith("judge_") else [
        node.value for node in body
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value]
    found = {number(one): None
             for node in [*source.nodes(name), *constants]
             for one in ast.walk(node)}
    return [one for one in found if one is not None and 0 < one < 1e6]


def with_numbers(kind: Function, source: Source, name: str) -> Function:
    """The kind, its families with the numbers of the person's code.

    Close to 1, as 0.999, a number stands for what 1 lacks.
    """
    own = numbers(source, name)[:3 * MOST]
    switches = list(kind.switches)
    families: dict[tuple[str, str], list[Switch]] = {}
    for switch in kind.switches:
        if isinstance(switch.setting, float):
            families.setdefault((switch.name, switch.place),
                                []).append(switch)
    for members in families.values():
        if len(members) < 3:
            continue
        switch = members[0]
        known = [one.setting for one in members]
        small = switch.setting < 1e-2
        ready = [1 - number if 0.9 < number < 1 and small else number
                 for number in own]
        ready = [number for number in ready
                 if not small or number < 0.2][:MOST]
        switches += [replace(switch, setting=number)
                     for number in dict.fromkeys(ready)
                     if not np.isclose(number, known, 1e-6, 0).any()]
    return replace(kind, switches=switches)
