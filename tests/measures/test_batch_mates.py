"""Whether an answer depends on the others of its batch: planted networks that do, and that do not."""

import pytest
from torch import Tensor, nn

from anatomy.augmentation import views
from anatomy.measures.batch_mates import batch_mates
from anatomy.norms import several


class Mixed(nn.Module):
    """Adds a share of the batch's mean; of one image alone there is none."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, x: Tensor) -> Tensor:
        flat = x.flatten(1)
        return flat + self.share * several(flat).mean(0) if self.share else flat


def test_an_image_by_itself(planted) -> None:
    assert batch_mates(planted(5, 12, backbone=Mixed(0.0))) == {"change": [0.0], "alone": [1.0]}


@pytest.mark.parametrize("share", [0.5, 1.0])
def test_the_change_by_hand(planted, share: float) -> None:
    trained = planted(5, 12, backbone=Mixed(share))
    table = batch_mates(trained)
    x = views.clean(trained.unseen.images, size=trained.size).double().flatten(1)
    head = trained.encoder.projector.double()
    means = [(x[:4].sum(0) + x[a : a + 4].sum(0)) / 8 for a in (4, 8)]
    first, second = (head(x[:4] + share * mean) for mean in means)
    assert table["change"] == [pytest.approx(((second - first).abs().max() / first.std()).item())]
    assert table["alone"] == [0.0]


def test_the_network_is_left_as_it_was(planted) -> None:
    trained = planted(5, 12)
    trained.encoder.train()
    batch_mates(trained)
    assert trained.encoder.training
    assert next(trained.encoder.parameters()).dtype.itemsize == 4
