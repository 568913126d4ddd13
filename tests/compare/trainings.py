"""Two trainings of one model, held together step by step."""

from itertools import zip_longest

import torch

from tests.compare.closeness import close, same


def cast(model, dtype: torch.dtype):
    """The model of either side, its parameters in another dtype."""
    for p in model.parameters():
        p.data = p.data.to(dtype)
    return model


def hold_together(hand, hand_training, ref, ref_training, count: float,
                  scale: float) -> list[float]:
    """Both take the same steps; return the losses.

    After step t the losses and every parameter are at most t * count
    eps of a scale apart: `scale`, or the largest parameter or loss
    seen, for in a run that diverges the rounding grows with them.
    """
    losses = []
    for t, (loss, ref_loss) in enumerate(
            zip_longest(hand_training, ref_training), start=1):
        assert loss is not None and ref_loss is not None, f"stop at {t}"
        losses.append(loss)
        parameters = list(ref.parameters())
        scale = max(scale, *[p.abs().max().item() for p in parameters])
        for p, q in zip(hand.parameters(), parameters, strict=True):
            assert p.grad is None or q.grad is not None, (
                f"step {t}: by hand the gradient {p.grad.tolist()} is left, "
                "by torch it is cleared")
            close(p.data, q.data, t * count, scale)
        close(parameters[0].new_tensor(loss),
              parameters[0].new_tensor(ref_loss),
              t * count, max(scale, *losses))
    return losses


def same_parameters(hand, ref) -> None:
    """Equal to the bit."""
    for p, q in zip(hand.parameters(), ref.parameters(), strict=True):
        same(p.data, q.data)
