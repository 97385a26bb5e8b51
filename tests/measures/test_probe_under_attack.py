"""An encoder under attack: without one its accuracies are the probe's and kNN's own, and a ball of nothing changes
none."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from anatomy.data.image_set import ImageSet
from anatomy.measures.knn import knn
from anatomy.measures.linear_probe import linear_probe
from anatomy.measures.probe_under_attack import probe_under_attack
from anatomy.networks.heads import Encoder


def rows(table) -> dict[str, dict[str, float]]:
    return {
        name: {c: column[at] for c, column in table.items() if c != "of"} for at, name in enumerate(table["readout"])
    }


def two_shades(planted, shade: int = 20):
    """Images a little darker or lighter than gray, which is their class, in noise."""
    trained, generator = planted(200, 40, classes=2), torch.Generator().manual_seed(1)

    def images(count: int) -> ImageSet:
        labels = torch.arange(count) % 2
        noise = torch.randint(-5, 6, (count, 3, 8, 8), generator=generator)
        return ImageSet((128 + shade * (2 * labels - 1)[:, None, None, None] + noise).to(torch.uint8), labels)

    return replace(trained, bank=images(200), unseen=images(40))


class Uneven(nn.Flatten):
    """Features of unlike sizes, which the probe divides by their spread."""

    def forward(self, views: torch.Tensor) -> torch.Tensor:
        flat = super().forward(views)
        return flat * torch.logspace(-2, 2, flat.shape[1])


def test_without_an_attack_they_are_the_probes_and_knns_own(planted) -> None:
    trained = planted(200, 40, backbone=Uneven())
    found = rows(probe_under_attack(trained, reach=0.0))
    assert found["linear probe"]["clean"] == pytest.approx(linear_probe(trained)["accuracy"][0])
    assert found["kNN"]["clean"] == pytest.approx(knn(trained)["accuracy"][0])
    for row in found.values():
        assert row["attacked"] == row["clean"]  # a ball of nothing
        assert row["images"] == 40
        assert 20 < row["clean"] < 80


def test_where_the_attack_reaches_the_other_shade_nothing_is_left(planted) -> None:
    trained = two_shades(planted)
    small, large = (rows(probe_under_attack(trained, reach=reach / 255)) for reach in (5, 40))
    assert small["linear probe"] == {"readout": "linear probe", "clean": 100, "attacked": 100, "images": 40}
    assert large["linear probe"]["clean"] == 100
    assert large["linear probe"]["attacked"] == 0


class Shade(nn.Module):
    """Two features: a mean, and one; neighbors lie at the same shade."""

    def forward(self, views: torch.Tensor) -> torch.Tensor:
        mean = views.mean((1, 2, 3))
        return torch.stack([mean, torch.ones_like(mean)], 1)


def test_knn_is_attacked_without_labels(planted) -> None:
    trained = replace(two_shades(planted), encoder=Encoder(Shade(), nn.Identity(), 2))
    small, large = (rows(probe_under_attack(trained, reach=reach / 255))["kNN"] for reach in (2, 60))
    assert small == {"readout": "kNN", "clean": 100, "attacked": 100, "images": 40}
    assert large["clean"] == 100
    assert large["attacked"] < 70  # turned away from where it was, which for some leads to the other shade


def test_how_many_images(planted) -> None:
    assert probe_under_attack(planted(100, 40), probed=12)["images"] == [12, 12]


def test_the_encoder_that_a_run_uses_is_judged_beside_its_own(planted) -> None:
    trained = two_shades(planted)
    teacher = Encoder(Shade(), nn.Identity(), 2)
    table = probe_under_attack(replace(trained, others={"0" * 16: teacher}), reach=0.0)
    assert table["of"] == ["own", "own", "other", "other"]
    assert table["readout"] == ["linear probe", "kNN"] * 2
    alone = probe_under_attack(replace(trained, encoder=teacher), reach=0.0)
    assert table["clean"][2:] == alone["clean"]
