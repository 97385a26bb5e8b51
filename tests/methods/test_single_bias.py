"""One vector for a predictor: p = Z + b."""

import pytest
import torch


def test_it_starts_as_the_naive_network(tools) -> None:
    one, other = tools.build("single_bias"), tools.build("naive")
    assert list(dict(one.predictor.named_parameters())) == ["bias"]
    assert not one.predictor.bias.any()
    assert one(tools.batch(6)).loss.item() == pytest.approx(other(tools.batch(6)).loss.item(), rel=1e-10)


def test_learned_on_frozen_embeddings_the_bias_lies_along_their_center(tools) -> None:
    """Embeddings around one direction: b grows along it, and o_p is longer than o_z."""
    generator = torch.Generator().manual_seed(0)
    z = torch.nn.functional.normalize(torch.randn(2000, 8, generator=generator) / 3 + torch.eye(8)[0]).double()
    bias = torch.zeros(8, dtype=torch.float64, requires_grad=True)
    for _ in range(100):
        p = torch.nn.functional.normalize(z + bias)
        (gradient,) = torch.autograd.grad(tools.pulled(p, z[torch.randperm(2000, generator=generator)]), bias)
        with torch.no_grad():
            bias -= gradient
    o_z, o_p = z.mean(0), torch.nn.functional.normalize(z + bias).mean(0)
    assert torch.cosine_similarity(bias, o_z, dim=0) > 0.99
    assert o_p.norm() > 1.05 * o_z.norm()
