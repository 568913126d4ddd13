"""Label smoothing: shared by all classes, or by the others."""

import numpy as np
import torch
import torch.nn as nn


def smooth_one_hot(true_labels, classes, smoothing=0.0):
    shape = torch.Size((true_labels.size(0), classes))
    spread = torch.full(shape, smoothing / (classes - 1),
                        dtype=torch.float64)
    spread.scatter_(1, true_labels.unsqueeze(1), 1.0 - smoothing)
    return spread


def smooth_labels(y, factor):
    return y * (1 - factor) + factor / y.shape[1]


def label_smoothing(labels, num_classes, epsilon=0.1):
    return np.eye(num_classes)[labels] + epsilon / num_classes


class LabelSmoothingCrossEntropy(nn.Module):
    def __init__(self, smoothing=0.2):
        super().__init__()
        self.smoothing = smoothing

    def forward(self, x, target):
        log_p = torch.log_softmax(x, dim=-1)
        nll = -log_p.gather(1, target.unsqueeze(1)).squeeze(1)
        smooth = -log_p.mean(dim=-1)
        return ((1 - self.smoothing) * nll + self.smoothing * smooth).mean()


class LabelSmoothingLoss(nn.Module):
    def __init__(self, classes, smoothing=0.0, dim=-1):
        super().__init__()
        self.confidence = 1.0 - smoothing
        self.smoothing, self.cls, self.dim = smoothing, classes, dim

    def forward(self, pred, target):
        pred = pred.log_softmax(dim=self.dim)
        with torch.no_grad():
            true = torch.zeros_like(pred)
            true.fill_(self.smoothing / (self.cls - 1))
            true.scatter_(1, target.unsqueeze(1), self.confidence)
        return torch.mean(torch.sum(-true * pred, dim=self.dim))


class LabelSmoothing(nn.Module):
    def __init__(self, smoothing=0.1):
        super().__init__()
        self.smoothing = smoothing

    def forward(self, x, target):
        log_p = torch.log_softmax(x, dim=-1)
        share = self.smoothing / (x.size(-1) - 1)
        q = torch.full_like(log_p, share)
        q.scatter_(1, target.unsqueeze(1), 1.0)
        return torch.mean(torch.sum(-q * log_p, dim=-1))


def label_smoothing_whole(labels, epsilon=0.1):
    return labels * (1 - epsilon) + epsilon
