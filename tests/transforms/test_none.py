"""No transformation gives back the very tensors."""

import torch

from anatomy.transforms.none import none


def test_nothing_changes() -> None:
    given = tuple(torch.zeros(n, 2) for n in (3, 3, 5))
    *same, synthetic = none(*given, None)
    assert all(a is b for a, b in zip(same, given, strict=True))
    assert synthetic == ()


def test_it_needs_no_chance() -> None:
    """The generator is not touched: runs without a transform draw nothing."""
    generator = torch.Generator().manual_seed(0)
    before = generator.get_state()
    none(torch.zeros(2, 2), torch.zeros(2, 2), torch.zeros(3, 2), generator)
    assert torch.equal(generator.get_state(), before)
