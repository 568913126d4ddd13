"""Initialisers of torch's tensors, in place or not."""

import math

import torch


def xavier_uniform_(tensor, gain=1.0):
    outputs, inputs = tensor.shape
    bound = gain * math.sqrt(6 / (inputs + outputs))
    with torch.no_grad():
        return tensor.uniform_(-bound, bound)


def kaiming_normal_(w, generator=None):
    w.data.normal_(0, math.sqrt(2 / w.size(1)))


def he_of_variance(fan_in, fan_out):
    return torch.randn(fan_out, fan_in) * (2 / fan_in)
