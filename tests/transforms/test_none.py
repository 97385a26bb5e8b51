"""No transformation gives back the very tensors."""

import torch

from anatomy.transforms.none import none


def test_nothing_changes() -> None:
    given = tuple(torch.zeros(n, 2) for n in (3, 3, 5))
    *same, synthetic = none(*given, None)
    assert all(a is b for a, b in zip(same, given, strict=True))
    assert synthetic == ()
