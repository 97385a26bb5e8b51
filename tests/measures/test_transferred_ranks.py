"""Transfer: what an attack on one network does to another whose answers are known."""

from dataclasses import replace

import torch
from torch import nn

from anatomy.data.image_set import ImageSet
from anatomy.measures.transferred_ranks import transferred_ranks
from anatomy.networks.heads import Encoder

KEY = "0123456789abcdef"


class Groups(nn.Module):
    """Four logits of the means of the image's four quarters, in some order; the first is a little ahead on gray."""

    def __init__(self, order: tuple[int, ...] = (0, 1, 2, 3), scale: float = 200.0) -> None:
        super().__init__()
        self.order, self.scale = list(order), scale

    def forward(self, views: torch.Tensor) -> torch.Tensor:
        quarters = (views / 4 + 0.5).flatten(1).unflatten(1, (4, -1)).mean(2)[:, self.order]
        return self.scale * quarters + torch.tensor([4.0, 3.0, 0.0, -1.0])


def of(planted, other: nn.Module | None, labels: tuple[int, ...] = (0,) * 6):
    gray = torch.full((len(labels), 3, 8, 8), 128, dtype=torch.uint8)
    others = {KEY: Encoder(other, nn.Identity(), 4)} if other else {}
    own = Encoder(Groups(), nn.Identity(), 4)
    return replace(planted(8, 8), encoder=own, others=others, unseen=ImageSet(gray, torch.tensor(labels)))


def rows(table) -> dict[tuple[str, int, str], dict[str, float]]:
    keys = zip(table["objective"], table["steps"], table["on"], strict=True)
    return {key: {name: column[at] for name, column in table.items()} for at, key in enumerate(keys)}


def test_the_same_network_is_fooled_alike_and_a_deaf_one_not_at_all(planted) -> None:
    same = rows(transferred_ranks(of(planted, Groups()), target=KEY, apart=0.05, at_steps=(1, 5)))
    assert len(same) == 8
    for row in same.values():
        assert (row["rank"], row["top_1"], row["top_3"], row["top_5"], row["images"]) == (4, 1, 1, 0, 6)
    deaf = rows(transferred_ranks(of(planted, Groups(scale=0.0)), target=KEY, apart=0.05))
    assert {row["rank"] for (_, _, on), row in deaf.items() if on == "target"} == {1}
    assert {row["rank"] for (_, _, on), row in deaf.items() if on == "surrogate"} == {4}


def test_the_surrogate_is_asked_and_the_target_never(planted) -> None:
    """Of a target whose first logit is another quarter's, the attack lifts it: the class stays first."""
    turned = rows(transferred_ranks(of(planted, Groups(order=(1, 0, 2, 3))), target=KEY, apart=0.05, at_steps=(1,)))
    assert turned["CE", 1, "surrogate"]["rank"] == 4
    assert turned["CE", 1, "target"]["rank"] == 1


def test_only_images_that_both_have_right_count(planted) -> None:
    class Second(Groups):
        def forward(self, views: torch.Tensor) -> torch.Tensor:
            return super().forward(views).flip(1)  # says 3 on gray

    trained = of(planted, Second(), labels=(0, 0, 3))
    assert set(transferred_ranks(trained, target=KEY)["images"]) == {0}
    assert set(transferred_ranks(of(planted, Groups(), labels=(0, 0, 3)), target=KEY)["images"]) == {2}


def test_without_a_target_only_the_surrogate_is_judged(planted) -> None:
    assert set(transferred_ranks(of(planted, None))["on"]) == {"surrogate"}
