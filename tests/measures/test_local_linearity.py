"""Whether a loss is straight: a linear classifier's is, and that of a network that hides is not."""

from dataclasses import replace

import pytest
import torch

from anatomy.data.image_set import ImageSet
from anatomy.measures.local_linearity import local_linearity
from hiding import EPSILON, gray, hiding


def test_two_logits_of_a_linear_network_are_straight(planted) -> None:
    """The planted network is linear; with two classes the softmax keeps the gradient's direction."""
    trained = planted(8, 30, classes=2)
    with torch.no_grad():
        trained.encoder.projector.bias[2:] = -1e4
    table = local_linearity(trained, around=0.02)
    assert table["alignment"][0] == pytest.approx(1, abs=1e-4)
    assert table["agreement"][0] > 0.95  # where a pixel meets the end of its range, both stop
    assert table["abnormal"] == [0]
    assert table["images"] == [30]


def test_a_network_that_hides_is_not(planted) -> None:
    """Noise turns the gradient of some images, and some steps end higher on the wave than they began."""
    trained = replace(planted(8, 8), encoder=hiding(), unseen=ImageSet(gray(60), torch.zeros(60).long()))
    table = local_linearity(trained, around=EPSILON, asked=50)
    assert table["images"] == [50]
    assert table["alignment"][0] < 0.9
    assert table["abnormal"][0] > 0.1
    assert table["agreement"][0] == pytest.approx(1)  # both changes go one way, that of many steps less far
