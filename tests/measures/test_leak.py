"""The mark of a batch on its keys: planted where it is known, and counted pair by pair."""

import pytest
import torch
from torch import Tensor, nn

from anatomy.augmentation import views
from anatomy.measures.leak import auc, leak


class Signed(nn.Module):
    """Adds, in training, the batch's mean to each of its images, many times over: nothing else is left to see."""

    def __init__(self, times: float) -> None:
        super().__init__()
        self.times, self.modes = times, []

    def forward(self, x: Tensor) -> Tensor:
        self.modes.append(self.training)
        flat = x.flatten(1)
        return flat + self.times * flat.mean(0) * self.training


def test_without_batch_statistics_there_is_no_mark(planted) -> None:
    """16 batches of 8: 896 pairs within and 15,360 across; the deviation of the area is about 0.02 at most."""
    table = leak(planted(5, 128, backbone=Signed(0.0)), batch=8)
    assert table["told"] == [pytest.approx(0.5, abs=0.06)]


def test_a_batch_that_signs_its_keys_is_recognized(planted) -> None:
    """Of images of one color each, both views of a batch have about the same mean."""
    areas = []
    for times in (0.0, 100.0):
        trained = planted(5, 128, backbone=Signed(times))
        trained.unseen.images.copy_(trained.unseen.images[:, :, :1, :1].expand_as(trained.unseen.images))
        table = leak(trained, batch=8)
        assert (table["own"][0] > table["other"][0]) or not times
        areas.append(table["told"][0])
    assert areas[0] == pytest.approx(0.5, abs=0.06)
    assert areas[1] > 0.6


def test_it_looks_in_training_mode_and_leaves_the_network(planted) -> None:
    backbone = Signed(1.0)
    trained = planted(5, 40, backbone=backbone)
    trained.encoder.eval()
    leak(trained, batch=8)
    assert backbone.modes == []  # a copy was asked
    assert not trained.encoder.training


def test_it_looks_at_batches_of_the_size_that_was_asked(planted) -> None:
    trained, sizes = planted(5, 40), []
    trained.encoder.register_forward_hook(lambda *given: sizes.append(len(given[1][0])))
    leak(trained, batch=6)
    assert sizes == [6] * 6 * 2  # both views of as many whole batches as there are


def test_area_by_hand() -> None:
    """2 beats 1 and ties with 2, 3 beats both: (1 + 1/2 + 2) of 4."""
    assert auc(torch.tensor([2.0, 3.0]), torch.tensor([1.0, 2.0])) == pytest.approx(3.5 / 4)


def test_area_against_pairs(generator: torch.Generator) -> None:
    high, low = torch.randint(0, 9, (20,), generator=generator), torch.randint(0, 7, (30,), generator=generator)
    pairs = [1.0 if h > s else 0.5 if h == s else 0.0 for h in high.tolist() for s in low.tolist()]
    assert auc(high.double(), low.double()) == pytest.approx(sum(pairs) / 600)


def test_similarities_against_loops(planted) -> None:
    """Own: the others of the batch, without the positive; other: all of other batches."""
    trained = planted(5, 16, backbone=Signed(0.0))
    z = []
    for name in ("leak 1", "leak 2"):
        seen = views.apply(trained.unseen.images, trained.draw(16, name), size=trained.size)
        z.append(trained.encoder(seen).detach().double())
    cosine = [[torch.cosine_similarity(q, k, dim=0).item() for k in z[1]] for q in z[0]]
    pairs = [(i, j) for i in range(16) for j in range(16) if i != j]
    own = [cosine[i][j] for i, j in pairs if i // 8 == j // 8]
    other = [cosine[i][j] for i, j in pairs if i // 8 != j // 8]
    table = leak(trained, batch=8)
    assert table["own"] == [pytest.approx(sum(own) / len(own), rel=1e-4)]
    assert table["other"] == [pytest.approx(sum(other) / len(other), rel=1e-4)]
