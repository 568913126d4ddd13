"""A training that can be saved, stopped and resumed, on either side."""

import torch

import scratch
import scratch.checkpoint
import scratch.losses
import scratch.mlp
import scratch.optim
import torch_ref
import torch_ref.checkpoint
import torch_ref.losses
import torch_ref.mlp
import torch_ref.optim
from tests.compare.trainings import cast

WINGS = {scratch.checkpoint: scratch, torch_ref.checkpoint: torch_ref}


class Training:
    """A net, its optimiser and its generator, all from one seed."""

    def __init__(self, side, name="Adam", options=None, seed=0,
                 widths=(2, 3, 1), dtype=torch.float32):
        wing = WINGS[side]
        self.side, self.loss = side, wing.losses.mse_loss
        self.model = wing.mlp.MLP(widths, seed)
        cast(self.model, dtype)
        self.optimizer = getattr(wing.optim, name)(
            self.model.parameters(), **(options or {}))
        self.generator = torch.Generator().manual_seed(seed)
        draw = torch.Generator().manual_seed(1)
        self.x = torch.randn(7, widths[0], generator=draw).to(dtype)
        self.y = torch.randn(7, widths[-1], generator=draw).to(dtype)

    def run(self, path, epochs):
        """Train up to that epoch, resuming from the file if it exists."""
        return list(self.side.train(
            path, self.optimizer, self.model, self.loss, self.x, self.y,
            epochs, batch_size=3, generator=self.generator))

    def run_without_a_file(self, epochs, *generator):
        """The same steps, by `mlp.train_with`."""
        return list(WINGS[self.side].mlp.train_with(
            self.optimizer, self.model, self.loss, self.x, self.y,
            epochs, 3, *generator))

    def save(self, path, epoch=1):
        """Write a checkpoint."""
        self.side.save(path, self.model, self.optimizer, epoch,
                       self.generator)

    def load(self, path):
        """Restore a checkpoint; return its epoch."""
        return self.side.load(path, self.model, self.optimizer,
                              self.generator)

    def everything(self):
        """All that the next step depends on, as values to compare."""
        state = self.optimizer.state_dict()
        entries = {(i, name): torch.as_tensor(value).tolist()
                   for i, entry in state["state"].items()
                   for name, value in entry.items()}
        options = {k: list(v) if isinstance(v, tuple) else v
                   for k, v in state["param_groups"][0].items()}
        return ([p.tolist() for p in self.model.parameters()], entries,
                options, self.generator.get_state().tolist())
