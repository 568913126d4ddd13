"""Which generators a call draws from: those it is given, and no other."""

import itertools
import pickle
import random

import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st

from scratch.front_door.lesson import WINGS
from tests.across.odd_calls import CALLS
from tests.across.outcomes import outcome
from tests.compare.closeness import same
from tests.compare.draw import generators


def global_states():
    """The state of every global generator: torch's, NumPy's, Python's."""
    return [torch.get_rng_state().tolist(), random.getstate(),
            pickle.dumps(np.random.get_state())]


@pytest.mark.parametrize("name", CALLS)
def test_the_global_generators_are_untouched(name, tmp_path):
    """No public name draws from a global generator, or seeds one.

    But for `init` and `dropout`, if they are given none; test_init.py and
    test_dropout.py check that. The model of each call is built inside the
    check.
    """
    for wing in WINGS:
        for with_one in True, False:
            folder = tmp_path / f"{wing.name} {with_one}"
            folder.mkdir()
            before = global_states()
            arguments = CALLS[name](wing, folder)
            if with_one or "generator" not in arguments:
                assert outcome(name, wing, arguments).raised is None
            elif name != "checkpoint.save" and not name.startswith(
                    ("init.", "dropout.")):
                # Without one, a call may raise, but not draw.
                del arguments["generator"]
                outcome(name, wing, arguments)
            assert global_states() == before


def test_batches_without_a_generator():
    """In order, no generator is needed, and none is drawn from."""
    for wing in WINGS:
        before = global_states()
        rows = list(wing.data.batches(torch.arange(5), batch_size=2))
        assert [batch.tolist() for batch, in rows] == [[0, 1], [2, 3], [4]]
        assert global_states() == before


@given(seed=generators(), size=st.integers(1, 9),
       batch_size=st.integers(1, 10), shuffle=st.booleans(),
       drop_last=st.booleans())
@example(seed=0, size=5, batch_size=2, shuffle=True, drop_last=False)
@example(seed=0, size=4, batch_size=2, shuffle=True, drop_last=False)
@example(seed=0, size=5, batch_size=2, shuffle=True, drop_last=True)
def test_a_generator_after_any_batch(seed, size, batch_size, shuffle,
                                     drop_last):
    """After any number of batches both sides' generators are equal.

    So what stops within an epoch is followed by the same order.
    """
    both = [torch.Generator().manual_seed(seed) for _ in WINGS]
    dealt = [wing.data.batches(
        torch.arange(size), batch_size=batch_size, shuffle=shuffle,
        drop_last=drop_last, generator=generator)
        for wing, generator in zip(WINGS, both)]
    hand, ref = both
    same(hand.get_state(), ref.get_state())
    for (rows,), (ref_rows,) in itertools.zip_longest(*dealt):
        same(rows, ref_rows)
        same(hand.get_state(), ref.get_state())
    same(hand.get_state(), ref.get_state())


def stopped(topic, wing, steps, options):
    """Train for some steps; then the rows of the next epoch's batches."""
    x, y = torch.arange(12.0).reshape(6, 2).sin(), torch.arange(6) % 2
    generator = torch.Generator().manual_seed(3)
    if topic == "softmax_regression":
        model = wing.softmax_regression.SoftmaxRegression(2, 2)
        training = wing.softmax_regression.train(
            model, x, y, epochs=3, generator=generator, **options)
    elif topic == "mlp":
        model = wing.mlp.MLP([2, 3, 2])
        training = wing.mlp.train(
            model, wing.losses.cross_entropy, x, y, 0.1, 3,
            generator=generator, **options)
    else:
        model = wing.softmax_regression.SoftmaxRegression(2, 2)
        training = wing.backprop.train(
            model, wing.backprop.softmax_regression_gradients, x, y, 0.1, 3,
            generator=generator, **options)
    for _ in itertools.islice(training, steps):
        pass
    del training
    following = wing.data.batches(x, y, shuffle=True, generator=generator,
                                  **options)
    return generator.get_state(), torch.cat([rows for rows, _ in following])


@pytest.mark.parametrize("batch_size", [2, 4, 5, 6, 7])
@pytest.mark.parametrize("topic", ["softmax_regression", "mlp", "backprop"])
def test_a_training_that_stops_within_an_epoch(topic, batch_size):
    """Wherever it stops, the next epoch has one order on both sides."""
    for steps in range(10):
        hand, ref = (stopped(topic, wing, steps, {"batch_size": batch_size})
                     for wing in WINGS)
        same(hand[0], ref[0])
        same(hand[1], ref[1])
