"""What each letter in a formula means: one table for all lectures.

A mirror's option `:symbols:` says which names of the code a letter of
its formula is. Here the letter gets its meaning in words. The build
stops if a letter has none. Each lecture shows its own letters; the
directive `{symbols}`, of the glossary, shows those of all lectures.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from docutils import nodes
from pygments.lexers import PythonLexer
from pygments.token import Name, String
from sphinx.util.docutils import SphinxDirective

from docs.site.mathml import converted
from docs.site.words import _
from scratch import CONTENTS
from scratch.front_door.source import both_sides

MIRROR = re.compile(r"^`{3,}\{mirror\} (\S+)\n((?::.*\n)*)", re.M)


def meanings() -> dict[str, str]:
    """What a letter means: everywhere, on a page, or in one mirror.

    Key: "letter", "topic letter" or "topic.name letter". The longest
    key that fits counts.
    """
    return {
        # everywhere
        "G": _("gradient of the loss with respect to the result"),
        "L": _("loss"),
        "W": _("weights, a matrix"),
        "b": _("bias"),
        "g": _("gradient of the loss with respect to p"),
        "p": _("a parameter"),
        "s": _("standard deviation"),
        "t": _("number of steps so far"),
        "v": _("velocity: the sum that momentum keeps"),
        "w": _("weights"),
        "x": _("input"),
        "y": _("target: what the model should answer"),
        "z": _("logits, before the softmax or sigmoid"),
        "γ": _("factor by which the learning rate falls"),
        "ε": _("a small number that keeps a divisor above 0"),
        "η": _("learning rate"),
        "η0": _("learning rate at the start"),
        "μ": _("mean"),
        "σ": _("standard deviation"),
        # where a page uses a letter for something else
        "activations z": _("an exponential that can't overflow"),
        "autograd A": _("a matrix"),
        "autograd B": _("a matrix"),
        "autograd a": _("first operand"),
        "autograd b": _("second operand"),
        "autograd n": _("exponent"),
        "autograd v": _("a value in the graph"),
        "backprop e": _("error: prediction minus target"),
        "backprop h": _("hidden units, after the relu"),
        "backprop q": _("1 at the true class, else 0"),
        "backprop s": _("probability, the sigmoid of x"),
        "backprop.cross_entropy_gradient p": _(
            "probability of each class"),
        "backprop.relu_gradient y": _("the relu's output"),
        "cnn a": _("label smoothing: what the label gives away"),
        "cnn w": _("filters"),
        "convolution P": _("windows of the image, one per column"),
        "convolution k": _("side of the window"),
        "convolution s": _("stride: the distance between two windows"),
        "convolution w": _("filters"),
        "convolution z": _("output: one number per filter and window"),
        "data a": _("size of the uniform noise"),
        "data b": _("size of the normal noise"),
        "data n": _("number of rows"),
        "data r": _("the rows that mean and deviation are taken from"),
        "data u": _("a uniform random number"),
        "data.parabola n": _("a normal random number"),
        "dropout m": _("mask: 1 where an entry stays, 0 where it drops"),
        "dropout p": _("probability that an entry is dropped"),
        "init a": _("slope of the leaky relu below 0"),
        "init b": _("upper limit"),
        "init c": _("the constant"),
        "init g": _("gain: makes up for the activation"),
        "init u": _("bound: the numbers lie between -u and u"),
        "init.uniform_ a": _("lower limit"),
        "logistic_regression.Boundary x": _("first coordinate of a point"),
        "logistic_regression.Boundary y": _(
            "second coordinate of a point"),
        "logistic_regression μ": _("momentum"),
        "logistic_regression σ": _("sigmoid"),
        "losses p": _("predicted probability"),
        "losses x": _("prediction or logits"),
        "losses z": _("an exponential that can't overflow"),
        "losses ε": _("label smoothing: what the label gives away"),
        "losses.accuracy x": _("predicted labels"),
        "losses.accuracy y": _("true labels"),
        "lr_scheduler T": _("steps from the highest rate to the lowest"),
        "lr_scheduler a": _("factor at the first step"),
        "lr_scheduler b": _("factor after the last step"),
        "lr_scheduler e": _("lowest learning rate"),
        "lr_scheduler i": _("index of the schedule that is running"),
        "lr_scheduler m": _("steps so far, at most n"),
        "lr_scheduler n": _("number of steps of the warm-up"),
        "lr_scheduler s": _("steps between two drops"),
        "lr_scheduler.MultiStepLR m": _("a milestone"),
        "lr_scheduler.OneCycleLR a": _("learning rate where a side begins"),
        "lr_scheduler.OneCycleLR b": _("learning rate where a side ends"),
        "lr_scheduler.OneCycleLR p": _("step of the peak"),
        "lr_scheduler.OneCycleLR q": _("last step"),
        "lr_scheduler.OneCycleLR s": _("how much of a side is done"),
        "lr_scheduler.SequentialLR m": _("step at which a schedule begins"),
        "mlp f": _("the layers, one after the other"),
        "mlp m": _("number of inputs of a layer"),
        "mlp σ": _("sigmoid"),
        "normalization m": _("how far a running mean moves in a step"),
        "normalization β": _("shift, learnt"),
        "normalization γ": _("scale, learnt"),
        "optim m": _("running mean of the gradients"),
        "optim s": _("running mean of the squared gradients"),
        "optim.Adagrad s": _("sum of the squared gradients"),
        "optim.Adam v": _("running mean of the squared gradients"),
        "optim α": _("how much of a running mean stays in a step"),
        "optim β1": _("how much of m stays in a step"),
        "optim β2": _("how much of v stays in a step"),
        "optim γ": _("how fast the learning rate falls"),
        "optim λ": _("weight decay"),
        "optim μ": _("momentum"),
        "optim τ": _("dampening: what is taken off each new gradient"),
        "tensors A": _("a matrix"),
        "tensors B": _("a matrix"),
        "tensors a": _("a vector"),
        "tensors b": _("a vector"),
        "tensors f": _("a function with one number as its result"),
        "tensors v": _("a vector"),
        "tensors ε": _("half the width of the step"),
        "tensors.lerp w": _("fraction of the way from x to y"),
        "tensors.lerp y": _("the end"),
    }


@dataclass
class Symbol:
    """A letter on one page, with one meaning."""

    letter: str
    meaning: str
    hand: list[str] = field(default_factory=list)
    torch: list[str] = field(default_factory=list)


def symbols(topic: str, page: str) -> list[Symbol]:
    """The letters of a page, in order of appearance.

    page: the text of docs/TOPIC.md. A name counts as torch's if our own
    code by hand does not have it. Raises LookupError, which names the
    mirror, if a letter has no meaning.
    """
    known = meanings()
    found: dict[tuple[str, str], Symbol] = {}
    for name, letter, names in letters(page):
        keys = (f"{name} {letter}", f"{topic} {letter}", letter)
        meaning = next((known[key] for key in keys if key in known), "")
        if not meaning:
            raise LookupError(
                f"mirror {name}: symbol {letter!r} must have a meaning in "
                "docs/site/symbols.py, got none")
        symbol = found.setdefault(
            (letter, meaning), Symbol(letter, meaning))
        hand, torch = both_sides(name)
        for one in names:
            by_hand, by_torch = (one in names_in(side.text)
                                 for side in (hand, torch))
            for into, there in ((symbol.hand, by_hand),
                                (symbol.torch, by_torch or not by_hand)):
                if there and one not in into:
                    into.append(one)
    return list(found.values())


def letters(page: str) -> Iterator[tuple[str, str, list[str]]]:
    """Each mirror's name, a letter, and the names it has in the code."""
    for name, options in MIRROR.findall(page):
        for line in re.findall(r"^:symbols:(.*)$", options, re.M):
            for pair in filter(str.strip, line.split(";")):
                letter, _equals, names = pair.partition("=")
                yield name, letter.strip(), names.split()


