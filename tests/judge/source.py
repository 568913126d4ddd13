"""What a person's file defines. It is parsed here, never run."""

import ast
import contextlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scratch.front_door.command_line import DataError, reading

# No file of code that a person wrote is longer.
LARGEST = 1_000_000


@dataclass(frozen=True)
class Argument:
    """A parameter of a function, and its default as written."""

    name: str
    # "" if it has none
    default: str = ""
    keyword_only: bool = False


@dataclass
class Function:
    """A function or a method: its name, its parameters, its body."""

    name: str
    arguments: list[Argument]
    node: Any
    # takes no `self`
    static: bool = False
    # may be read like an attribute
    is_property: bool = False

    @property
    def strings(self) -> set[str]:
        """Every string in the body: the keys of dicts, for instance."""
        return {node.value for node in ast.walk(self.node)
                if isinstance(node, ast.Constant)
                and isinstance(node.value, str)}

    def attributes(self, name: str) -> set[str]:
        """The attributes that are read from or set on a variable."""
        return {node.attr for node in ast.walk(self.node)
                if isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id == name}

    def calls(self, name: str) -> int:
        """In how many places it calls what an argument holds."""
        return sum(isinstance(node, ast.Call)
                   and isinstance(node.func, ast.Name)
                   and node.func.id == name
                   for node in ast.walk(self.node))

    def picks_by(self, name: str) -> bool:
        """Is an argument a key: state[name], name in state?"""
        def inside(node: Any) -> bool:
            return any(isinstance(one, ast.Name) and one.id == name
                       for one in ast.walk(node))
        return any(isinstance(node, ast.Subscript) and inside(node.slice)
                   or isinstance(node, ast.Compare)
                   and isinstance(node.ops[0], ast.In | ast.NotIn)
                   and inside(node.left) for node in ast.walk(self.node))

    def returned(self) -> list[list[str]]:
        """What each `return` gives back: names, "" for expressions."""
        found = []
        values = [node.value for node in ast.walk(self.node)
                  if isinstance(node, ast.Return)]
        if isinstance(self.node, ast.Lambda):
            values.append(self.node.body)
        for value in values:
            if value is not None:
                parts = (value.elts if isinstance(value, ast.Tuple)
                         else [value])
                found.append([part.id if isinstance(part, ast.Name)
                              else "" for part in parts])
        return found


@dataclass
class Class:
    """A class: its methods, those of bases in the same file included."""

    name: str
    methods: dict[str, Function]
    node: Any
    bases: list[str] = field(default_factory=list)

    @property
    def constructor(self) -> Function | None:
        """Its own or an inherited one."""
        return self.methods.get("__init__")

    def set_in_constructor(self) -> dict[str, str]:
        """self.X = expression: the expression, as written, by X."""
        found: dict[str, str] = {}
        if self.constructor is None:
            return found
        for node in ast.walk(self.constructor.node):
            pairs: list[Any]
            if isinstance(node, ast.AnnAssign):
                pairs = [(node.target, node.value)]
            elif isinstance(node, ast.Assign):
                target, value = node.targets[0], node.value
                pairs = (list(zip(target.elts, value.elts))
                         if isinstance(target, ast.Tuple)
                         and isinstance(value, ast.Tuple)
                         and len(target.elts) == len(value.elts)
                         else [(target, value)])
            else:
                continue
            for target, value in pairs:
                if (isinstance(target, ast.Attribute)
                        and isinstance(target.value, ast.Name)
                        and target.value.id == "self"
                        and value is not None):
                    found.setdefault(target.attr, ast.unparse(value))
        return found


@dataclass
class Source:
    """A parsed file."""

    path: Path
    text: str
    functions: dict[str, Function]
    classes: dict[str, Class]
    # the local names of torch and what comes from it
    torch_names: set[str]
    uses_torch: bool = False

    def library(self, node: Any) -> str:
        """What a definition computes with: "torch" or "numpy"."""
        names = {one.id for one in ast.walk(node)
                 if isinstance(one, ast.Name)}
        return "torch" if names & self.torch_names else "numpy"

    def family(self, found: Class) -> list[Class]:
        """The class and its bases in the file."""
        family = [found]
        for one in family:
            family += [self.classes[base] for base in one.bases
                       if base in self.classes
                       and self.classes[base] not in family]
        return family

    def nodes(self, name: str) -> list[Any]:
        """The trees of a definition; of a class, with its bases."""
        name = name.split(".")[0]
        if name in self.classes:
            return [one.node for one in self.family(self.classes[name])]
        return [self.functions[name].node]


