"""Bugs in the engine: how gradients meet, in which order, and slopes."""

from tests.museum.plant import Bug

GRAPHS = "test_autograd.py::test_graphs"
ALONE = "test_autograd.py::test_operations"

BUGS = [
    Bug("gradient-overwritten", "autograd.Value._chain",
        {"(arrived[input] + share\n"
         "                                  if input in arrived else share)":
         "share"},
        "A value has one gradient: assign it.", GRAPHS,
        "karpathy/nn-zero-to-hero #52"),
    Bug("value-visited-twice", "autograd.Value",
        {"arrived.pop(value)": "arrived[value]",
         "found, stack = {self}, [self]": "found, stack = [self], [self]",
         "{input for input, *_ in stack.pop()._inputs}":
         "[input for input, *_ in stack.pop()._inputs]",
         "stack += inputs - found": "stack += inputs",
         "found |= inputs": "found += inputs"},
        "A value hands on what it has, each time that it is reached.",
        GRAPHS, "karpathy/micrograd #2"),
    Bug("order-of-a-search", "autograd.Value._graph",
        {"found, stack = {self}, [self]":
         "found, stack = {self: True}, [self]",
         "{input for input, *_ in stack.pop()._inputs}":
         "{i: True for i, *_ in stack.pop()._inputs}",
         "stack += inputs - found":
         "stack += [i for i in inputs if i not in found]",
         "sorted(found, key=lambda v: v._number, reverse=True)":
         "list(found)"},
        "From the loss outwards, each value once: any search does that.",
        f"{ALONE}[x = -a, x + x * b]", "lucasdelimanogueira/PyNorch #90"),
    Bug("recursive-search", "autograd.Value._graph",
        {"found, stack = {self}, [self]": "found = set()",
         "        while stack:\n"
         "            inputs = {input for input, *_ in stack.pop()._inputs}\n"
         "            stack += inputs - found\n"
         "            found |= inputs\n":
         "\n"
         "        def visit(value):\n"
         "            if value not in found:\n"
         "                found.add(value)\n"
         "                for input, *_ in value._inputs:\n"
         "                    visit(input)\n"
         "\n"
         "        visit(self)\n"},
        "A function that calls itself is the shortest search.",
        "test_autograd.py::test_a_long_chain[scratch]",
        "karpathy/micrograd #90",
        crash="RecursionError"),
    Bug("backward-sets-the-gradient", "autograd.Value.backward",
        {"(upstream.clone() if value.grad is None\n"
         "                              else value.grad + upstream)":
         "upstream.clone()"},
        "Each backward starts anew.", GRAPHS, "karpathy/micrograd #54"),
    Bug("gradients-share-memory", "autograd.Value.backward",
        {"upstream.clone()": "upstream"},
        "It arrived as a tensor: keep it.",
        "test_autograd.py::test_gradients_do_not_share_memory",
        crash="RuntimeError"),
    Bug("broadcast-not-summed", "autograd._sum_to",
        {"gradient.reshape(shape).to(data.dtype)":
         "gradient.to(data.dtype)",
         "gradient = gradient.sum(axes, keepdim=True)": "pass"},
        "The slope of a sum is 1: the gradient goes through as it is.",
        f"{ALONE}[a + b[0]]", "pytorch/pytorch #1787",
        crash="RuntimeError"),
    Bug("broadcast-averaged", "autograd._sum_to",
        {"gradient.sum(axes, keepdim=True)":
         "gradient.mean(axes, keepdim=True)"},
        "The copies share one gradient.", f"{ALONE}[a + b[0]]"),
    Bug("change-in-place-unnoticed", "autograd.Value._chain",
        {"input.data._version != version": "input.data is None"},
        "The data is kept, so it is what it was.",
        "test_autograd.py::test_a_change_in_place"),
    Bug("difference-like-a-sum", "autograd.Value.__sub__",
        {"return self + -other":
         "return self._made(self.data - _data(other),\n"
         "                          (self, lambda G: G), "
         "(other, lambda G: G))"},
        "A difference passes the gradient on, as a sum does.",
        f"{ALONE}[a - b]",
        "KhawajaAbaid/micrograd_c #1"),
    Bug("minus-from-the-right", "autograd.Value.__rsub__",
        {"-self + other": "self - other"},
        "__rsub__ is __sub__, as __radd__ is __add__.", f"{ALONE}[2 - a]",
        "karpathy/nn-zero-to-hero #4"),
    Bug("product-slope-of-its-own", "autograd.Value.__mul__",
        {"lambda G: G * b)": "lambda G: G * a)",
         "(other, lambda G: G * a))": "(other, lambda G: G * b))"},
        "a gets a, and b gets b.", f"{ALONE}[a * b]"),
    Bug("quotient-without-minus", "autograd.Value.__truediv__",
        {"-G * (a / b / b)": "G * (a / b / b)"},
        "d(1/b)/db is 1/b^2.", f"{ALONE}[a / b]"),
    Bug("quotient-without-square", "autograd.Value.__truediv__",
        {"-G * (a / b / b)": "-G * (a / b)"},
        "The slope of 1/b is -1/b.", f"{ALONE}[a / b]"),
    Bug("power-keeps-its-exponent", "autograd.Value.__pow__",
        {"(n * a ** (n - 1))": "(n * a ** n)"},
        "The exponent comes down in front.", f"{ALONE}[a ** 3]"),
    Bug("power-without-factor", "autograd.Value.__pow__",
        {"(n * a ** (n - 1))": "a ** (n - 1)"},
        "The exponent falls by one.", f"{ALONE}[a ** 3]"),
    Bug("power-0-at-0", "autograd.Value.__pow__",
        {" if n\n            else torch.zeros_like(G)": ""},
        "n a^(n - 1), for every n.", f"{ALONE}[a ** 0]"),
    Bug("matmul-slope-transposed", "autograd.Value.__matmul__",
        {"a.T @ G": "(G.T @ a).reshape(b.shape)"},
        "B is on the other side, so all is transposed.", f"{ALONE}[a @ b]"),
    Bug("exp-slope-of-the-input", "_operations.Operations.exp",
        {"G * e": "G * self.data"},
        "A slope is computed from the input.", f"{ALONE}[a.exp()]",
        "karpathy/nn-zero-to-hero #52"),
    Bug("tanh-slope-of-the-input", "_operations.Operations.tanh",
        {"1 - t * t": "1 - self.data * self.data"},
        "1 - x^2, where x is the input.", "test_autograd.py::test_tanh"),
    Bug("relu-passes-at-0", "_operations.Operations.relu",
        {"h <= 0": "self.data < 0"},
        "What is not negative passes.", f"{ALONE}[a.relu()]"),
    Bug("where-passes-to-both", "_operations.Operations.where",
        {"torch.where(condition, 0, G)": "G"},
        "Both are inputs.", f"{ALONE}[a.where(c, b)]"),
    Bug("mean-slope-without-n", "_operations.Operations.mean",
        {"return self.sum(dim, keepdim) / n":
         "total = self.sum(dim, keepdim)\n"
         "        return self._made(total.data / n, (total, lambda G: G))"},
        "The mean passes the gradient on to every entry.",
        f"{ALONE}[a.mean()]"),
    Bug("max-passes-to-all-ties", "_operations.Operations.max",
        {"torch.zeros_like(a).scatter_(\n"
         "                dim, first, G.reshape(first.shape))":
         "G.reshape(first.shape) * (\n"
         "                a == a.max(dim, True).values)"},
        "Every entry that equals the maximum has slope 1.",
        f"{ALONE}[a.max(1)]",
        "microsoft/onnxruntime #7217"),
    Bug("entry-taken-twice", "_operations.Operations.__getitem__",
        {"index_add_": "index_copy_"},
        "Put each slope back to where the entry was.",
        f"{ALONE}[a[[0, 2, 0]]]",
        "HIPS/autograd #39"),
    Bug("transpose-by-reshape", "_operations.Operations.T",
        {"lambda G: G.T": "lambda G: G.reshape(self.shape)"},
        "The gradient gets the shape of the input.", f"{ALONE}[a.T]"),
]
