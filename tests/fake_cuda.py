"""A card that is not there: tensors on it have shapes and dtypes and no numbers, and everything on the processor is
real. What such a card notices is what a GPU would object to, or wait for.

Two devices in one operation raise, as on a card; so does pinning what does not lie whole in memory. `waits` lists
what made the processor wait for the card: a number read from it, a shape that depends on its numbers, a copy from
memory that is not pinned. With torch's FakeTensorMode, which knows the rules of every operation.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch._subclasses.fake_tensor import FakeTensor, FakeTensorMode
from torch.autograd.graph import Node, get_gradient_edge
from torch.utils._pytree import tree_leaves

aten = torch.ops.aten
CARD = torch.device("cuda", 0)
UPDATES = (aten._fused_sgd_, aten._fused_adam_)  # in place, and without a rule for tensors that have no numbers
SELECTIONS = (aten.index, aten.index_put, aten.index_put_)
OF_UNKNOWN_SHAPE = (aten.nonzero, aten.masked_select, aten._unique2, aten.unique_dim, aten.bincount)


class FakeCuda(FakeTensorMode):
    """Its rules for operations with a tensor on the card; all others are done, on the processor."""

    def __init__(self) -> None:
        super().__init__(allow_non_fake_inputs=True)
        self.chance = torch.Generator().manual_seed(0)
        self.waits: list[str] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        tensors = [leaf for leaf in tree_leaves((args, kwargs)) if isinstance(leaf, Tensor)]
        here = [t for t in tensors if not isinstance(t, FakeTensor)]
        target = kwargs.get("device")
        if len(here) == len(tensors) and (target is None or torch.device(target).type != "cuda"):
            return func(*args, **kwargs)
        packet = func.overloadpacket
        if packet == aten._local_scalar_dense:
            return self.wait(func, {torch.bool: True}.get(args[0].dtype, 1.0 if args[0].is_floating_point() else 1))
        if packet == aten._to_copy and target is not None and torch.device(target).type == "cpu":
            return self.wait(func, self.invented(args[0], kwargs.get("dtype")))
        if packet in UPDATES:
            assert not here, f"{func} with tensors on the processor"
            return None
        if packet in OF_UNKNOWN_SHAPE or (packet in SELECTIONS and self.by_mask(args[1])):
            return self.wait(func, self.half(args) if packet in (aten.index, aten.masked_select) else args[0])
        slow = not kwargs.get("non_blocking", packet == aten.copy_ and len(args) > 2 and args[2])
        for tensor in here:  # a number of no dimension is passed along with the operation, unless it is to be copied
            if (tensor.dim() or packet in (aten._to_copy, aten.copy_)) and (slow or not hasattr(tensor, "pinned")):
                self.waits.append(f"{func} from the processor")
        return super().__torch_dispatch__(func, types, args, kwargs)

    def wait(self, func: Any, value: Any) -> Any:
        self.waits.append(str(func))
        return value

    def invented(self, tensor: Tensor, dtype: torch.dtype | None) -> Tensor:
        """Numbers on the processor in the place of those that the card does not have."""
        numbers = torch.randn(tensor.shape, generator=self.chance)
        return numbers.to(dtype or tensor.dtype)

    @staticmethod
    def by_mask(indices: Sequence[Tensor | None]) -> bool:
        return any(index is not None and index.dtype in (torch.bool, torch.uint8) for index in indices)

    def half(self, args: Any) -> Tensor:
        """As if every second entry were chosen by the mask."""
        mask = args[1] if isinstance(args[1], Tensor) else next(index for index in args[1] if index is not None)
        with self:
            return args[0].new_empty((mask.numel() // 2, *args[0].shape[mask.dim() :]))


@contextmanager
def fake_cuda() -> Iterator[FakeCuda]:
    """A card for what runs within."""
    mode = FakeCuda()
    with pytest.MonkeyPatch.context() as patch, mode:
        # autocast asks whether there is one; saving the state of its generator does not make anybody wait.
        patch.setattr("torch.cuda.amp.common.amp_definitely_not_available", lambda: False)
        patch.setattr("torch.cuda.is_available", lambda: False)  # no graph is recorded on it
        patch.setattr("torch.cuda.is_bf16_supported", lambda *given: True)
        patch.setattr("torch.cuda.get_rng_state", lambda *given: None)
        patch.setattr("torch.cuda.set_rng_state", lambda *given: None)
        patch.setattr(Tensor, "pin_memory", pinned)
        patch.setattr(FakeTensor, "__deepcopy__", copied, raising=False)
        patch.setattr(FakeTensor, "tolist", lambda tensor: tensor.cpu().tolist())
        patch.setattr(nn.Module, "_apply", applied)
        patch.setattr("torch.autograd._engine_run_backward", backward)
        yield mode


def pinned(tensor: Tensor) -> Tensor:
    if torch._debug_has_internal_overlap(tensor) == 1:
        raise RuntimeError("unsupported operation: more than one element refers to a single memory location")
    copy = tensor.clone()
    copy.pinned = True  # type: ignore[attr-defined]
    return copy


def copied(tensor: Tensor, memo: dict[int, Any]) -> Tensor:
    """Of a weight; torch's own way asks where its numbers lie."""
    return memo.setdefault(id(tensor), tensor.detach().clone().requires_grad_(tensor.requires_grad))