def folders(path: Path) -> list[Path]:
    """Where a file's own modules lie: beside it, and its package's root.
    """
    found = [path.parent]
    while (found[-1] / "__init__.py").exists():
        found.append(found[-1].parent)
    return found


def _bases(path: Path, tree: ast.AST) -> dict[str, Class]:
    """The classes that it imports from files of its own."""
    found: dict[str, Class] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or not node.module:
            continue
        places = ([path.parents[node.level - 1]] if 0 < node.level <= len(
            path.parents) else folders(path))
        for folder in places:
            file = folder.joinpath(*node.module.split(".")).with_suffix(
                ".py")
            if file.is_file() and file != path:
                with contextlib.suppress(DataError):
                    classes = parse(file, deep=False).classes
                    found |= {alias.asname or alias.name:
                              classes[alias.name] for alias in node.names
                              if alias.name in classes}
    return found


def parse(path: Path, deep: bool = True) -> Source:
    """Read and parse a file. Raises DataError, with one line.

    deep: with the classes that it inherits from other files.
    """
    with reading(path):
        if path.exists() and not path.is_file():
            # A folder, a pipe: reading it would fail or never end.
            raise DataError(f"{str(path)!r} is not a file")
        size = path.stat().st_size
        if size > LARGEST:
            raise DataError(f"{str(path)!r} must have at most {LARGEST} "
                            f"bytes, got {size}")
        data = path.read_bytes()
    try:
        # With a byte order mark, or in the encoding that it declares.
        tree = ast.parse(data, str(path))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        raise DataError(
            f"{str(path)!r} is not Python: "
            f"{getattr(error, 'msg', None) or error}"
            + (f", line {line}" if line else "")) from error
    functions: dict[str, Function] = {}
    classes: dict[str, Class] = {}
    bases = _bases(path, tree) if deep else {}
    for node in _top(tree):
        if isinstance(node, ast.FunctionDef):
            functions[node.name] = _function(node)
        elif isinstance(node, ast.ClassDef):
            classes[node.name] = _class(node, {**bases, **classes})
        elif (isinstance(node, ast.Assign)
              and isinstance(node.targets[0], ast.Name)
              and isinstance(_lambda(node.value), ast.Lambda)):
            name, value = node.targets[0].id, _lambda(node.value)
            functions[name] = Function(name, _arguments(value.args), value)
    return Source(path, data.decode("utf-8", "replace"), functions,
                  classes, *_torch(tree))


def _lambda(node: Any) -> Any:
    """What np.vectorize(lambda x: ...) is made of."""
    return node.args[0] if isinstance(
        node, ast.Call) and node.args else node


def _top(tree: ast.AST) -> list[Any]:
    """The statements at the top, those inside `if` and `try` too."""
    found: list[Any] = []
    for node in getattr(tree, "body", []):
        found.append(node)
        if isinstance(node, ast.If | ast.Try):
            found += _top(node)
    return found


def _torch(tree: ast.AST) -> tuple[set[str], bool]:
    """The local names of torch, and whether it is imported."""
    names, found = {"torch"}, False
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            here = {alias.asname or "torch" for alias in node.names
                    if alias.name.split(".")[0] == "torch"}
            found, names = found or bool(here), names | here
        elif (isinstance(node, ast.ImportFrom)
              and (node.module or "").split(".")[0] == "torch"):
            found = True
            names |= {alias.asname or alias.name for alias in node.names}
    return names, found


def _function(node: Any, in_class: bool = False) -> Function:
    marks = {ast.unparse(mark).split("(")[0].split(".")[-1]
             for mark in node.decorator_list}
    arguments = _arguments(node.args)
    static = "staticmethod" in marks
    if in_class and not static:
        arguments = arguments[1:]
    return Function(node.name, arguments, node, static,
                    "property" in marks)


def _arguments(args: ast.arguments) -> list[Argument]:
    named = [*args.posonlyargs, *args.args]
    defaults = [""] * (len(named) - len(args.defaults)) + [
        ast.unparse(default) for default in args.defaults]
    return [Argument(arg.arg, default)
            for arg, default in zip(named, defaults)] + [
        Argument(arg.arg, ast.unparse(default) if default else "", True)
        for arg, default in zip(args.kwonlyargs, args.kw_defaults)]


def _class(node: ast.ClassDef, known: dict[str, Class]) -> Class:
    bases = [ast.unparse(base) for base in node.bases]
    methods: dict[str, Function] = {}
    for base in reversed(bases):
        if base in known:
            methods |= known[base].methods
    methods |= {child.name: _function(child, True) for child in node.body
                if isinstance(child, ast.FunctionDef)}
    return Class(node.name, methods, node, bases)
