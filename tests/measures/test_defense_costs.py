"""What a step of each defense costs, counted in passes of a network that can count."""

import torch
from torch import Tensor, nn

from anatomy.attacks import normalized
from anatomy.measures.defense_costs import DEFENSES, ROUNDS, defense_costs


class Counting(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.weight, self.passes = nn.Parameter(torch.ones(())), 0

    def forward(self, x: Tensor) -> Tensor:
        self.passes += 1
        return (self.weight * x).flatten(1)[:, :3].tanh()


def test_the_passes_of_each_defense(generator: torch.Generator) -> None:
    """Forward passes: the loss; one step's gradient; the gradient at a random point; ten of PGD and one that judges."""
    x, y = torch.rand(4, 3, 2, 2, generator=generator), torch.tensor([0, 1, 2, 0])
    passes = {}
    for name, step in DEFENSES.items():
        network = Counting()
        step(lambda pixels, network=network: network(normalized(pixels)), x, y).backward()
        passes[name] = network.passes
        assert network.weight.grad is not None
    assert passes == {"none": 1, "FGSM": 2, "NoiseAug": 2, "GradAlign": 3, "PGD-10": 12}


def test_its_table(planted) -> None:
    trained = planted(40, 5)
    trained.encoder.eval()
    table = defense_costs(trained, at_once=8)
    assert table["defense"] == list(DEFENSES)
    assert min(table["milliseconds"]) > 0
    assert table["milliseconds"][4] > table["milliseconds"][0]
    assert set(table["images"]) == {8}
    assert not trained.encoder.training
    assert all(weight.grad is None for weight in trained.encoder.parameters())
    assert ROUNDS % 2 == 1  # a median that is one of them
