"""Each test shows a surprise in torch itself.

If a test fails, torch has changed, probably for the better: delete the
test.
"""

import warnings

import pytest
import torch
import torch.nn.functional as F

import scratch.activations
import scratch.convolution
import scratch.losses
import scratch.normalization
import scratch.optim
import torch_ref.convolution
import torch_ref.optim


def gradient(function, x):
    """The gradient of a function at one number, in float32."""
    x = torch.tensor([x], requires_grad=True)
    function(x).sum().backward()
    return x.grad.item()


def test_cross_entropy_from_logits_underflows():
    """y = 0, x <= -17: torch's loss is 0, the true one about exp(x)."""
    x = torch.arange(-80.0, -16.0)
    y = torch.zeros_like(x)
    loss = F.binary_cross_entropy_with_logits(x, y, reduction="none")
    assert loss.eq(0).all()
    hand = scratch.losses.binary_cross_entropy_with_logits(x, y, "none")
    assert torch.allclose(hand.double(), x.double().exp(), rtol=1e-6)


def test_the_gradient_of_sigmoid_vanishes():
    """x = 20: torch's gradient, s (1 - s), is 0; the true one is 2e-9."""
    assert gradient(torch.sigmoid, 20.0) == 0
    assert gradient(scratch.activations.sigmoid, 20.0) == pytest.approx(
        2.0611536e-9, rel=1e-6)


def test_the_gradient_of_tanh_vanishes():
    """x = 10: torch's gradient, 1 - t^2, is 0; the true one is 8e-9."""
    assert gradient(torch.tanh, 10.0) == 0
    assert gradient(scratch.activations.tanh, 10.0) == pytest.approx(
        8.2446145e-9, rel=1e-6)


def test_centered_rmsprop_turns_nan():
    """For a constant gradient the variance, 0, is rounded below 0.

    It happens by hand too: the cause is the formula, not the code.
    """
    for optim in torch.optim, scratch.optim:
        p = torch.zeros(64, requires_grad=True)
        p.grad = torch.linspace(0.1, 7.0, 64)
        optimizer = optim.RMSprop([p], centered=True)
        for _ in range(3000):
            optimizer.step()
        assert p.isnan().any() and not p.isnan().all()


def test_sigmoid_depends_on_the_length():
    """torch.sigmoid of a slice differs from the slice of torch.sigmoid.

    Vector instructions compute most of an array, scalar ones its last
    entries. Without vector instructions the two results agree.
    """
    x = torch.linspace(-90, 20, 1001)
    whole = torch.sigmoid(x)
    alone = torch.stack([torch.sigmoid(number) for number in x])
    if torch.backends.cpu.get_cpu_capability() in ("AVX2", "AVX512"):
        assert not torch.equal(whole, alone)
    else:
        assert torch.allclose(whole, alone, rtol=1e-6)


def test_softplus_is_x_above_20():
    """F.softplus returns x for x > 20: in float64 that is 2e-9 too low."""
    x = torch.tensor([20.5], dtype=torch.float64)
    assert F.softplus(x) == x
    assert scratch.activations.softplus(x) > x


def test_an_infinite_logit_is_nan():
    """x = -inf, y = 0: the true loss is 0; both sides return NaN."""
    x = torch.tensor([-torch.inf])
    for loss in (F.binary_cross_entropy_with_logits,
                 scratch.losses.binary_cross_entropy_with_logits):
        assert loss(x, torch.zeros(1)).isnan()


def test_rows_against_a_column_only_warns():
    """Torch broadcasts (n, 1) and (n,) to (n, n); by hand they raise."""
    with pytest.warns(UserWarning, match="broadcast"):
        loss = F.mse_loss(torch.zeros(3, 1), torch.arange(3.0))
    assert loss == 5 / 3
    with pytest.raises(ValueError):
        scratch.losses.mse_loss(torch.zeros(3, 1), torch.arange(3.0))


def test_the_label_minus_100_is_skipped():
    """Torch silently skips rows with the label -100; by hand they raise."""
    x = torch.zeros(2, 3)
    assert F.cross_entropy(x, torch.tensor([0, -100])) == F.cross_entropy(
        x[:1], torch.tensor([0]))
    with pytest.raises(IndexError):
        scratch.losses.cross_entropy(x, torch.tensor([0, -100]))


