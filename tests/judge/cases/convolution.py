"""Convolution and pooling in the forms in which people write them."""

import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param["stride"], conv_param["pad"]
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), "constant")
    H_out = 1 + (H + 2 * pad - HH) // stride
    W_out = 1 + (W + 2 * pad - WW) // stride
    out = np.zeros((N, F, H_out, W_out))
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    hs, ws = i * stride, j * stride
                    out[n, f, i, j] = np.sum(
                        x_pad[n, :, hs:hs + HH, ws:ws + WW] * w[f]) + b[f]
    return out, (x, w, b, conv_param)


def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    stride, pad = conv_param["stride"], conv_param["pad"]
    F, _, HH, WW = w.shape
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), "constant")
    dx_pad, dw = np.zeros_like(x_pad), np.zeros_like(w)
    db = dout.sum(axis=(0, 2, 3))
    for n in range(dout.shape[0]):
        for f in range(F):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    hs, ws = i * stride, j * stride
                    g = dout[n, f, i, j]
                    dw[f] += g * x_pad[n, :, hs:hs + HH, ws:ws + WW]
                    dx_pad[n, :, hs:hs + HH, ws:ws + WW] += g * w[f]
    H, W = x.shape[2:]
    return dx_pad[:, :, pad:pad + H, pad:pad + W], dw, db


def max_pool_forward_naive(x, pool_param):
    k, s = pool_param["pool_height"], pool_param["stride"]
    N, C, H, W = x.shape
    out = np.zeros((N, C, (H - k) // s + 1, (W - k) // s + 1))
    for i in range(out.shape[2]):
        for j in range(out.shape[3]):
            out[:, :, i, j] = x[:, :, i * s:i * s + k,
                                j * s:j * s + k].max(axis=(2, 3))
    return out, (x, pool_param)


def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    k, s = pool_param["pool_height"], pool_param["stride"]
    dx = np.zeros_like(x)
    for n in range(x.shape[0]):
        for c in range(x.shape[1]):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    window = x[n, c, i * s:i * s + k, j * s:j * s + k]
                    mask = window == window.max()
                    dx[n, c, i * s:i * s + k, j * s:j * s + k] += (
                        mask * dout[n, c, i, j])
    return dx


def conv_forward(A_prev, W, b, hparameters):
    # channels last
    m, h, w, c = A_prev.shape
    f, f, c, out = W.shape
    s, p = hparameters["stride"], hparameters["pad"]
    x = np.pad(A_prev, ((0, 0), (p, p), (p, p), (0, 0)))
    Z = np.zeros((m, (h - f + 2 * p) // s + 1, (w - f + 2 * p) // s + 1, out))
    for i in range(Z.shape[1]):
        for j in range(Z.shape[2]):
            for k in range(out):
                piece = x[:, i * s:i * s + f, j * s:j * s + f]
                Z[:, i, j, k] = (piece * W[..., k]).sum(
                    (1, 2, 3)) + float(b[0, 0, 0, k])
    return Z, (A_prev, W, b, hparameters)


def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    s, p, f = hparameters["stride"], hparameters["pad"], W.shape[0]
    x = np.pad(A_prev, ((0, 0), (p, p), (p, p), (0, 0)))
    dx, dW = np.zeros_like(x), np.zeros_like(W)
    for i in range(dZ.shape[1]):
        for j in range(dZ.shape[2]):
            place = (slice(None), slice(i * s, i * s + f),
                     slice(j * s, j * s + f))
            dx[place] += np.einsum("no,uvco->nuvc", dZ[:, i, j], W)
            dW += np.einsum("no,nuvc->uvco", dZ[:, i, j], x[place])
    h, w = A_prev.shape[1:3]
    return dx[:, p:p + h, p:p + w], dW / len(A_prev), dZ.sum((0, 1, 2))


def corr2d(X, K):
    h, w = K.shape
    Y = np.zeros((X.shape[0] - h + 1, X.shape[1] - w + 1))
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i:i + h, j:j + w] * K).sum()
    return Y


def convolve2d(image, kernel):
    return corr2d(image, kernel[::-1, ::-1])


def conv2d_moving_by_1(x, w, b, stride=1, padding=0):
    x = np.pad(x, ((0, 0), (0, 0), (padding,) * 2, (padding,) * 2))
    k = w.shape[2]
    h = (x.shape[2] - k) // stride + 1
    v = (x.shape[3] - k) // stride + 1
    z = np.zeros((len(x), len(w), h, v))
    for i in range(h):
        for j in range(v):
            z[:, :, i, j] = np.einsum(
                "ncuv,ocuv->no", x[:, :, i:i + k, j:j + k], w) + b
    return z


def conv2d_im2col(x, w, b, stride=1, pad=0):
    n, c, h, v = x.shape
    o, _, k, _ = w.shape
    x = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    h, v = (h + 2 * pad - k) // stride + 1, (v + 2 * pad - k) // stride + 1
    col = np.zeros((n, c, k, k, h, v))
    for y in range(k):
        for u in range(k):
            col[:, :, y, u] = x[:, :, y:y + stride * h:stride,
                                u:u + stride * v:stride]
    col = col.transpose(0, 4, 5, 1, 2, 3).reshape(n * h * v, -1)
    out = col @ w.reshape(o, -1).T + b
    return out.reshape(n, h, v, -1).reshape(n, o, h, v)


class MaxPool2D:
    def __init__(self, pool_size=2, stride=2, padding=0):
        self.k, self.s, self.p = pool_size, stride, padding

    def forward(self, x):
        k, s, p = self.k, self.s, self.p
        self.x = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        n, c, h, w = self.x.shape
        out = np.zeros((n, c, (h - k) // s + 1, (w - k) // s + 1))
        for i in range(out.shape[2]):
            for j in range(out.shape[3]):
                out[:, :, i, j] = self.x[:, :, i * s:i * s + k,
                                         j * s:j * s + k].max((2, 3))
        return out


class Conv2d:
    def __init__(self, in_channels, out_channels, kernel_size, stride=1,
                 padding=0):
        self.W = np.random.randn(out_channels, in_channels, kernel_size,
                                 kernel_size)
        self.b = np.zeros((out_channels, 1))
        self.stride, self.padding = stride, padding

    def forward(self, x):
        out, self.cache = conv_forward_naive(x, self.W, self.b[:, 0], {
            "stride": self.stride, "pad": self.padding})
        return out

    def backward(self, grad):
        dx, self.dW, self.db = conv_backward_naive(grad, self.cache)
        return dx


def avg_pool2d(x, kernel_size, stride, padding):
    x = np.pad(x, ((0, 0), (0, 0), (padding,) * 2, (padding,) * 2),
               constant_values=np.nan)
    v = np.lib.stride_tricks.sliding_window_view(
        x, (kernel_size, kernel_size), (2, 3))[:, :, ::stride, ::stride]
    return np.nanmean(v, axis=(4, 5))


def conv2d_anything(this, that, other):
    return this
