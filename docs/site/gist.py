"""Which lines of torch's code are what a formula says.

A function of torch has branches for complex numbers, for compiling, for
options that the formula does not have. The gist of it is the statements
with a symbol of the formula, what they are computed from, and the
headers around them: `if`, `for`, `else`.
"""

import ast
import re
from collections.abc import Iterator

# What the lectures never switch on, by a word in the condition.
OFF = re.compile(r"capturable|differentiable|maximize|foreach|complex|conj"
                 r"|sparse|scripting|compiling|requires_grad|isinstance"
                 r"|has_torch_function|_dict$|inplace|half_to_float"
                 r"|statically_known|_is_initial")
ON = {"training", "train", "output_mask", "outer_dim_indices"}
# Calls that change how a tensor is stored, not what it is.
STORAGE = re.compile(r"^(to|contiguous|flatten|_?unsqueeze\w*|squeeze"
                     r"|expand|_broadcast\w+|_maybe_\w+|_to_scalar"
                     r"|_get_value|get_last_lr|reshape|new_\w+|\w+_like)$")
# Names that are about storage as well, and are not followed.
PLUMBING = re.compile(r"type|shape|device|stride|axis|axes|dims?$|_ind"
                      r"|rank|format|^safe_target$|^ignore")
# Calls that only reject, or collect.
CHECKS = re.compile(r"^_?(check|warn)|^append$")


def folded(text: str, symbols: dict[str, str],
           switched_on: tuple[str, ...] = ()) -> list[int]:
    """The lines, from 0, that are not the gist of a function.

    symbols: name -> symbol. switched_on: options that the formula has.
    With no symbol in the code, only a docstring is folded.
    """
    function = ast.parse(text).body[0]
    assert isinstance(function, ast.FunctionDef)
    lines = text.split("\n")
    kept = _Gist(function, lines, symbols, switched_on).lines()
    if len(kept) == 1:
        docs = ast.get_docstring(function) is not None
        head = function.body[0]
        away = range(head.lineno - 1, head.end_lineno or 0) if docs else ()
        return [*range(function.lineno - 1), *away]
    return [i for i in range(len(lines)) if i not in kept]


