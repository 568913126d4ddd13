"""The numbers and pictures of docs/softmax_regression.md."""

from functools import cache

import matplotlib.pyplot as plt

from docs.site.experiment import Experiment
from docs.site.words import _
from scratch.activations import softmax
from scratch.data import digits, train_test_split
from scratch.softmax_regression import SoftmaxRegression, evaluate, train

X, X_TEST, Y, Y_TEST = train_test_split(*digits(), generator=0)
# The lesson's recipe.
LR, EPOCHS, BATCH = 0.5, 30, 64
# The last batch of an epoch is partial.
BATCHES = len(X) // BATCH + 1
# Pixels without ink in every training image.
BLANK = (X == 0).all(dim=0)
# A test image, a 5 that looks like a 9 for a while.
CHOSEN = 15
# Growing steps, for the slider.
SHOWN = sorted({round(1.16 ** i) for i in range(44)} | {690})


@cache
def lesson():
    """The model, and after each step the chosen image's probabilities."""
    model, history = SoftmaxRegression(), []
    for _loss in train(model, X, Y, LR, EPOCHS, BATCH):
        logits = model(X_TEST[CHOSEN:CHOSEN + 1]).detach()
        history.append(softmax(logits, dim=1)[0])
    return model, history


def picture():
    """The ten rows of W as images."""
    w = lesson()[0].w.detach().reshape(10, 8, 8)
    limit = w.abs().max().item()
    figure, rows = plt.subplots(2, 5)
    for digit, axes in enumerate(rows.flat):
        image = axes.imshow(w[digit], cmap="RdBu_r", vmin=-limit,
                            vmax=limit)
        axes.set(title=_("row {n}").format(n=digit), xticks=[], yticks=[])
    figure.colorbar(image, ax=rows, label=_("weight"), shrink=0.8)


def hole():
    """The lowest of the four middle weights of row 0."""
    return lesson()[0].w[0].reshape(8, 8)[3:5, 3:5].min().item()


def rim():
    """The mean weight of row 0 at the 12 darkest pixels of the mean 0."""
    ink = X[Y == 0].mean(dim=0)
    return lesson()[0].w[0, ink.topk(12).indices].mean().item()


# The learning rate's decay.

@cache
def by_epoch(gamma, epochs):
    """The test loss before and after each epoch."""
    model, losses = SoftmaxRegression(), []
    losses.append(evaluate(model, X_TEST, Y_TEST)[0])
    training = train(model, X, Y, LR, epochs, BATCH, gamma)
    for step, _loss in enumerate(training, 1):
        if step % BATCHES == 0:
            losses.append(evaluate(model, X_TEST, Y_TEST)[0])
    return losses


@cache
def last_epoch(gamma, epochs=10):
    """The test loss after each step of the last epoch."""
    model, losses = SoftmaxRegression(), []
    training = train(model, X, Y, LR, epochs, BATCH, gamma)
    for step, _loss in enumerate(training, 1):
        if step > BATCHES * (epochs - 1):
            losses.append(evaluate(model, X_TEST, Y_TEST)[0])
    return losses


def swing(gamma):
    """Highest less lowest test loss in epoch 10."""
    return max(last_epoch(gamma)) - min(last_epoch(gamma))


def one_image():
    """The ten probabilities of one image."""
    _model, history = lesson()
    right = Y_TEST[CHOSEN].item()
    captions, frames = [], []
    for step in SHOWN:
        p = history[step - 1]
        taken = p.argmax().item()
        captions.append(_(
            "step {n}: the image is a {right}, P({right}) = {q:.3f}; the "
            "largest is P({taken}) = {p:.3f}").format(
                n=step, right=right, taken=taken, p=p[taken].item(),
                q=p[right].item()))
        # the outline of ten bars
        frames.append([(c + side, height) for c in range(10)
                       for side, height in zip(
                           (-0.3, -0.3, 0.3, 0.3),
                           (0.0, p[c].item(), p[c].item(), 0.0))])
    return Experiment(_("class"), _("probability"), (-0.5, 9.5),
                      (0.0, 1.0), captions,
                      lines={_("softmax of the logits"): frames}, start=14)


def decay():
    """The test loss after each of ten epochs, for each gamma."""
    gammas = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    frames, captions = [], []
    for gamma in gammas:
        losses = by_epoch(gamma, 10)
        frames.append([(float(n), loss) for n, loss in enumerate(losses)])
        captions.append(_(
            "gamma {gamma:.1f}: lr {lr:.2g} in the last epoch, test loss "
            "{loss:.3f}").format(gamma=gamma, lr=LR * gamma ** 9,
                                 loss=losses[-1]))
    return Experiment(_("epoch"), _("test loss"), (0.0, 10.0), (0.0, 2.4),
                      captions, lines={_("after each epoch"): frames},
                      start=2)
