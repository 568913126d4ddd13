"""Two trainings of one model, compared after each step."""

from itertools import zip_longest

import torch

from tests.compare.closeness import close, same

# A failing test shows its own lines; of these only the message.
__tracebackhide__ = True


def cast(model, dtype: torch.dtype):
    """Convert the parameters of either side's model; return it.

    The running statistics of a norm, too, but not torch's counters.
    """
    buffers = model.buffers() if hasattr(model, "buffers") else []
    for p in [*model.parameters(), *buffers]:
        if p.is_floating_point():
            p.data = p.data.to(dtype)
    return model


def compare_trainings(hand, hand_training, ref, ref_training, count: float,
                      scale: float) -> list[float]:
    """Check that two trainings take the same steps; return the losses.

    There is at least one step. Each updates the parameters in place and
    yields a float. After step t the two losses, and each pair of
    parameters, differ by at most t * count eps of a scale: `scale`, or
    the largest parameter or loss so far, because rounding errors grow
    with them.
    """
    losses = []
    places = [p.data_ptr() for p in hand.parameters()]
    for t, (loss, ref_loss) in enumerate(
            zip_longest(hand_training, ref_training), start=1):
        assert loss is not None and ref_loss is not None, (
            f"one training has {t - 1} steps, the other more")
        assert type(loss) is type(ref_loss) is float
        losses.append(loss)
        assert places == [p.data_ptr() for p in hand.parameters()]
        parameters = list(ref.parameters())
        scale = max(scale, *[p.abs().max().item() for p in parameters])
        for p, q in zip(hand.parameters(), parameters, strict=True):
            assert p.grad is None or q.grad is not None, (
                f"step {t}: the gradient must be None, as by torch, got "
                f"{p.grad.tolist()}")
            close(p.data, q.data, t * count, scale)
        close(parameters[0].new_tensor(loss),
              parameters[0].new_tensor(ref_loss),
              t * count, max(scale, *losses))
    assert losses, "the trainings have no step"
    return losses


def same_parameters(hand, ref) -> None:
    """Check that all parameters are equal to the bit."""
    for p, q in zip(hand.parameters(), ref.parameters(), strict=True):
        same(p.data, q.data)