def applied(module: nn.Module, change: Callable[[Tensor], Tensor], recurse: bool = True) -> nn.Module:
    """`module.to(...)` and its like, with new weights in the place of the old ones; torch would exchange them."""
    for part in module.modules() if recurse else [module]:
        for name, weight in part._parameters.items():
            if weight is not None:
                part._parameters[name] = nn.Parameter(change(weight.detach()), weight.requires_grad)
        for name, buffer in part._buffers.items():
            part._buffers[name] = None if buffer is None else change(buffer)
    return module


# --- backward: torch's own engine asks the driver for the card's streams


@torch.no_grad()
def backward(
    outputs: Sequence[Tensor],
    gradients: Sequence[Tensor],
    keep_graph: bool,
    create_graph: bool,
    inputs: Sequence[Tensor] = (),
    *_: Any,
    accumulate_grad: bool = True,
    **options: Any,
) -> tuple[Tensor | None, ...]:
    """The graph's nodes, each once all that depends on it is done: what torch's engine does, in one thread."""
    roots = [get_gradient_edge(output) for output in outputs]
    waiting = uses([root.node for root in roots])
    held: dict[Node, list[Tensor | None]] = {}
    for root, gradient in zip(roots, gradients, strict=True):
        add(held, root.node, root.output_nr, gradient)
    wanted = {get_gradient_edge(tensor): at for at, tensor in enumerate(inputs)}
    found: list[Tensor | None] = [None] * len(inputs)
    ready = [node for node in dict.fromkeys(root.node for root in roots) if not waiting[node]]
    while ready:
        node = ready.pop()
        arrived = held.pop(node, None)
        passed: Any = ()
        if arrived is not None:
            for edge, at in wanted.items():
                found[at] = arrived[edge.output_nr] if edge.node == node else found[at]
            if accumulate_grad or not node.name().endswith("AccumulateGrad"):
                # A node of a Function in Python is not called but applied.
                passed = (node if callable(node) else node.apply)(*arrived)  # type: ignore[attr-defined]
        passed = passed if isinstance(passed, tuple) else (passed,)
        for at, (later, number) in enumerate(node.next_functions):
            if later is None:
                continue
            add(held, later, number, passed[at] if at < len(passed) else None)
            waiting[later] -= 1
            if not waiting[later]:
                ready.append(later)
    return tuple(found)


def uses(nodes: list[Node]) -> Counter[Node]:
    """How many nodes wait to hand something to each."""
    count, seen = Counter[Node](), set(nodes)
    while nodes:
        for later, _ in nodes.pop().next_functions:
            if later is not None:
                count[later] += 1
                nodes += [later] if later not in seen else []
                seen.add(later)
    return count


def add(held: dict[Node, list[Tensor | None]], node: Node, number: int, gradient: Tensor | None) -> None:
    if gradient is None:
        return
    wanted = node._input_metadata[number]  # what was expanded is summed, what autocast rounded is as it was
    gradient = gradient if gradient.shape == wanted.shape else gradient.sum_to_size(wanted.shape)
    gradient = gradient.to(wanted.dtype)
    slots = held.setdefault(node, [None] * len(node._input_metadata))
    other = slots[number]
    slots[number] = gradient if other is None else other + gradient
