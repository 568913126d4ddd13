"""The net that trains in the page takes the same steps as scratch.

All is trained in one visit of a browser, and again by scratch.
"""

import json

import pytest
import torch

pytest.importorskip("sphinx")

from docs.site.board import SCRIPTS as BOARD  # noqa: E402
from docs.site.playground import STATIC, contents  # noqa: E402
from scratch import activations  # noqa: E402
from scratch.data import digits  # noqa: E402
from scratch.front_door.source import ROOT  # noqa: E402
from tests.compare.closeness import close  # noqa: E402
from tests.museum import BUGS  # noqa: E402
from tests.site.choices import (BASE, CHOICES, DRAWN, LOOKS,  # noqa: E402
                                MODELS, REJECTED, STEPS, label)
from tests.site.steps import (EPS, compare, tables, taken,  # noqa: E402
                              training)

SCRIPTS = ["generator", "optimizers", "net", "bugs", "run"]
TRAIN = """
const [data, choices, steps, looks] = arguments;
return choices.map((choice) => {
  const run = lectures.net.start(choice, data), parameters = {};
  const all = () => run.layers.flatMap(
    ({weight, bias}) => [[...weight], [...bias]]);
  parameters[0] = all();
  while (run.step_count < steps && !run.diverged) {
    run.step();
    if (looks.includes(run.step_count)) parameters[run.step_count] = all();
  }
  return {losses: run.losses, parameters,
          offered: lectures.net.bugs(choice)};
});"""

AFTER_A_STEP = """
const [choice, data] = arguments, run = lectures.net.start(choice, data);
run.step();
const {x, y} = lectures.net.table(data, choice.data);
const {outputs, hidden} = run.output(x, y.length);
return {outputs: [[...outputs]], hidden: hidden.map((h) => [...h]),
        gradients: run.gradients.flatMap(
          ({weight, bias}) => [[...weight], [...bias]]),
        accuracy: run.accuracy()};"""
MESSAGE = """
try {
  lectures.net.start(...arguments).step();
  return "";
} catch (error) {
  return error.message;
}"""


@pytest.fixture(scope="module")
def page(browser, tmp_path_factory):
    """A page with the scripts only, and a function that calls them."""
    path = tmp_path_factory.mktemp("playground") / "index.html"
    path.write_text("".join(
        f'<script src="{(ROOT / "docs/site/static").as_uri()}/{name}.js">'
        "</script>" for name in SCRIPTS))
    browser.get(path.as_uri())
    browser.set_script_timeout(300)
    return browser.execute_script


@pytest.fixture(scope="module")
def data():
    """What Python gives to the page, as JSON delivers it."""
    return json.loads(json.dumps(contents()))


@pytest.fixture(scope="module")
def trained(page, data):
    """What the page computes for each choice."""
    choices = CHOICES + DRAWN
    found = page(TRAIN, data, choices, STEPS, LOOKS)
    return {label(choice): run for choice, run in zip(choices, found)}


@pytest.fixture(scope="module")
def by_scratch(data):
    """A function: what scratch computes for a choice.

    The start may be multiplied by a factor.
    """
    known = {}

    def found(choice, factor=1.0):
        key = json.dumps([choice, factor])
        if key not in known:
            torch.set_default_dtype(torch.float64)
            params, losses = training(choice, data)
            for p in params:
                p.data.mul_(factor)
            known[key] = taken(params, losses)
        return known[key]

    return found


@pytest.mark.parametrize("choice", CHOICES, ids=label)
def test_the_same_steps(trained, by_scratch, choice):
    """Losses and parameters are those of scratch, with the bug or not."""
    run = trained[label(choice)]
    compare(run, by_scratch(choice))
    assert choice["bug"] == "" or choice["bug"] in run["offered"]


@pytest.mark.parametrize("choice", DRAWN, ids=label)
def test_choices_at_random(trained, by_scratch, choice):
    """So they are for any widths and any seed."""
    compare(trained[label(choice)], by_scratch(choice),
            near=by_scratch(choice, factor=1 + EPS))


@pytest.mark.parametrize("choice", [
    choice for choice in CHOICES if choice["bug"]], ids=label)
def test_a_bug_is_no_longer_right(trained, by_scratch, choice):
    """Without the bug scratch takes other steps: so the bug matters."""
    with pytest.raises(AssertionError):
        compare(trained[label(choice)], by_scratch({**choice, "bug": ""}))


def test_starts_and_orders(page):
    """From any seed, the start and the orders are torch's to the bit."""
    seeds = [0, 1, 42, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1]
    sizes = [1, 2, 3, 200, 1797]
    found = page("""
        return arguments[0].map((seed) => {
          const generator = new lectures.Generator(seed);
          const drawn = new Float64Array(700);
          generator.uniform_(drawn, 1 / 3 ** 0.5);
          return [[...drawn], arguments[1].map(
            (n) => generator.randperm(n))];
        })""", seeds, sizes)
    for seed, (drawn, orders) in zip(seeds, found):
        generator = torch.Generator().manual_seed(seed)
        bound = 1 / 3 ** 0.5
        assert drawn == torch.empty(700, dtype=torch.float64).uniform_(
            -bound, bound, generator=generator).tolist()
        assert orders == [torch.randperm(n, generator=generator).tolist()
                          for n in sizes]