class _Gist:
    """The statements of a function, and what is known of its branches."""

    def __init__(self, function: ast.FunctionDef, lines: list[str],
                 symbols: dict[str, str], switched_on: tuple[str, ...]):
        self.function, self.source = function, lines
        self.symbols, self.on = symbols, {*switched_on}
        arguments = function.args
        self.options = {one.arg for one in (
            *arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}

    def lines(self) -> set[int]:
        """The lines in view, from 0; the first is that of the name."""
        live = list(self._live(self.function.body, ()))
        kept = {one for one, _headers in live if self._says(one)}
        # What they are computed from, and what is computed from them.
        while True:
            needed = set().union(*map(self._needs, kept))
            made = set().union(*map(_targets, kept)) - self.symbols.keys()
            more = {one for one, _headers in live
                    if one not in kept and isinstance(one, ast.Assign)
                    and not self._renames(one)
                    and (_targets(one) & needed or self._needs(one) & made)}
            if not more:
                break
            kept |= more
        made |= set().union(*map(_targets, kept))
        for one, headers in live:
            # What happens instead, if a symbol decides.
            instead = headers and headers[-1][2] and not self._checks(one)
            if (instead and isinstance(one, ast.Return | ast.Expr)
                    or isinstance(one, ast.Return) and names(one) & made
                    and one.lineno == one.end_lineno):
                kept.add(one)
        found = {self.function.lineno - 1}
        for one, headers in live:
            if one in kept:
                found.update(range(one.lineno - 1, one.end_lineno or 0))
                for first, last, _lit in headers:
                    found.update(range(first, last))
        return {i for i in found if self._is_code(i)}

    def _is_code(self, i: int) -> bool:
        line = self.source[i].strip()
        return bool(line) and not line.startswith("#")

    def _live(self, body: list[ast.stmt], headers: tuple) -> Iterator[tuple]:
        """Each simple statement that is not switched off, and headers."""
        for one in body:
            if isinstance(one, ast.If):
                value = self._value(one.test)
                head = (one.lineno - 1, one.body[0].lineno - 1,
                        bool(self._letters(one.test)
                             or names(one.test) & self.on))
                own = (*headers, head) if value is None else headers
                if value is not False:
                    yield from self._live(one.body, own)
                if value is not True and one.orelse:
                    yield from self._live(
                        one.orelse, own if value is False
                        else (*own, *self._else(one, head[2])))
            elif isinstance(one, ast.For | ast.While | ast.With):
                head = (one.lineno - 1, one.body[0].lineno - 1, False)
                yield from self._live(one.body, (*headers, head))
            else:
                yield one, headers

    def _else(self, one: ast.If, lit: bool) -> list[tuple]:
        """The line `else:`, if it is not an `elif`."""
        between = range(one.body[-1].end_lineno or 0,
                        one.orelse[0].lineno - 1)
        return [(i, i + 1, lit) for i in between
                if self.source[i].strip().startswith("else:")]

    def _value(self, test: ast.expr) -> bool | None:
        """What a condition is in the lectures; None if both happen."""
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            value = self._value(test.operand)
            return None if value is None else not value
        if isinstance(test, ast.BoolOp):
            values = [self._value(one) for one in test.values]
            decides = isinstance(test.op, ast.Or)
            if decides in values:
                return decides
            return None if None in values else not decides
        inside = names(test)
        if inside & ON:
            return True
        if any(OFF.search(name) or PLUMBING.search(name)
               for name in inside):
            return False
        given = {name for name in inside if name in self.options
                 or name.endswith("_cast") and name in self.symbols}
        known = self._letters(test) or inside & self.on
        # An option that is not in the formula.
        if given and not known:
            return False
        # One that is: it is not None.
        if given and isinstance(test, ast.Compare) and isinstance(
                test.ops[0], ast.Is | ast.IsNot):
            return isinstance(test.ops[0], ast.IsNot)
        return True if inside & self.on and isinstance(
            test, ast.Name) else None

    def _letters(self, node: ast.AST) -> set[str]:
        return {self.symbols[name] for name in names(node)
                if name in self.symbols}

    def _says(self, one: ast.stmt) -> bool:
        """Whether a statement has a symbol, and computes something."""
        if self._checks(one) or not isinstance(
                one, ast.Expr | ast.Assign | ast.AugAssign | ast.AnnAssign
                | ast.Return):
            return False
        if isinstance(one, ast.Return) and isinstance(one.value, ast.Tuple):
            return False
        return bool(self._letters(one)) and not self._renames(one)

    def _checks(self, one: ast.stmt) -> bool:
        """Whether it is text, or a call that computes nothing."""
        return isinstance(one, ast.Expr) and not (
            isinstance(one.value, ast.Call)
            and not CHECKS.search(_called(one.value)))

    def _renames(self, one: ast.stmt) -> bool:
        """Whether an assignment gives another name to what there is."""
        if not isinstance(one, ast.Assign):
            return isinstance(one, ast.AnnAssign) and one.value is None
        if all(PLUMBING.search(name) or "complex" in name
               for name in _targets(one)):
            return True
        value = one.value
        while isinstance(value, ast.IfExp):
            value = (value.orelse if self._value(value.test) is False
                     else value.body)
        if isinstance(value, ast.Call):
            computes = value.args and isinstance(
                value.args[0], ast.BinOp | ast.Call)
            return not computes and bool(STORAGE.search(_called(value)))
        if isinstance(value, ast.Name | ast.Attribute):
            return len(self._letters(one)) < 2
        if isinstance(value, ast.Subscript):
            return not self._letters(value.slice)
        return isinstance(value, ast.GeneratorExp | ast.List)

    def _needs(self, one: ast.stmt) -> set[str]:
        return {node.id for node in ast.walk(one)
                if isinstance(node, ast.Name)
                and isinstance(node.ctx, ast.Load)
                and not PLUMBING.search(node.id)} - self.symbols.keys()


def names(node: ast.AST) -> set[str]:
    """Variables, attributes and strings, but no names of arguments."""
    found = set()
    for one in ast.walk(node):
        if isinstance(one, ast.Name):
            found.add(one.id)
        elif isinstance(one, ast.Attribute):
            found.add(one.attr)
        elif isinstance(one, ast.Constant) and isinstance(one.value, str):
            found.add(one.value)
    return found


def _targets(one: ast.stmt) -> set[str]:
    if isinstance(one, ast.Assign):
        return set().union(*(
            {node.id for node in ast.walk(target)
             if isinstance(node, ast.Name)} for target in one.targets))
    if isinstance(one, ast.AugAssign | ast.AnnAssign):
        return names(one.target)
    return set()


def _called(call: ast.Call) -> str:
    """The last name of what is called: "to" of x.to(y)."""
    return (call.func.attr if isinstance(call.func, ast.Attribute)
            else getattr(call.func, "id", ""))
