"""What docs/autograd.md computes."""

import ast
import inspect
from functools import cache
from types import ModuleType

import torch

from docs.optim import gradient_of_cube, hidden  # noqa: F401
from docs.site.experiment import Experiment
from docs.site.graph import Graph
from docs.site.words import _
from scratch import data
from scratch.activations import sigmoid
from scratch.autograd import Value
from scratch.front_door.lesson import Options
from scratch.front_door.lessons import entries
from scratch.linear_regression import LinearRegression, train
from scratch.losses import cross_entropy
from tests.museum import BUGS


def neuron(w, b, v, x, y):
    """z is used twice."""
    p = w * x
    z = p + b
    r = z.relu()
    m = v * r
    h = m + z
    e = h - y
    L = e ** 2
    return p, z, r, m, h, e, L


# w, b, v and x, y
WEIGHTS, POINT = (2.0, -4.0, 3.0), (3.0, 5.0)


def at_the_point(engine):
    """The leaves w, b, v and all results, by this engine."""
    leaves = [engine(torch.tensor(value)) for value in WEIGHTS]
    return leaves, neuron(*leaves, *map(torch.tensor, POINT))


def formulas():
    """The name and the formula of each value, leaves first."""
    lines = {node.targets[0].id: ast.unparse(node) for node in ast.walk(
        ast.parse(inspect.getsource(neuron))) if isinstance(node, ast.Assign)}
    return {"w": "w", "b": "b", "v": "v", **lines}


def walk():
    """The graph, and `backward` value by value."""
    leaves, results = at_the_point(Value)
    values = [*leaves, *results]
    texts = formulas()
    name = dict(zip(values, texts))
    edges = [(values.index(a), values.index(value))
             for value in values for a, *_ in value._inputs]
    ones = torch.ones(())
    slopes = {(values.index(a), values.index(value)): slope
              for value in values for a, slope, _version in value._inputs}
    shares = {results[-1]: ["1"]}
    beside = {edge: f"\u00d7 {_short(slopes[edge](ones))}" for edge in edges}
    inside, along, lit = [[""] * len(values)], [[*beside.values()]], [None]
    captions = [_("forward: from the leaves w, b and v down to L = {L}; on "
                  "each edge, the slope of one step").format(
                      L=_short(results[-1].data))]
    for value, upstream in results[-1]._chain():
        i, sent = values.index(value), []
        for a, slope, _version in value._inputs:
            edge, local = (values.index(a), i), slope(ones)
            share = _short(slope(upstream))
            shares.setdefault(a, []).append(share)
            beside[edge] = f"{_short(upstream)} \u00d7 {_short(local)}"
            sent.append(_("{share} to {name}").format(
                share=share, name=name[a]))
        inside.append([_arrived(name[v], shares.get(v)) for v in values])
        along.append([*beside.values()])
        lit.append(i)
        gradient = f"dL/d{name[value]} = {_sum(shares[value])}"
        captions.append(
            _("{gradient}. Now {name} sends {sent}").format(
                gradient=gradient, name=name[value],
                sent=_(", ").join(sent))
            if sent else _("{gradient}. {name} is a leaf and keeps it in "
                           "{name}.grad").format(gradient=gradient,
                                                 name=name[value]))
    shown = [f"{text} = {_short(value.data)}"
             for value, text in zip(values, texts.values())]
    return Graph(shown, edges, captions, inside, along, lit,
                 start=lit.index(values.index(results[1])))


def _arrived(name, shares):
    return f"dL/d{name} = {_sum(shares)}" if shares else ""


def _sum(shares):
    total = _short(sum(map(float, shares)))
    return f"{' + '.join(shares)} = {total}" if len(shares) > 1 else total


def _short(number):
    return f"{float(number):g}".replace("-", "\u2212")


def engine(bug):
    """Value, of scratch/autograd.py with this bug of the museum."""
    if not bug:
        return Value
    module = ModuleType(bug)
    exec(compile(BUGS[bug].source(), bug, "exec"), vars(module))
    return module.Value


@cache
def gradients(bug=""):
    """The gradients of w, b and v, by the right or a wrong engine."""
    (w, b, v), results = at_the_point(engine(bug))
    results[-1].backward()
    return {"w": w.grad, "b": b.grad, "v": v.grad}


@cache
def line_losses(bug="", lr=0.02, steps=164):
    """The line of the lesson, trained with this engine."""
    kind = engine(bug)
    x, y = data.line(20, generator=0)
    model = LinearRegression()
    model.w, model.b = kind(model.w), kind(model.b)
    return list(train(model, x, y, lr, steps, stop=0.0))


def slopes_of_the_logits(bug=""):
    """dL/dx of the cross-entropy, for the logits 1, 3 and class 0."""
    x = engine(bug)(torch.tensor([[1.0, 3.0]]))
    cross_entropy(x, torch.tensor([0])).backward()
    return x.grad[0].tolist()


def assigning():
    """The line, trained by the right engine and by one with `=`."""
    runs = {_("right"): line_losses(),
            _("= instead of +="): line_losses("gradient-overwritten"),
            _("right, half the lr"): line_losses(lr=0.01)}
    shown = range(0, 161, 4)
    captions = [_("step {n}: loss {a:.6f} right, {b:.6f} with =, {c:.6f} "
                  "right with half the lr").format(
        n=n + 1, **dict(zip("abc", (run[n] for run in runs.values()))))
        for n in shown]
    return Experiment(_("step"), _("loss"), (1.0, 161.0), (0.0, 4.0),
                      captions, paths={
        name: [(float(n + 1), run[n]) for n in shown]
        for name, run in runs.items()}, start=20)


# So few that the page is built quickly.
EPOCHS = {"linear_regression": 50, "softmax_regression": 1,
          "breast_cancer": 3}


@cache
def losses(lesson, option=""):
    """The loss of each step by hand, with this option of the lesson."""
    made = entries()[lesson].load()(Options(
        epochs=EPOCHS[lesson], **({option: True} if option else {})))
    return list(made.runs[0].hand)


def gap(option):
    """The largest relative difference from torch's autograd."""
    return max(abs(a - b) / abs(a) for lesson in EPOCHS for a, b in zip(
        losses(lesson), losses(lesson, option), strict=True))


def detached(w):
    """The step through `detach`, which autograd sees."""
    w.detach().sub_(w.grad, alpha=0.1)


def cube_by_the_engine():
    """The question of docs/optim.md: what `backward` of w^3 says."""
    w = Value(torch.tensor(2.0))
    square, cube = w ** 2, w ** 3
    square.backward()
    w.data.sub_(w.grad, alpha=0.1)
    try:
        cube.backward()
    except RuntimeError as error:
        return str(error)
    return w.grad


def values_in(lesson):
    """How many values the graph of one step of a lesson's loss has."""
    made = entries()[lesson].load()(Options(autograd=True))
    found = []
    graph = Value._graph

    def counted(value):
        found.append(len(graph(value)))
        return graph(value)

    Value._graph = counted
    try:
        next(iter(made.runs[0].hand))
    finally:
        Value._graph = graph
    return found[0]


def values_of_sigmoid():
    """How many values its graph has, with x and the result."""
    return len(sigmoid(Value(torch.tensor(1.0)))._graph())
