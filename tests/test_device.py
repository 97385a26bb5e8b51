"""How torch is set up for a device: full float32, copies that nobody waits for."""

import pytest
import torch

from anatomy.augmentation import views
from anatomy.hardware.device import move
from anatomy.training.train import prepare
from fake_cuda import fake_cuda
from tiny import MACHINE, tiny


def test_no_tf32_where_a_run_is_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it was before is put back by hand: torch has no other way."""
    before = torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32
    try:
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
        prepare(tiny(), MACHINE)
        assert not torch.backends.cuda.matmul.allow_tf32
        assert not torch.backends.cudnn.allow_tf32
    finally:
        torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32 = before


def test_what_is_moved_to_a_card_is_not_waited_for() -> None:
    """Rows of one row too, such as the boxes of whole images, of which torch pins no copy."""
    parameters = views.whole(5, 8, 8, torch.Generator().manual_seed(0))
    with fake_cuda() as card:
        moved = parameters.to(torch.device("cuda"))
        assert move(torch.arange(4).expand(3, 4), torch.device("cuda")).shape == (3, 4)
        assert not card.waits
    assert moved.box.device.type == "cuda"
    assert torch.equal(move(parameters.box, torch.device("cpu")), parameters.box)
