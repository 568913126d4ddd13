"""How an optimiser may be called: a reading of a class or function.

Nothing here runs the person's code, so that both processes may import
this file.
"""

import ast
from dataclasses import dataclass, replace

from tests.judge import roles
from tests.judge.source import Argument, Class, Source

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Reading:
    """One way to call a person's optimiser.

    scope: what one call updates. "each": one array; "all": a container
    of arrays; "objects": what the constructor was given; "object": one
    object with .data and .grad, "all objects": a list of them;
    "layer": an object with weights and their gradients, "layers": a
    list of them; "network": an object with all parameters and all
    gradients; "torch": a subclass of torch.optim.Optimizer; "loop":
    one array, by as many steps as it is told.
    """

    name: str
    is_class: bool
    library: str
    scope: str
    # argument, what it stands for: of the constructor, of the call
    build: Pairs = ()
    call: Pairs = ()
    method: str = ""
    # option, the attribute that holds it
    attributes: Pairs = ()
    # key of a dict of options, option
    keys: Pairs = ()
    # option, its default
    defaults: tuple[tuple[str, float], ...] = ()
    # what comes back; empty if it updates in place
    returns: tuple[str, ...] = ()
    # what a direction stands for: p <- p (moves) direction
    moves: str = "-"
    # methods to call first, and with what
    first: Pairs = ()
    # those to call before and after each step
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    # one object for all parameters
    shared: bool = False
    container: str = "list"
    # what the state is at first: "zeros", "pairs", "empty", "none", a
    # dict, "filled" with zeros under these keys, a "tuple" of what has
    # these names, or "made" by a method
    state: str = "zeros"
    filled: tuple[str, ...] = ()
    # how it is handed an array: as it is, by its "entries", or as
    # "tables" of rows and columns
    handed: str = ""
    # the method that makes a first state
    maker: str = ""
    first_t: int = 1
    # may a loop end before its last step?
    stops: bool = False
    # the attributes of a layer: weight, its gradient, bias, its gradient
    layer: tuple[str, ...] = ()

    def options(self) -> set[str]:
        """What can be set: lr, beta1, eps, ..."""
        pairs = (*self.build, *self.call)
        found = {role for _, role in pairs} | {
            role for role, _ in self.attributes} | {
            role for _, role in self.keys}
        if "betas" in found:
            found |= {"beta1", "beta2"}
        return found & {*roles.OPTIONS}

    def builds(self) -> set[str]:
        """What the constructor takes."""
        return {role for _, role in self.build}

    def takes(self) -> set[str]:
        """What the call takes."""
        return {role for _, role in self.call}

    def missing_gradients(self) -> bool:
        """Can a parameter be left out of a step?"""
        return (self.scope in ("objects", "torch")
                or self.scope in ("each", "object") and (
                    self.is_class and not self.shared
                    or not self.is_class))

    def __str__(self) -> str:
        """w = Adam(lr, b1, b2).update(w, grad), one object a parameter."""
        arguments = ", ".join(
            f"{name}=0" if role == "off" else name
            for name, role in self.call if role != "default")
        called = f"{self.name}({arguments})"
        if self.is_class:
            built = ", ".join(f"{name}=0" if role == "off" else name
                              for name, role in self.build)
            method = f".{self.method}" if self.method != "__call__" else ""
            called = f"{self.name}({built}){method}({arguments})"
        if self.returns:
            names = {role: name for name, role in self.call}
            back = [names.get(role, {"param": "w", "direction": "direction"
                                     }.get(role, "_"))
                    for role in self.returns]
            called = f"{', '.join(back)} = {called}"
        if self.scope in ("each", "object", "layer") and self.is_class:
            called += (", one object for all" if self.shared
                       else ", one object a parameter")
        if self.scope == "all" and "pairs" not in self.takes():
            called += ", " + {"pairs": "lists of pairs (w, b)",
                              "dicts": "lists of dicts",
                              "list": "lists of parameters",
                              "dict": "dicts of parameters"
                              }.get(self.container, self.container)
        if "direction" in self.returns:
            called += f"; w <- w {self.moves} direction"
        if self.scope == "loop":
            called += ", a whole training"
        called += {"entries": ", one number at a time",
                   "tables": ", tables only"}.get(self.handed, "")
        if self.first_t != 1:
            called += f"; {self.first_t} is the first t"
        return called


