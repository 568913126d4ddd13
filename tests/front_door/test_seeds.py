"""Every option of the lessons changes what it names, and nothing else.

Each example draws some of the options. What the front door then trains
is trained once more by the test, from its own data and recipes.
"""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.compare.draw import generators
from tests.front_door.apart import alike
from tests.front_door.command import printed, records
from tests.front_door.written_out import (IMAGES, KEEP, LESSONS, RACE,
                                          train)

BACKPROP = ["linear_regression", "softmax_regression", "breast_cancer"]
BOUND = {"float64": 1e-12, "float32": 2e-3}


def few_epochs(name):
    """The largest number of epochs to draw, so that a test is quick."""
    if name in ("optimizers", "small_cnn"):
        return 1
    return 2 if LESSONS[name][4] else 12


def check(record, name, options, folder):
    """The record is that of a training with these options."""
    dtype = options.get("--dtype", "float64")
    seed, data = options.get("--seed", 0), options.get("--data", "digits")
    lr, epochs = LESSONS[name][2:4]
    if name == "softmax_regression":
        lr, epochs, _ = IMAGES[data]
    lr = options.get("--lr", lr)
    epochs = options.get("--epochs", epochs)
    assert {key: record[key] for key in record if key != "runs"} == {
        "lesson": name, "agree": True, "bound": BOUND[dtype],
        "dtype": dtype, "device": "cpu", "seed": seed,
        "data": data if name == "softmax_regression" else None,
        "backprop": "--backprop" in options,
        "autograd": "--autograd" in options, "lr": lr, "epochs": epochs}
    labels = RACE if name == "optimizers" else [name]
    assert [run["run"] for run in record["runs"]] == [*labels]
    for run in record["runs"]:
        told = train(name, run["run"], seed=seed, epochs=epochs, lr=lr,
                     dtype=dtype, data=data, folder=folder)
        assert run["steps"] == len(told.losses)
        rel = 1e-9 if dtype == "float64" else 1e-3
        for wing in "hand", "torch":
            alike(run[wing]["loss"], told.losses[-1], rel)
            for found, expected in zip(run[wing]["history"], told.history,
                                       strict=True):
                # In float32, a row at the boundary may change sides: one
                # of 40 or more.
                flip = 1 / 40 if dtype == "float32" else 0
                for key in expected:
                    if "accuracy" in key:
                        assert abs(found[key] - expected[key]) <= flip + rel
                    else:
                        alike(found[key], expected[key], rel)
                assert found.keys() == expected.keys()
            if "w" in run[wing]:
                alike([run[wing]["w"], run[wing]["b"]],
                      told.parameters[-1].tolist(), rel)


@given(name=st.sampled_from([*LESSONS]), data=st.data())
@settings(max_examples=30)
def test_every_option(name, data, folder):
    """The seed draws data, initial weights and order; all else is as said.

    What is not given keeps the lesson's own value.
    """
    options = data.draw(st.fixed_dictionaries(
        {"--epochs": st.integers(1, few_epochs(name))},
        optional={"--seed": generators(),
                  "--lr": st.sampled_from([1e-3, 3e-3, 0.02]),
                  "--dtype": st.sampled_from(
                      [*BOUND][:1 if name == "small_cnn" else 2]),
                  "--device": st.sampled_from(["cpu", "auto"])}))
    gradients = data.draw(st.sampled_from(["", "--backprop", "--autograd"]))
    if name in BACKPROP and gradients:
        options[gradients] = None
    if name == "softmax_regression":
        options["--data"] = data.draw(st.sampled_from([*IMAGES]))
    argv = [str(word) for pair in options.items() for word in pair
            if word is not None]
    (record,), code = records(*name.split(), *argv, "--data-dir",
                              str(folder))
    assert code == 0
    check(record, name, options, folder)


@pytest.mark.parametrize("data", ["mnist", "fashion"])
def test_the_recipe_of_images(data, folder):
    """Without options: lr, epochs and gamma of each set of images."""
    (record,), code = records("softmax_regression", "--data", data,
                              "--data-dir", str(folder))
    assert code == 0 and len(record["runs"][0]["hand"]["history"]) == 4
    check(record, "softmax_regression", {"--data": data}, folder)


def without_seconds(record):
    """The numbers of a record that a second run repeats."""
    for run in record["runs"]:
        del run["hand"]["seconds"], run["torch"]["seconds"]
    return record


@pytest.mark.parametrize("more", [
    ["--figure", "a.svg"], ["--animate", "a.gif"], ["--quiet"],
    ["--device", "cpu"], ["--data", "digits"], ["--seed", "0"],
    ["--dtype", "float64"], ["--lr", "0.5"], ["--data-dir", "nowhere"]])
def test_other_options_change_no_number(more):
    """To draw, to be quiet, or to name the default changes no number."""
    names = ["softmax_regression" if "--data" in more else
             "regression_net", "--epochs", "2"]
    (expected,), _ = records(*names)
    code, out, err = printed(*names, *more, "--json")
    assert (code, err) == (0, "")
    assert without_seconds(json.loads(out)) == without_seconds(expected)


def test_lessons_do_not_change_each_other():
    """Alone or among all others, a lesson has the same numbers."""
    names = [name for name in LESSONS if name != KEEP]
    every, code = records("--epochs", "1")
    assert (code, len(every)) == (0, len(LESSONS))
    for record in every:
        (alone,), _ = records(*record["lesson"].split(), "--epochs", "1")
        assert without_seconds(alone) == without_seconds(record)
    backwards, _ = records(*names[::-1], "--epochs", "1")
    assert [record["lesson"] for record in backwards] == names[::-1]