def test_what_python_gives(page, data):
    """Options and defaults are those of scratch; bugs have a thought."""
    assert page("""
        const optimizers = lectures.optimizers();
        return Object.fromEntries(Object.entries(optimizers).map(
          ([name, one]) => [name, one.defaults]))""") == data["optimizers"]
    names = page("""
        return Object.values(lectures.bugs.BUGS).flatMap(
          (bugs) => Object.keys(bugs))""")
    assert data["bugs"] == {name: BUGS[name].thought for name in names}
    x, y = digits()
    images, labels = tables(data, "digits")
    assert images.equal(x[:len(images)].double())
    assert labels.equal(y[:len(images)])


@pytest.mark.parametrize("choice", MODELS, ids=lambda choice: label(
    {**BASE, **choice}))
def test_after_a_step(page, data, choice):
    """Gradients, hidden layers, outputs and accuracy are scratch's."""
    choice = {**BASE, **choice}
    found = page(AFTER_A_STEP, choice, data)
    torch.set_default_dtype(torch.float64)
    # Where nothing clears them, the gradients are still there.
    params, losses = training({**choice, "bug": "zero-grad-forgotten"}, data)
    next(losses)
    activation = getattr(activations, choice["activation"])
    h, y = tables(data, choice["data"])
    hidden = []
    layers = [*zip(params[::2], params[1::2])]
    for weight, bias in layers[:-1]:
        h = activation(h @ weight.T + bias)
        hidden.append(h)
    weight, bias = layers[-1]
    outputs = h @ weight.T + bias
    for name, right in {"gradients": [p.grad for p in params],
                        "hidden": hidden, "outputs": [outputs]}.items():
        for hand, ref in zip(found[name], right, strict=True):
            # A gradient may be 0, where terms of about 1 cancel.
            ref = ref.detach().flatten()
            close(torch.tensor(hand), ref, 34, max(1, ref.abs().max()))
    labels = (outputs[:, 0] > 0 if outputs.shape[1] == 1
              else outputs.argmax(dim=1))
    assert found["accuracy"] == (
        None if choice["loss"] == "mse_loss"
        else (labels == y).double().mean().item())


@pytest.mark.parametrize("choice", REJECTED, ids=str)
def test_rejected(page, data, choice):
    """What has no meaning is rejected with the message of scratch."""
    torch.set_default_dtype(torch.float64)
    choice = {**BASE, **choice}
    with pytest.raises(Exception) as caught:
        next(training(choice, data)[1])
    assert page(MESSAGE, choice, data) == str(caught.value)


@pytest.mark.parametrize("choice, message", [
    ({"data": "moons"}, "data must be blobs, parabola or digits, got 'moons'"),
    ({"activation": "gelu"},
     "activation must be relu, sigmoid or tanh, got 'gelu'"),
    ({"loss": "l1_loss"}, "loss must be mse_loss, cross_entropy or "
     "binary_cross_entropy_with_logits, got 'l1_loss'"),
    ({"optimizer": "Lion"}, "optimizer must be SGD, RMSprop, Adagrad, Adam "
     "or AdamW, got 'Lion'"),
    ({"widths": [3, 2]}, "widths must start with 2, the features of blobs, "
     "got 3"),
    ({"seed": -1}, "seed must be at least 0, got -1"),
    ({"seed": 0.5}, "seed must be an integer, got 0.5")], ids=str)
def test_rejected_by_the_page(page, data, choice, message):
    """So is what only the page has a name for."""
    assert page(MESSAGE, {**BASE, **choice}, data) == message


def test_not_a_number(page, data):
    """An empty field of a form is NaN, which is rejected, too."""
    assert page("""
        try {
          lectures.net.start({...arguments[0], options: {lr: NaN}},
                             arguments[1]);
          return "";
        } catch (error) {
          return error.message;
        }""", BASE, data) == "lr must be at least 0, got NaN"


def test_a_bug_that_does_not_matter_is_rejected(page, data):
    """Adam's bugs are not offered for SGD, nor planted."""
    message = page(MESSAGE, {**BASE, "bug": "adam-no-t"}, data)
    assert "sgd-ascent" in message and "adam" not in message.split("got")[0]


def test_the_scripts_are_small():
    """Under 60 KiB in all, not counting comments; the others load them."""
    code = [line for name in BOARD
            for line in (STATIC / name).read_text().splitlines(True)
            if not line.lstrip().startswith("//")]
    assert len("".join(code).encode()) < 60 * 1024
    assert {f"{name}.js" for name in SCRIPTS} < set(BOARD)
