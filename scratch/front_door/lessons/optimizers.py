"""The race of the optimisers."""

from scratch import data
from scratch.front_door.gap import Side
from scratch.front_door.lesson import Lesson, both, by_epoch


class Optimizers(Lesson):
    """Four optimisers race on one net, 1-20-1."""

    name = "optimizers"
    topic = "optim"
    lr, epochs, batch_size = 0.01, 12, 32
    labels = ("SGD", "momentum", "RMSprop", "Adam")

    def data(self, seed):
        """A parabola with normal noise, 1,000 points."""
        return data.parabola(1000, uniform=0.0, normal=0.1,
                             generator=seed)

    def side(self, wing, label):
        """Same initial weights and same mini-batches for each."""
        model = self.net(wing, [1, 20, 1])
        params, lr, optim = model.parameters(), self.lr, wing.optim
        optimizer = {
            "SGD": lambda: optim.SGD(params, lr),
            "momentum": lambda: optim.SGD(params, lr, momentum=0.8),
            "RMSprop": lambda: optim.RMSprop(params, lr, alpha=0.9),
            "Adam": lambda: optim.Adam(params, lr, betas=(0.9, 0.99)),
        }[label]()
        return Side(model, wing.mlp.train_with(
            optimizer, model, wing.losses.mse_loss, self.x, self.y,
            self.epochs, self.batch_size, self.generator()))

    def draw(self, axes):
        """The mean loss of each epoch, one curve per optimiser."""
        for i, run in enumerate(self.runs):
            hand = by_epoch(run.hand.losses, self)
            both(axes, range(1, len(hand) + 1), hand,
                 by_epoch(run.torch.losses, self), run.label, f"C{i}")
        axes.set(yscale="log", xlabel="epoch", ylabel="loss",
                 title="1-20-1 net, four optimisers:\n"
                       "mean loss of an epoch")
        axes.legend(loc="upper right", ncols=2, fontsize="small")
        axes.set_ylim(top=2 * axes.get_ylim()[1])
