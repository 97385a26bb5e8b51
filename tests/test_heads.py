"""The heads of siamese networks: projector, predictor, and the least of predictors."""

import pytest
import torch
from torch import nn

from anatomy.networks.heads import OneLayer, bottleneck, mlp_norm
from anatomy.runs import parts


def weights(network: nn.Module) -> int:
    return sum(p.numel() for p in network.parameters())


@pytest.mark.parametrize("final", [False, True])
def test_simsiams_projector(final: bool) -> None:
    """Linear without bias, BatchNorm, ReLU, twice; Linear with bias; BatchNorm without affine parameters, or none."""
    head = mlp_norm(16, hidden=8, dimension=5, final_norm=final)
    thrice = [nn.Linear, nn.BatchNorm1d, nn.ReLU] * 2 + [nn.Linear]
    assert [type(layer) for layer in head] == thrice + ([nn.BatchNorm1d] if final else [])
    assert weights(head) == 16 * 8 + 16 + 8 * 8 + 16 + (8 * 5 + 5)
    assert parts.signature("projector", "mlp_norm")["final_norm"].default is False


def test_the_final_norm_takes_the_center_away(generator: torch.Generator) -> None:
    h = torch.randn(50, 16, generator=generator) + 3
    with_norm = mlp_norm(16, hidden=8, dimension=5, final_norm=True)(h).detach()
    assert with_norm.mean(0).abs().max() < 1e-5
    torch.testing.assert_close(with_norm.std(0, correction=0), torch.ones(5), rtol=0, atol=1e-2)
    assert mlp_norm(16, hidden=8, dimension=5)(h).mean(0).abs().max() > 1e-3


def test_simsiams_predictor_is_a_bottleneck() -> None:
    head = bottleneck(8, 2)
    assert [type(layer) for layer in head] == [nn.Linear, nn.BatchNorm1d, nn.ReLU, nn.Linear]
    assert weights(head) == 8 * 2 + 4 + (2 * 8 + 8)


def test_one_layer_reads_unit_vectors(generator: torch.Generator) -> None:
    """z / |z| + b, and W z / |z|: by pencil on (3, 4)."""
    bias, linear = OneLayer(2, bias=True), OneLayer(2, bias=False)
    with torch.no_grad():
        bias.bias += torch.tensor([1.0, 0.0])
        linear.linear.weight.copy_(torch.tensor([[0.0, 5.0], [10.0, 0.0]]))
    z = torch.tensor([[3.0, 4.0]])
    torch.testing.assert_close(bias(z), torch.tensor([[1.6, 0.8]]))
    torch.testing.assert_close(linear(z), torch.tensor([[4.0, 6.0]]))
