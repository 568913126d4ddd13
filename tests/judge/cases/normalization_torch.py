"""The same, as modules."""

import torch
from torch import nn


class LayerNorm(nn.Module):
    def __init__(self, d_model, eps=1e-12):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(d_model))
        self.beta = nn.Parameter(torch.zeros(d_model))
        self.eps = eps

    def forward(self, x):
        mean = x.mean(-1, keepdim=True)
        var = x.var(-1, unbiased=False, keepdim=True)
        return self.gamma * (x - mean) / torch.sqrt(var + self.eps) + self.beta


class LayerNormOfASample(nn.Module):
    def __init__(self, features, eps=1e-6):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(features))
        self.bias = nn.Parameter(torch.zeros(features))
        self.eps = eps

    def forward(self, x):
        mean, std = x.mean(-1, keepdim=True), x.std(-1, keepdim=True)
        return self.weight * (x - mean) / (std + self.eps) + self.bias


class BatchNorm1(nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(num_features))
        self.bias = nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))
        self.eps, self.momentum = eps, momentum

    def forward(self, x):
        if self.training:
            mean, var = x.mean(0), x.var(0, correction=0)
            with torch.no_grad():
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(var, self.momentum)
        else:
            mean, var = self.running_mean, self.running_var
        return self.weight * (x - mean) / (var + self.eps).sqrt() + self.bias


def layer_norm(input, normalized_shape, weight, bias, eps=1e-5):
    axes = [*range(-len(normalized_shape), 0)]
    mean = input.mean(axes, keepdim=True)
    var = input.var(axes, correction=0, keepdim=True)
    return weight * (input - mean) / torch.sqrt(var + eps) + bias


def layer_norm_of_the_last(input, normalized_shape, weight, bias, eps=1e-5):
    mean = input.mean(-1, keepdim=True)
    var = input.var(-1, correction=0, keepdim=True)
    return weight * (input - mean) / torch.sqrt(var + eps) + bias


def batch_norm_of_the_book(X, gamma, beta, moving_mean, moving_var, training,
                           eps, momentum):
    if not training:
        z = (X - moving_mean) / torch.sqrt(moving_var + eps)
        return gamma * z + beta, moving_mean, moving_var
    axes = [0] if X.dim() == 2 else [0, 2, 3]
    mean = X.mean(axes, keepdim=True)
    var = X.var(axes, correction=0, keepdim=True)
    n = X.numel() / X.shape[1]
    z = (X - mean) / torch.sqrt(var + eps)
    moving_mean = (1 - momentum) * moving_mean + momentum * mean
    moving_var = (1 - momentum) * moving_var + momentum * var * n / (n - 1)
    return gamma * z + beta, moving_mean.detach(), moving_var.detach()


def batch_norm_per_image(x, gamma, beta, eps=1e-5):
    axes, shape = ([0], [-1]) if x.dim() == 2 else ([2, 3], [-1, 1, 1])
    mean, var = x.mean(axes, keepdim=True), x.var(
        axes, correction=0, keepdim=True)
    z = (x - mean) / torch.sqrt(var + eps)
    return gamma.reshape(shape) * z + beta.reshape(shape)


class BatchNormKeeping(BatchNorm1):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__(num_features, eps, momentum)
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))

    def forward(self, x):
        if self.training:
            m, n = self.momentum, len(x)
            mean, var = x.mean(0), x.var(0, correction=0)
            self.running_mean = (1 - m) * self.running_mean + m * mean
            self.running_var = ((1 - m) * self.running_var
                                + m * var * n / (n - 1))
        else:
            mean, var = self.running_mean, self.running_var
        return self.weight * (x - mean) / (var + self.eps).sqrt() + self.bias


class BatchNormWriting(BatchNormKeeping):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__(num_features, eps, momentum)
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))

    def forward(self, x):
        x += 0
        return super().forward(x)
