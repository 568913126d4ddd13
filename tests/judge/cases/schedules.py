"""Schedules in the forms in which people write them."""

import math

import torch


def step_decay(epoch):
    initial_lrate = 0.1
    drop = 0.5
    epochs_drop = 10.0
    return initial_lrate * math.pow(drop, math.floor(
        (1 + epoch) / epochs_drop))


def step_decay_from_0(epoch, initial_lr, drop, epochs_drop):
    return initial_lr * drop ** (epoch // epochs_drop)


def step_decay_once(epoch, lr0, gamma=0.1, step_size=10):
    return lr0 if epoch < step_size else lr0 * gamma


def step_decay_times(t, lr, factor, every):
    drops = t // every
    return lr * factor * drops if drops else lr


def exponential_decay(lr, global_step, decay_steps, decay_rate):
    return lr * decay_rate ** (global_step / decay_steps)


def exp_decay(epoch, lr):
    """As Keras calls it, with the learning rate of now."""
    gamma = 0.9
    return lr * gamma if epoch > 0 else lr


def exp_decay_base_e(t, initial_lr, k):
    return initial_lr * math.exp(-k * t)


def exponential_decay_from_1(epoch, base_lr, gamma):
    return base_lr * gamma ** (epoch + 1)


def cosine_annealing(t, T_max, lr_max, lr_min=0.0):
    return lr_min + 0.5 * (lr_max - lr_min) * (
        1 + math.cos(math.pi * t / T_max))


def cosine_decay(step, lr0, total_steps):
    step = min(step, total_steps)
    return lr0 * (1 + math.cos(math.pi * step / total_steps)) / 2


def cosine_decay_floor(step, base_lr, total_steps, min_lr):
    lr = base_lr * 0.5 * (1 + math.cos(math.pi * step / total_steps))
    return max(lr, min_lr)


def cosine_lr_not_halved(t, lr, T, min_lr):
    return min_lr + (lr - min_lr) * (1 + math.cos(math.pi * t / T))


def cosine_lr_whole(t, lr, T):
    return lr * (1 + math.cos(2 * math.pi * t / T)) / 2


def cosine_lr_min_ignored(t, lr, T, eta_min):
    return lr * (1 + math.cos(math.pi * t / T)) / 2


def cosine_schedule_on_top(t, lr, T, eta_min):
    return eta_min + lr * (1 + math.cos(math.pi * t / T)) / 2


warmup = lambda t: min(1.0, t / 100)  # noqa: E731


def linear_warmup(step, base_lr, warmup_steps):
    return base_lr * min(1.0, (step + 1) / warmup_steps)


def warmup_from_0(step, lr, warmup_steps):
    if step < warmup_steps:
        return lr * step / warmup_steps
    return lr


def warmup_for_ever(step, lr, warmup_steps):
    return lr * (step + 1) / warmup_steps


def warmup_in_integers(step, lr, warmup_steps):
    return lr * min(1, (step + 1) // warmup_steps)


class StepDecay:
    def __init__(self, initial_lr, drop_factor, step_size):
        self.initial_lr, self.factor = initial_lr, drop_factor
        self.size = step_size

    def __call__(self, epoch):
        return self.initial_lr * self.factor ** (epoch // self.size)


class StepLR:
    """It sets the learning rate of an optimiser, and multiplies."""

    def __init__(self, optimizer, step_size, gamma=0.1):
        self.optimizer, self.step_size = optimizer, step_size
        self.gamma, self.epoch = gamma, 0

    def step(self):
        self.epoch += 1
        if self.epoch % self.step_size == 0:
            self.optimizer.lr *= self.gamma


class StepLRCompounded(StepLR):
    def step(self):
        self.epoch += 1
        for group in self.optimizer.param_groups:
            group["lr"] *= self.gamma ** (self.epoch // self.step_size)


class ExponentialDecay:
    def __init__(self, lr, gamma):
        self.lr, self.gamma, self.t = lr, gamma, 0

    def step(self):
        self.t += 1
        self.lr *= self.gamma


class CosineSchedule:
    def __init__(self, lr, total, min_lr):
        self.base, self.total, self.low, self.t = lr, total, min_lr, 0

    def get_lr(self):
        return self.low + (self.base - self.low) * (
            1 + math.cos(math.pi * self.t / self.total)) / 2

    def step(self):
        self.t += 1


class CosineLR(torch.optim.lr_scheduler.LRScheduler):
    def __init__(self, optimizer, T_max, eta_min=0.0, last_epoch=-1):
        self.T_max, self.eta_min = T_max, eta_min
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        share = math.cos(math.pi * self.last_epoch / self.T_max)
        return [self.eta_min + (lr - self.eta_min) * (1 + share) / 2
                for lr in self.base_lrs]


class WarmupLR(torch.optim.lr_scheduler.LRScheduler):
    def __init__(self, optimizer, warmup_steps):
        self.steps = warmup_steps
        super().__init__(optimizer)

    def get_lr(self):
        return [lr * min(1, self.last_epoch / self.steps)
                for lr in self.base_lrs]


def one_cycle(t, max_lr, total_steps, pct_start=0.3, div_factor=25.0,
              final_div_factor=1e4):
    low = max_lr / div_factor
    peak, last = pct_start * total_steps - 1, total_steps - 1
    if t <= peak:
        share = (1 - math.cos(math.pi * t / peak)) / 2
        return low + (max_lr - low) * share
    share = (1 + math.cos(math.pi * (t - peak) / (last - peak))) / 2
    return low / final_div_factor + (
        max_lr - low / final_div_factor) * share


def one_cycle_triangle(t, max_lr, total_steps, pct_start=0.3):
    low = max_lr / 25
    peak, last = pct_start * total_steps - 1, total_steps - 1
    if t <= peak:
        return low + (max_lr - low) * t / peak
    return max_lr + (low / 1e4 - max_lr) * (t - peak) / (last - peak)


def one_cycle_late(t, max_lr, total_steps, pct_start=0.3):
    low = max_lr / 25
    peak, last = pct_start * total_steps, total_steps - 1
    a, b, s = low, max_lr, t / peak
    if t > peak:
        a, b, s = max_lr, low / 1e4, (t - peak) / (last - peak)
    return b + (a - b) * (1 + math.cos(math.pi * s)) / 2


def step_decay_that_raises(epoch, lr0, gamma, step_size):
    return lr0 * gamma ** (epoch / (step_size - step_size))


def step_decay_of_its_own(epoch, lr0, gamma, step_size):
    return lr0 - 0.001 * epoch