def test_the_loss_of_an_empty_batch_is_nan():
    """The mean over no rows is NaN; by hand it raises.

    Nothing else shows it: the sum over no rows is 0, so the step with
    that loss moves nothing.
    """
    p, rows = torch.ones(1, 1, requires_grad=True), torch.zeros(0, 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        loss = F.mse_loss(rows @ p, rows)
    assert loss.isnan()
    loss.backward()
    assert p.grad == 0
    with pytest.raises(ValueError, match="empty"):
        scratch.losses.mse_loss(rows, rows)


def test_cross_entropy_in_float16_is_nan():
    """p = 0, y = 0: torch's slope is 0 / 0, because 1e-12 is 0 there.

    By hand the loss is computed in float32, and the slope is 0.
    """
    for loss, right in ((F.binary_cross_entropy, False),
                        (scratch.losses.binary_cross_entropy, True)):
        p = torch.zeros(1, dtype=torch.float16, requires_grad=True)
        loss(p, torch.zeros_like(p)).backward()
        assert p.grad.isnan() != right


def test_log_softmax_in_float16_is_infinite():
    """Torch's sum over 70,000 classes is above 65,504, so its log is inf."""
    x = torch.zeros(70_000, dtype=torch.float16)
    assert torch.log_softmax(x, 0).isinf().all()
    assert scratch.activations.log_softmax(x, 0).isfinite().all()


def test_negative_label_smoothing_is_ignored():
    """Torch takes label_smoothing = -1 for 0; by hand it raises."""
    x, y = torch.tensor([[1.0, 0.0]]), torch.tensor([0])
    assert F.cross_entropy(x, y, label_smoothing=-1.0) == F.cross_entropy(
        x, y)
    with pytest.raises(RuntimeError):
        scratch.losses.cross_entropy(x, y, label_smoothing=-1.0)


def test_two_optimisers_share_a_loaded_state():
    """load_state_dict shares memory with the state that it loads."""
    p = torch.ones(2, requires_grad=True)
    p.grad = torch.ones(2)
    first, second = torch.optim.Adam([p]), torch.optim.Adam([p])
    first.step()
    second.load_state_dict(first.state_dict())
    assert (first.state[p]["exp_avg"].data_ptr()
            == second.state[p]["exp_avg"].data_ptr())


def test_adam_turns_into_adamw():
    """Adam with AdamW's state decays the weights as AdamW; ours raise."""
    p = torch.ones(2, requires_grad=True)
    for optim in torch.optim, scratch.optim, torch_ref.optim:
        decoupled, adam = optim.AdamW([p]), optim.Adam([p])
        if optim is torch.optim:
            adam.load_state_dict(decoupled.state_dict())
            assert adam.param_groups[0]["decoupled_weight_decay"]
        else:
            with pytest.raises(ValueError, match="decoupled_weight_decay"):
                adam.load_state_dict(decoupled.state_dict())


def test_the_last_nan_of_a_window():
    """Torch's max-pooling sends the gradient to the last NaN of a window.

    Of equal numbers it takes the first, and so do we, NaN or not.
    """
    nan, one = torch.full((1, 1, 2, 2), torch.nan), torch.ones(1, 1, 1, 1)
    for side, at in ((torch_ref.convolution, 3), (scratch.convolution, 0)):
        for x, winner in ((nan, at), (0 * one.expand(1, 1, 2, 2), 0)):
            found = side.max_pool2d_gradient(x, one, 2).flatten().tolist()
            assert found == [float(i == winner) for i in range(4)]


def test_batch_norm_reads_a_strided_weight_wrongly():
    """Its gradient takes the numbers in memory for the weight.

    The weight 1, 2, 3 has zeros between its numbers. Torch's value is
    right, and so is the gradient of images.
    """
    x = torch.arange(12.0).sin().reshape(4, 3)
    weight = torch.tensor([[1.0, 0.0], [2.0, 0.0], [3.0, 0.0]])[:, 0]
    upstream, found = x.cos(), []
    for w in weight, weight.contiguous():
        given = x.clone().requires_grad_()
        F.batch_norm(given, None, None, w, training=True).backward(upstream)
        found.append(given.grad)
    strided, right = found
    assert torch.equal(strided[:, 0], right[:, 0])
    assert not strided[:, 1].any() and right[:, 1].any()
    hand, _, _ = scratch.normalization.batch_norm_gradients(
        x, weight, upstream)
    assert torch.allclose(hand, right, rtol=0, atol=1e-5)


def test_layer_norm_loses_digits_far_from_0():
    """At 10,000 +- 1, torch's std is wrong by 600 eps; by hand by 30.

    Torch's layer_norm reads the row once: an error in the mean so far
    counts as it is. In two passes it counts only squared.
    """
    x = 10_000 + torch.randn(200, 12, generator=torch.Generator(
    ).manual_seed(0))
    var = x.double().var(dim=1, correction=0, keepdim=True)
    eps = torch.finfo(x.dtype).eps

    def error(function):
        """Of 1 / std, from the difference of two entries of a row."""
        y = function(x, [12]).double()
        wide = x.double()
        i, j = wide.argmax(1, keepdim=True), wide.argmin(1, keepdim=True)
        found = (y.gather(1, i) - y.gather(1, j)) / (
            wide.gather(1, i) - wide.gather(1, j))
        return (found * (var + 1e-5).sqrt() - 1).abs().max() / eps

    assert error(F.layer_norm) > 600
    assert error(scratch.normalization.layer_norm) < 30
