"""SimSiam: what its stop-gradient changes, and what is watched."""

import pytest
import torch


def test_without_the_stop_gradient_it_would_be_another(tools) -> None:
    method, batch = tools.build("simsiam", predictor_hidden=3), tools.batch(6)
    z, p = tools.see(method, batch)
    through = -((p[0] * z[1]).sum(1) + (p[1] * z[0]).sum(1)).mean() / 2
    assert method(batch).loss.item() == pytest.approx(through.item(), rel=1e-10)
    weights = list(method.encoder.parameters())
    whole = torch.cat([g.flatten() for g in torch.autograd.grad(through, weights)])
    assert (tools.weight_gradient(method, batch) - whole).norm() / whole.norm() > 0.1


def test_what_is_watched(tools) -> None:
    method, batch = tools.build("simsiam", predictor_hidden=3), tools.batch(6)
    watch = method(batch).watch
    assert set(watch) == {"z_1", "z_2", "p_1", "p_2", "index"}
    assert not any(vectors.requires_grad for vectors in watch.values())
    z, p = tools.see(method, batch)
    assert torch.allclose(watch["z_2"], z[1])
    assert torch.allclose(watch["p_1"], p[0])
