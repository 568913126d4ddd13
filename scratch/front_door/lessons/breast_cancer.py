"""Benign or malignant, from 30 measurements of a tumour."""

from scratch import data
from scratch.front_door.gap import Side
from scratch.front_door.lesson import Lesson, both, by_epoch, correct


class BreastCancer(Lesson):
    """569 tumours, 30 measurements, 30-32-64-1."""

    name = "breast_cancer"
    topic = "mlp"
    lr, epochs, batch_size = 0.01, 700, 64
    backprop = True

    def data(self, seed):
        """All rows; every column has mean 0 and std 1."""
        x, y = data.breast_cancer()
        return data.standardize(x, x), y

    def side(self, wing, label):
        """Mini-batches of 64, always in the order of the table."""
        model = self.net(wing, [30, 32, 64, 1])
        y = self.column()
        training = self.by_backprop(
            wing, "mlp", model, y) or wing.mlp.train(
            model, wing.losses.binary_cross_entropy_with_logits, self.x,
            y, self.lr, self.epochs, self.batch_size)
        return Side(model, training,
                    self.accuracy(wing, wing.mlp, model))

    def draw(self, axes):
        """The mean loss of each epoch."""
        run = self.runs[0]
        hand = by_epoch(run.hand.losses, self)
        both(axes, range(1, len(hand) + 1), hand,
             by_epoch(run.torch.losses, self))
        axes.set(yscale="log", xlabel="epoch", ylabel="loss",
                 title="30-32-64-1 net: mean loss of an epoch\n"
                       f"{correct(self)}")
