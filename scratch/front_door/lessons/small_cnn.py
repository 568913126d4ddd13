"""Ten digits with two small convolutions, from 8 x 8 images."""

import torch

from scratch import data
from scratch.convolution import conv2d
from scratch.front_door.gap import Side
from scratch.front_door.lesson import Lesson, correct
from scratch.tensors import to_numpy


class SmallCNN(Lesson):
    """Ten digits with two small convolutions."""

    name = "small_cnn"
    topic = "cnn"
    lr, epochs, batch_size = 0.01, 4, 50
    # One rounding error can move the input of a relu across 0, or
    # decide which of two pixels is the larger. In 3 of 20 runs in
    # float32 the two sides then became two different nets.
    float32 = False

    def data(self, seed):
        """The training set; the test set is kept for the accuracy."""
        x, x_test, y, y_test = data.train_test_split(
            *data.digits(), generator=seed)
        self.x_test = x_test.reshape(-1, 1, 8, 8).to(
            self.options.device)
        self.y_test = y_test.to(self.options.device)
        return x.reshape(-1, 1, 8, 8), y

    def side(self, wing, label):
        """Adam on mini-batches of 50, shuffled."""
        topic = wing.cnn
        model = topic.CNN(generator=self.options.seed, channels=(4, 8),
                          size=8, device=self.options.device)
        training = topic.Training(
            model, self.x, self.y,
            topic.Recipe(self.batch_size, self.lr), self.epochs,
            self.options.seed)
        return Side(model, (loss.item() for loss in training),
                    lambda: {"accuracy": topic.evaluate(
                        model, self.x_test, self.y_test)})

    def look_every(self):
        """Evaluate after each epoch."""
        return self.steps() // self.epochs

    def draw(self, axes):
        """The filters, and what each finds in a digit, in one image."""
        weight, bias, *_ = self.runs[0].hand.model.parameters()
        weight, bias = weight.detach(), bias.detach()
        tiles = torch.zeros(2, len(weight), 10, 10).to(weight)
        for row, images in zip(tiles, (weight, conv2d(
                self.x_test[:1], weight, bias, padding=2)[0][:, None])):
            n = images.shape[2]
            start = (10 - n) // 2
            row[:, start:start + n, start:start + n] = (
                images[:, 0] / images.abs().max())
        mosaic = tiles.permute(0, 2, 1, 3).reshape(20, -1)
        axes.imshow(to_numpy(mosaic), cmap="RdBu_r", vmin=-1, vmax=1)
        axes.set(xticks=[], yticks=[],
                 title="4 filters, and below each its output\n"
                       f"for one digit. Test: {correct(self)}")
