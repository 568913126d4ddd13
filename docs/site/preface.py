"""What stands below the question of each lecture, put in by itself.

How long the lecture takes, which lectures come before it, which
tutorial it corrects, and what the letters in its formulas mean.
"""

import re
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.util.logging import getLogger

from docs.site import symbols
from docs.site.words import _
from scratch import CONTENTS
from scratch.front_door.source import both_sides

log = getLogger(__name__)
# The lectures that a reader should know before a lecture.
BEFORE: dict[str, tuple[str, ...]] = {
    "tensors": (),
    "activations": ("tensors",),
    "autograd": ("tensors",),
    "losses": ("activations",),
    "init": ("activations",),
    "optim": ("tensors",),
    "lr_scheduler": ("optim",),
    "data": ("tensors",),
    "images": ("data",),
    "linear_regression": ("autograd", "losses"),
    "logistic_regression": ("losses", "linear_regression"),
    "softmax_regression": ("data", "logistic_regression"),
    "mlp": ("init", "logistic_regression"),
    "backprop": ("autograd", "softmax_regression", "mlp"),
    "convolution": ("backprop",),
    "normalization": ("mlp", "backprop"),
    "dropout": ("mlp",),
    "checkpoint": ("optim", "mlp"),
    "cnn": ("images", "softmax_regression", "convolution"),
}
# The tutorials that the lectures rewrite; docs/tutorials.md has more.
TITLES = {
    "a": "PyTorch之五—分类与逻辑回归搭建",
    "b": "pytorch 基础用法:线性回归和逻辑回归",
    "c": "10分钟快速入门 PyTorch (2) – 逻辑回归",
    "d": "Pytorch",
    "e": "用于深度学习的 PyTorch 二元分类(逻辑回归)",
}
# What a reader does in a minute, and the minutes of an exercise.
WORDS, LINES, FORMULAS, EXERCISE = 200, 20, 4, 10
FENCE = re.compile(r"^(`{3,})\{([\w-]+)\}([^\n]*)\n(.*?)^\1$", re.M | re.S)
# What is not read through.
ASIDE = {"lecturer", "plot", "gaps", "exercise"}


def minutes(page: str) -> tuple[int, int]:
    """How long a page takes: to read, and its exercises.

    A minute is 200 words, 20 lines of the code in the mirrors, or 4
    formulas; the sum is rounded up to 5 minutes. An exercise is 10
    minutes. The lecturer's notes do not count.
    """
    lines = exercises = 0

    def content(block: re.Match) -> str:
        """What is read of a directive, without its first lines."""
        nonlocal lines, exercises
        _ticks, kind, argument, inside = block.groups()
        exercises += kind == "exercise"
        if kind == "mirror":
            lines += sum(side.text.count("\n") + 1
                         for side in both_sides(argument.strip()))
        return "" if kind in ASIDE else re.sub(
            r"^:\w+:.*\n", "", inside, flags=re.M)

    text = FENCE.sub(content, page)
    formulas = text.count("$$") // 2
    text = re.sub(r"\$\$.*?\$\$", "", text, flags=re.S)
    words = len(re.findall(r"\w[\w'.-]*", text))
    spent = words / WORDS + lines / LINES + formulas / FORMULAS
    return 5 * -int(-spent // 5), EXERCISE * exercises


def put_in(app, doctree) -> None:
    """Put the preface below a lecture's question."""
    docname = app.env.docname
    sections = list(doctree.findall(nodes.section))
    if docname not in CONTENTS or not sections or (
            app.builder.format != "html"):
        return
    top = sections[0]
    page = Path(app.env.doc2path(docname)).read_text()
    rows = [(_("Time"), [nodes.paragraph("", time(page))]),
            (_("Before"), [before(app.env, docname)])]
    for letter, words in corrected(docname):
        title = link(app.env, docname, f"tutorials#tutorial-{letter}",
                     nodes.Text(TITLES[letter]))
        rows.append((_("Tutorial"), [nodes.paragraph(
            "", "", nodes.raw("", '<span lang="zh">', format="html"), title,
            nodes.raw("", "</span>", format="html"), nodes.Text(words))]))
    box = nodes.container(classes=["preface"])
    box += nodes.field_list("", *(nodes.field(
        "", nodes.field_name("", title), nodes.field_body("", *body))
        for title, body in rows))
    try:
        found = symbols.symbols(docname, page)
    except LookupError as error:
        log.warning("%s", error, location=(docname, 1))
        return
    if found:
        title = _("Symbols on this page: {n}").format(n=len(found))
        table = symbols.table([("", one) for one in found])
        box += nodes.raw("", f"<details><summary>{title}</summary>"
                         f"{table}</details>", format="html")
    # After the title, the question and its picture.
    at = 1
    while at < len(top) and isinstance(
            top[at], nodes.paragraph | nodes.figure):
        at += 1
    top.insert(at, box)


def time(page: str) -> str:
    """The first line of a preface, in words."""
    reading, exercises = minutes(page)
    if not exercises:
        return _("{n} minutes").format(n=reading)
    return _("{n} minutes, and {m} for the exercises").format(
        n=reading, m=exercises)


def corrected(topic: str) -> list[tuple[str, str]]:
    """Each tutorial that a lecture corrects, and what is wrong in it."""
    return {
        "data": [("c", _(": most of its epoch is loading"))],
        "linear_regression": [
            ("b", _(": its loop never clears the gradients"))],
        "logistic_regression": [
            ("a", _(": random labels, and (200, 1) against (200,)"))],
        "softmax_regression": [
            ("c", _(": it calls this logistic regression"))],
        "optim": [
            ("d", _(": its optimisers start from different nets"))],
        "mlp": [
            ("d", _(": its net class does not run")),
            ("e", _(": its 0.993 is measured on the training set"))],
    }.get(topic, [])


def before(env, docname: str) -> nodes.paragraph:
    """Links to the lectures that come before."""
    line = nodes.paragraph()
    for topic in BEFORE[docname]:
        if len(line):
            line += nodes.Text(_(", "))
        line += link(env, docname, topic, nodes.literal("", topic))
    return line if len(line) else nodes.paragraph(
        "", _("Python, and what a derivative is"))


def link(env, docname: str, page: str, *shown) -> nodes.Node:
    """A link to a page or to a label, as "page#label", if it exists."""
    page, _hash, label = page.partition("#")
    inside = nodes.inline("", "", *shown)
    if page not in env.found_docs:
        return inside
    return addnodes.pending_xref(
        "", inside, refdomain="std", reftype="ref" if label else "doc",
        refdoc=docname, reftarget=label or f"/{page}", refexplicit=True,
        refwarn=True)


def setup(app):
    """Called by Sphinx."""
    app.connect("doctree-read", put_in)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