@cache
def names_in(source: str) -> set[str]:
    """The names and strings of a source, not the words in its comments."""
    return {value.strip("\"'") for kind, value
            in PythonLexer().get_tokens(source)
            if kind in Name or kind in String}


def as_math(letter: str) -> str:
    """The letter as MathML; a digit in it is an index."""
    tex = re.sub(r"\d+", lambda index: f"_{{{index[0]}}}", letter)
    return converted(nodes.math(tex, tex), False)


def table(rows: list[tuple[str, Symbol]]) -> str:
    """HTML: a row for each letter.

    rows: HTML of the last cell, the pages, or ""; and the letter
    """
    pages = [_("pages")] if any(last for last, _row in rows) else []
    head = "".join(f'<th scope="col">{title}</th>' for title in (
        _("symbol"), _("meaning"), _("by hand"), _("by torch"), *pages))
    body = []
    for last, row in rows:
        names = [" ".join(f"<code>{html.escape(one)}</code>" for one in side)
                 for side in (row.hand, row.torch)]
        cells = [html.escape(row.meaning), *names]
        if pages:
            cells.append(last)
        body.append(f'<tr><th scope="row">{as_math(row.letter)}</th>'
                    + "".join(f"<td>{cell}</td>" for cell in cells)
                    + "</tr>")
    return ('<div class="table-wrapper symbols" tabindex="0">'
            f'<table class="docutils"><thead><tr>{head}</tr></thead>'
            f'<tbody>{"".join(body)}</tbody></table></div>')


class AllSymbols(SphinxDirective):
    """The directive `symbols`: the letters of all lectures."""

    def run(self):
        merged: dict[tuple[str, str], tuple[list[str], Symbol]] = {}
        for topic in CONTENTS:
            page = Path(self.env.srcdir, f"{topic}.md")
            self.env.note_dependency(str(page))
            for one in symbols(topic, page.read_text()):
                links, row = merged.setdefault(
                    (one.letter, one.meaning),
                    ([], Symbol(one.letter, one.meaning)))
                links.append(f'<a href="{topic}.html">{topic}</a>')
                for into, names in ((row.hand, one.hand),
                                    (row.torch, one.torch)):
                    into += [name for name in names if name not in into]
        # Latin letters first, then Greek; A next to a.
        rows = sorted(merged.values(), key=lambda row: (
            row[1].letter[0] > "z", row[1].letter.lower(), row[1].letter))
        return [nodes.raw("", table([(", ".join(links), row)
                                     for links, row in rows]),
                          format="html")]


def setup(app):
    """Called by Sphinx."""
    app.add_directive("symbols", AllSymbols)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
