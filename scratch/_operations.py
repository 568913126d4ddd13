"""What a Value can do besides arithmetic: functions, sums, shapes."""

from typing import Any

import torch
from torch import Tensor

from scratch.activations import relu, tanh


class Operations:
    """The operations on one value a, with their slopes.

    Each returns `_made(result, (self, slope))`: `slope` maps G, the
    gradient with respect to the result, to that with respect to a.
    """

    data: Tensor
    requires_grad = True
    _made: Any

    def exp(self) -> Any:
        """e = exp(a), element-wise. The slope is e."""
        e = torch.exp(self.data)
        return self._made(e, (self, lambda G: G * e))

    def expm1(self) -> Any:
        """e = exp(a) - 1, element-wise. The slope is e + 1."""
        e = torch.expm1(self.data)
        return self._made(e, (self, lambda G: G * (e + 1)))

    def log(self) -> Any:
        """log(a), element-wise. The slope is 1 / a."""
        a = self.data
        return self._made(torch.log(a), (self, lambda G: G / a))

    def log1p(self) -> Any:
        """log(1 + a), element-wise. The slope is 1 / (1 + a)."""
        a = self.data
        return self._made(torch.log1p(a), (self, lambda G: G / (a + 1)))

    def relu(self) -> Any:
        """h = max(a, 0), element-wise. The slope is 1 where h > 0."""
        h = relu(self.data)
        return self._made(h, (self, lambda G: G.masked_fill(h <= 0, 0)))

    def tanh(self) -> Any:
        """t = tanh(a), element-wise. The slope is 1 - t^2."""
        t = tanh(self.data)
        return self._made(t, (self, lambda G: G * (1 - t * t)))

    def where(self, condition: Tensor, other: Any) -> Any:
        """a where the condition is true, else b = other.

        The slope of the one that is not taken is 0.
        """
        b = other.data if isinstance(other, Operations) else other
        return self._made(
            torch.where(condition, self.data, b),
            (self, lambda G: torch.where(condition, G, 0)),
            (other, lambda G: torch.where(condition, 0, G)))

    def masked_fill(self, mask: Tensor, value: float) -> Any:
        """`value` where the mask is true, else a."""
        return self._made(self.data.masked_fill(mask, value),
                          (self, lambda G: G.masked_fill(mask, 0)))

    def sum(self, dim: int | None = None, keepdim: bool = False) -> Any:
        """The sum of all entries, or along an axis. Slopes are 1."""
        return self._made(self.data.sum(dim, keepdim), (
            self, lambda G: G.reshape(
                self._kept(dim)).expand(self.shape)))

    def mean(self, dim: int | None = None,
             keepdim: bool = False) -> Any:
        """The sum, divided by the number n of terms: slopes 1 / n."""
        n = self.numel() if dim is None else self.shape[dim]
        return self.sum(dim, keepdim) / n

    def max(self, dim: int, keepdim: bool = False) -> Any:
        """The largest entry along an axis; of equal ones the first.

        Its slope is 1, that of all others 0.
        """
        a, highest = self.data, self.data.max(dim, keepdim)
        first = highest.indices.reshape(self._kept(dim))
        return self._made(highest.values, (
            self, lambda G: torch.zeros_like(a).scatter_(
                dim, first, G.reshape(first.shape))))

    def _kept(self, dim: int | None) -> list[int]:
        """The shape, with length 1 along the axis, or along all."""
        return [1 if dim in (None, i, i - self.dim()) else m
                for i, m in enumerate(self.shape)]

    def reshape(self, *shape: int) -> Any:
        """The same entries in another shape."""
        return self._made(self.data.reshape(*shape),
                          (self, lambda G: G.reshape(self.shape)))

    @property
    def T(self) -> Any:
        """The transpose of a matrix."""
        return self._made(self.data.T, (self, lambda G: G.T))

    def __getitem__(self, index: Any) -> Any:
        a = self.data
        # Where each entry was taken from. One that is taken twice gets
        # the sum of its slopes.
        places = torch.arange(a.numel(), device=a.device).reshape(
            a.shape)[index]
        return self._made(a[index], (self, lambda G: torch.zeros_like(
            a).flatten().index_add_(0, places.flatten(), G.flatten(),
                                    ).reshape(a.shape)))

    def to(self, dtype: torch.dtype) -> Any:
        """In another dtype. Its gradient comes back in its own."""
        return self._made(self.data.to(dtype),
                          (self, lambda G: G.to(self.dtype)))

    def detach(self) -> Tensor:
        """The data: the same memory, without a record."""
        return self.data

    def item(self) -> float:
        """The number, if there is only one."""
        return self.data.item()

    def argmax(self, dim: int) -> Tensor:
        """Where the largest entry along an axis is. Without a slope."""
        return self.data.argmax(dim)

    def dim(self) -> int:
        """The number of axes."""
        return self.data.dim()

    def numel(self) -> int:
        """The number of entries."""
        return self.data.numel()

    def is_floating_point(self) -> bool:
        """True."""
        return self.data.is_floating_point()

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of each axis."""
        return self.data.shape

    @property
    def dtype(self) -> torch.dtype:
        """The dtype of the data."""
        return self.data.dtype

    @property
    def device(self) -> torch.device:
        """Where the data is."""
        return self.data.device

    def __len__(self) -> int:
        return len(self.data)

    def __lt__(self, other: Tensor | float) -> Tensor:
        return self.data < other

    def __le__(self, other: Tensor | float) -> Tensor:
        return self.data <= other

    def __gt__(self, other: Tensor | float) -> Tensor:
        return self.data > other

    def __ge__(self, other: Tensor | float) -> Tensor:
        return self.data >= other

    @classmethod
    def __torch_function__(cls, function: Any, types: Any,
                           args: tuple = (), kwargs: Any = None) -> Any:
        """torch.exp(a) is a.exp(); so torch asks classes of others.

        https://docs.pytorch.org/docs/stable/notes/extending.html
        """
        if function is torch.where:
            condition, a, b = args
            return (a.where(condition, b) if isinstance(a, cls)
                    else b.where(~condition, a))
        ours = {torch.exp: cls.exp, torch.expm1: cls.expm1,
                torch.log: cls.log, torch.log1p: cls.log1p}
        # Of all others torch says that they are not there. For x @ a
        # Python then asks a.
        return ours[function](*args) if function in ours else (
            NotImplemented)
