"""The directive `playground`: the controls of a net that trains.

Here are its fields, its words and the choices that there are: optimisers
and options as scratch has them. form.js fills and reads the fields,
address.js turns them into an address, board.js and plots.js draw, and
playground.js trains. playground.py has the data, net.js the net.
"""

import html
import json
from collections.abc import Iterable
from typing import Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from docs.site import playground
from docs.site.words import _
from scratch.front_door.source import ROOT

ACTIVATIONS = "relu", "tanh", "sigmoid"
# The outputs that a net needs, for each data set and loss; the first
# loss is the usual one.
OUTPUTS = {
    "blobs": {"cross_entropy": 2, "binary_cross_entropy_with_logits": 1,
              "mse_loss": 1},
    "parabola": {"mse_loss": 1},
    "digits": {"cross_entropy": 10}}
# What the page shows at first. A net has at most four hidden layers.
START = {"data": "blobs", "hidden": [4], "opt": "SGD", "lr": 0.1}
LAYERS, WIDTH = 4, 16
SPEEDS = 1, 5, 25
STYLES = "playground.css", "board.css"
SCRIPTS = ("generator.js", "optimizers.js", "net.js", "bugs.js", "run.js",
           "address.js", "plots.js", "board.js", "form.js", "playground.js")


def spec(contents: dict[str, Any]) -> dict[str, Any]:
    """What an address may say; see address.js."""
    return {
        "start": START, "layers": LAYERS, "width": WIDTH,
        "activations": ACTIVATIONS, "optimizers": contents["optimizers"],
        "data": {name: {"inputs": len(contents[name]["x"][0]),
                        "rows": len(contents[name]["y"]),
                        "outputs": outputs}
                 for name, outputs in OUTPUTS.items()}}


def words() -> dict[str, str]:
    """What the scripts write; {name} is theirs."""
    return {
        "input": _("input"),
        "output": _("output"),
        "hidden": _("hidden {layer}"),
        "one_hidden": _("hidden layer {layer}, unit {unit}"),
        "one_output": _("output"),
        "one_class": _("output for class {unit}"),
        "image_sum": _("the image, weighted and summed"),
        "loss": _("loss {loss}"),
        "accuracy": _(", accuracy {accuracy} %"),
        "equal": _(", so far the same loss"),
        "untrained": _("not trained yet"),
        "diverged": _("diverged: the loss of step {step} is not a number"),
        "plane": _("What the net answers: the deeper the colour, the surer "
                   "it is. On the line both classes are equally likely."),
        "line": _("The line is what the net answers, the points are what it "
                  "learned from."),
        "image": _("Below each digit is what the net answers, in red where it "
                   "is wrong."),
        "impossible": _("{part} is not possible here. Possible: {wanted}"),
        "bad_address": _("The address says {part}, which is not possible "
                         "here. Possible: {wanted}. Below is what the page "
                         "shows without an address.")}


def _field(label: str, field: str, kind: str = "") -> str:
    return f'<label class="{kind}"><span>{label}</span> {field}</label>'


def _menu(name: str, options: Iterable[str] | dict[str, str],
          label: str = "") -> str:
    """A menu; with a label for those who do not see what is above it."""
    shown = options if isinstance(options, dict) else {
        one: one for one in options}
    named = f' aria-label="{label}"' if label else ""
    return f'<select name="{name}"{named}>' + "".join(
        f'<option value="{value}">{html.escape(words)}</option>'
        for value, words in shown.items()) + "</select>"


def _number(name: str, most: int | None = None) -> str:
    limit = "" if most is None else f' max="{most}"'
    return f'<input type="number" name="{name}" min="0"{limit}>'


def _button(name: str, label: str, more: str = "") -> str:
    return (f'<button type="button" data-do="{name}" {more}>{label}'
            "</button>")


def runner() -> str:
    """The buttons that train, and the bug."""
    run, pause, copied = _("Run"), _("Pause"), _("Copied")
    copy, failed = _("Copy link"), _("It is in the address bar")
    step, card = _("step"), _("Its card in the museum")
    speeds = "".join(f"<option value={n}>{n}\u00d7</option>" for n in SPEEDS)
    parts = [
        _button("run", run,
                f'class="go" data-run="{run}" data-pause="{pause}"'),
        _button("step", _("Step")),
        _button("reset", _("Reset")),
        _field(_("speed"), f'<select data-do="speed">{speeds}</select>'),
        f'<p class="steps">{step} <strong class="count">0</strong></p>',
        _field(_("bug"), _menu("bug", {"": _("none")}), "choose-bug"),
        _button("copy", copy, f'data-copy="{copy}" data-copied="{copied}" '
                f'data-failed="{failed}"'),
        '<p class="about-bug" hidden><q></q> '
        f'<a href="bugs.html">{card}</a></p>']
    return f'<div class="runner">{"".join(parts)}</div>'