PLURAL = {"params", "parameters", "weights", "grads", "gradients",
          "thetas", "variables", "dweights", "weightsandbiases"}


def adapter(name: str) -> Reading:
    """judge_adam(params, grads, lr, t, state): it returns the params."""
    arguments = {"params": "param", "grads": "grad", "lr": "lr", "t": "t",
                 "state": "config"}
    return Reading(name, False, "numpy", "all", call=tuple(
        arguments.items()), returns=("param",), state="empty")


def called(source: Source, name: str, kind: str,
           expression: str) -> list[Reading]:
    """The reading that a person writes: w = Adam(lr).update(w, grad).

    The words are those of this file's roles. Raises ValueError if it
    cannot be understood.
    """
    try:
        node = ast.parse(expression).body[0]
    except (SyntaxError, IndexError):
        raise ValueError(f"--call must be an expression such as 'w = "
                         f"Adam(lr).update(w, grad)', got {expression!r}"
                         ) from None
    value = getattr(node, "value", None)
    if not isinstance(value, ast.Call):
        raise ValueError(f"--call must call something, got {expression!r}")
    returns: tuple[str, ...] = ()
    if isinstance(node, ast.Assign):
        target = node.targets[0]
        parts = (target.elts if isinstance(target, ast.Tuple)
                 else [target])
        returns = tuple("direction" if ast.unparse(part) in (
            "direction", "update", "step", "d") else
            roles.value(ast.unparse(part)) for part in parts)
    function, method = value.func, ""
    build: Pairs = ()
    if isinstance(function, ast.Attribute):
        method, owner = function.attr, function.value
        found = source.classes[name]
        if isinstance(owner, ast.Call):
            constructor = found.constructor
            build = _paired(owner, constructor.arguments
                            if constructor else [], kind)
        arguments = found.methods[method].arguments
        node_ = found.node
    elif name in source.classes:
        raise ValueError(f"--call must call a method of {name}, got "
                         f"{expression!r}")
    else:
        arguments = source.functions[name].arguments
        node_ = source.functions[name].node
    call = _paired(value, arguments, kind)
    plural = any(isinstance(one, ast.Name) and one.id in PLURAL
                 for one in value.args)
    base = Reading(
        name, name in source.classes, source.library(node_),
        "all" if plural else "objects" if not call else "each", build,
        call, method, returns=returns, attributes=attributes_of(
            source.classes[name], build, kind)
        if name in source.classes else ())
    return [replace(base, container=container, state=state)
            for container in ("list", "dict")
            for state in ("zeros", "empty", "none")]


def _paired(call: ast.Call, arguments: list[Argument],
            kind: str) -> Pairs:
    """The person's names of the arguments, and what stands there."""
    written = [ast.unparse(one) for one in call.args]
    names = [one.name for one in arguments][:len(written)]
    names += [str(one.arg) for one in call.keywords]
    written += [ast.unparse(one.value) for one in call.keywords]
    pairs = []
    for name, word in zip(names, written):
        role = roles.value(word, "param grad t m v config key layer")
        role = roles.option(word, kind) or role
        if word in ("params", "model"):
            role = "param" if word == "params" else word
        pairs.append((name, role or "default"))
    return tuple(pairs)


def attributes_of(found: Class, build: Pairs, kind: str) -> Pairs:
    """option -> attribute, where the class or its constructor sets it."""
    given = dict(build)
    pairs = []
    fields = {ast.unparse(one.target): ast.unparse(one.value)
              for one in found.node.body
              if isinstance(one, ast.AnnAssign) and one.value}
    fields |= {ast.unparse(one.targets[0]): ast.unparse(one.value)
               for one in found.node.body if isinstance(one, ast.Assign)}
    for attribute, written in {**fields,
                               **found.set_in_constructor()}.items():
        if given.get(written) in roles.OPTIONS:
            pairs.append((given[written], attribute))
        elif _is_number(written):
            role = roles.option(attribute, kind)
            if role and role not in given.values():
                pairs.append((role, attribute))
    return tuple(pairs)


def _is_number(written: str) -> bool:
    try:
        float(written)
    except ValueError:
        return False
    return True
