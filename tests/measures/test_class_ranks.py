"""Ranks by hand, and which attack buries the true class deeper where its gradient is known."""

from dataclasses import replace

import torch
from torch import nn

from anatomy.data.image_set import ImageSet
from anatomy.measures.class_ranks import class_ranks, rank_of
from anatomy.networks.heads import Encoder


def test_ranks_by_hand() -> None:
    outputs = torch.tensor([[3.0, 2.0, 1.0], [3.0, 2.0, 1.0], [1.0, 1.0, 1.0], [0.0, 5.0, 9.0]])
    assert rank_of(outputs, torch.tensor([0, 2, 1, 0])).tolist() == [1, 3, 1, 3]


class Groups(nn.Module):
    """Four logits of the means of the image's four quarters; the first is a little ahead on gray images."""

    def forward(self, views: torch.Tensor) -> torch.Tensor:
        pixels = views / 4 + 0.5
        quarters = pixels.flatten(1).unflatten(1, (4, -1)).mean(2)
        return 200 * quarters + torch.tensor([4.0, 3.0, 0.0, -1.0])


def of(planted, labels: torch.Tensor):
    gray = torch.full((len(labels), 3, 8, 8), 128, dtype=torch.uint8)
    return replace(planted(8, 8), encoder=Encoder(Groups(), nn.Identity(), 4), unseen=ImageSet(gray, labels))


def rows(table) -> dict[tuple[str, int], dict[str, float]]:
    keys = zip(table["objective"], table["steps"], strict=True)
    return {key: {name: column[at] for name, column in table.items()} for at, key in enumerate(keys)}


def test_both_attacks_where_each_quarter_of_the_pixels_is_a_class(planted) -> None:
    """Every step lowers quarter 0 and raises the others, under either loss: after one, three are above it."""
    table = rows(class_ranks(of(planted, torch.zeros(6).long()), within=0.05, steps=(1, 5)))
    assert set(table) == {("CE", 1), ("CE", 5), ("RCE", 1), ("RCE", 5)}
    for row in table.values():
        assert (row["rank"], row["top_1"], row["top_3"], row["top_5"], row["images"]) == (4, 1, 1, 0, 6)


def test_a_ball_of_nothing_leaves_the_class_first(planted) -> None:
    for row in rows(class_ranks(of(planted, torch.zeros(6).long()), within=0.0)).values():
        assert (row["rank"], row["top_1"]) == (1, 0)


def test_only_images_that_are_right_count(planted) -> None:
    labels = torch.tensor([0, 1, 0, 2])
    assert set(class_ranks(of(planted, labels), within=0.05)["images"]) == {2}