def layer() -> str:
    """The fields of one hidden layer; {layer} is for form.js."""
    fewer, more, remove, units = (
        _("fewer units in hidden layer {layer}"),
        _("more units in hidden layer {layer}"),
        _("remove hidden layer {layer}"), _("units of hidden layer {layer}"))
    return (
        "<template><li><span></span>"
        f'<button type="button" value="fewer" aria-label="{fewer}">'
        "\u2212</button>"
        f'<input type="number" name="net" min="1" max="{WIDTH}" '
        f'aria-label="{units}">'
        f'<button type="button" value="more" aria-label="{more}">+</button>'
        f'<button type="button" value="remove" aria-label="{remove}">'
        "\u00d7</button></li></template>")


def controls(optimizers: Iterable[str]) -> str:
    """What can be chosen, but for the bug."""
    data = {"blobs": _("two clusters"), "parabola": _("a parabola"),
            "digits": _("digits")}
    rate, add = _("learning rate"), _("Add a hidden layer")
    slider = ('<input type="range" name="rate" min="0" max="29" '
              f'aria-label="{rate}">')
    groups = [
        (_("Data"), [
            _menu("data", data, _("data")),
            _field(_("batch (0: all)"), _number("batch")),
            _field(_("seed"), _number("seed"))]),
        (_("Net"), [
            layer(), '<ol class="layers"></ol>',
            f'<button type="button" value="add">{add}</button>',
            _field(_("activation"), _menu("act", ACTIVATIONS)),
            _field(_("loss"), _menu("loss", []), "wide")]),
        (_("Optimiser"), [
            _menu("opt", [*optimizers], _("optimiser")),
            _field("<code>lr</code>", _number("lr")), slider,
            '<div class="options"></div>'])]
    return '<div class="controls">' + "".join(
        f"<fieldset><legend>{name}</legend>{''.join(fields)}</fieldset>"
        for name, fields in groups) + "</div>"


def panel(kind: str, name: str) -> str:
    """A net, and the picture of what it answers."""
    picture = _("Picture: what the net, or the unit that is pressed, answers")
    hidden = " hidden" if kind == "wrong" else ""
    return (
        f'<section class="panel {kind}" data-kind="{kind}" '
        f'aria-label="{name}"{hidden}><p class="said">'
        f"<strong>{name}</strong> <output></output></p>"
        '<div class="net"><svg aria-hidden="true" '
        'preserveAspectRatio="none"></svg></div>'
        '<div class="seen"><canvas class="picture" role="img" '
        f'aria-label="{picture}"></canvas><p class="formula"></p></div>'
        "</section>")


def as_html() -> str:
    """The whole board, with its data as JSON."""
    contents = playground.contents()
    page = json.dumps(
        {"data": contents, "spec": spec(contents), "words": words()},
        separators=(",", ":"),
        ensure_ascii=False).replace("</", "<\\/")
    losses, script = _("The loss of each step"), _("It needs JavaScript.")
    panels = (panel("right", _("without the bug"))
              + panel("wrong", _("with the bug")))
    return (
        '<form class="playground"><script type="application/json">'
        f'{page}</script><noscript>{script}</noscript>'
        f'{runner()}<p class="trouble" role="alert" hidden></p>'
        f'{controls(contents["optimizers"])}'
        f'<div class="panels">{panels}'
        f'<figure class="losses"><figcaption>{losses}</figcaption>'
        f'<svg role="img" aria-label="{losses}"></svg></figure>'
        "</div></form>")


class Playground(SphinxDirective):
    """The directive `playground`."""

    def run(self):
        if self.env.app.builder.format != "html":
            return []
        for name in ("docs/site/board.py", "docs/site/playground.py",
                     "docs/site/static/bugs.js", "scratch/optim.py"):
            self.env.note_dependency(str(ROOT / name))
        self.env.metadata[self.env.docname]["playground"] = True
        return [nodes.raw("", as_html(), format="html")]


def add_files(app, pagename, templatename, context, doctree) -> None:
    """Only a page with a playground loads its scripts."""
    if "playground" in app.env.metadata.get(pagename, {}):
        for name in STYLES:
            app.add_css_file(name)
        for name in SCRIPTS:
            app.add_js_file(name)


def setup(app):
    """Called by Sphinx."""
    app.add_directive("playground", Playground)
    app.connect("html-page-context", add_files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
