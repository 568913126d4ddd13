"""The numbers in a person's code: members of a family to be tried."""

import ast
from dataclasses import replace

import numpy as np

from tests.judge.functions import Function
from tests.judge.source import Source
from tests.judge.switchboard import Switch

# As many of them as are tried.
MOST = 8


def numbers(source: Source, name: str) -> list[float]:
    """The positive numbers in a definition and at the file's top."""
    owner = name.split(".")[0]
    nodes = [source.classes[owner].node if owner in source.classes
             else source.functions[owner].node]
    nodes += [node for node in ast.parse(source.text.lstrip("\ufeff")).body
              if isinstance(node, ast.Assign)]
    found: dict[float, None] = {}
    for node in nodes:
        for one in ast.walk(node):
            # 10 ** -8 is a number, too.
            if isinstance(one, ast.Constant | ast.BinOp):
                found |= dict.fromkeys(_number(one))
    return list(found)[:3 * MOST]


def _number(node: ast.AST) -> list[float]:
    if isinstance(node, ast.BinOp):
        try:
            value = (ast.literal_eval(node.left)
                     ** ast.literal_eval(node.right)
                     if isinstance(node.op, ast.Pow) else 0.0)
        except (ValueError, TypeError, OverflowError, ZeroDivisionError):
            return []
    else:
        value = getattr(node, "value", None)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return []
    return [float(value)] if 0 < value < 1e6 else []


def with_numbers(kind: Function, source: Source, name: str) -> Function:
    """The kind, its families with the numbers of the person's code.

    Close to 1, as 0.999, a number stands for what 1 lacks.
    """
    own = numbers(source, name)
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
