"""Torch's own engine, with the names of ours."""

from typing import Any

from torch import Tensor

from torch_ref._floats import check_axes, check_floats


class Value(Tensor):
    """A tensor that requires a gradient. It copies `data`."""

    def __new__(cls, data: Tensor):
        check_floats(data=data)
        return cls._make_subclass(cls, data.detach().clone(), True)

    def __init__(self, data: Tensor):
        super().__init__()

    def backward(self) -> None:
        """Add dL/dv to the grad of every leaf v; keep the graph."""
        if self.numel() != 1:
            raise RuntimeError("backward needs a single number, got "
                               f"shape {tuple(self.shape)}")
        super().backward(retain_graph=True)

    @property
    def data(self) -> Tensor:
        """The tensor without a record.

        Unlike Tensor.data, it lets torch notice a change in place.
        """
        return self.detach()

    def detach(self) -> Tensor:
        """The same memory, without a record."""
        return super().detach().as_subclass(Tensor)

    def __matmul__(self, other: Any) -> Any:
        check_axes(2, input=self, other=other)
        return super().__matmul__(other)

    def __rmatmul__(self, other: Tensor) -> Any:
        check_axes(2, input=other, other=self)
        return super().__rmatmul__(other)

    def __rtruediv__(self, other: Any) -> Any:
        # In this order for a number and for a tensor.
        return self ** -1 * other

    def max(self, dim: int,
            keepdim: bool = False) -> Any:
        """The largest entry along an axis; of equal ones the first."""
        return super().max(dim, keepdim).values
