"""SimSiam: the formula, its stop-gradient, and its extra gradient without one of its parts."""

import pytest
import torch


def formula(tools, method, batch):
    """-(P_1 . sg(Z_2) + P_2 . sg(Z_1)) / 2"""
    z, p = tools.see(method, batch)
    return (tools.pulled(p[0], z[1]) + tools.pulled(p[1], z[0])) / 2


def test_loss_and_gradient(tools) -> None:
    method = tools.build("simsiam", predictor_hidden=3)
    tools.assert_is(method, tools.batch(6), lambda m, b: formula(tools, m, b))


def test_without_the_stop_gradient_it_would_be_another(tools) -> None:
    method, batch = tools.build("simsiam", predictor_hidden=3), tools.batch(6)
    z, p = tools.see(method, batch)
    through = -((p[0] * z[1]).sum(1) + (p[1] * z[0]).sum(1)).mean() / 2
    assert method(batch).loss.item() == pytest.approx(through.item(), rel=1e-10)
    weights = list(method.encoder.parameters())
    whole = torch.cat([g.flatten() for g in torch.autograd.grad(through, weights)])
    assert (tools.weight_gradient(method, batch) - whole).norm() / whole.norm() > 0.1


@pytest.mark.parametrize(("component", "kept"), [("center", "o_e"), ("residual", "r_e"), ("none", "")])
def test_parts_of_the_extra_gradient(tools, component: str, kept: str) -> None:
    """-P_a . sg(P_b + part of (Z_b - P_b)): o_e is the batch mean, r_e what is left."""

    def formula(method, batch):
        z, p = tools.see(method, batch)
        loss = 0
        for a, b in ((0, 1), (1, 0)):
            extra = z[b] - p[b]
            o_e = extra.mean(0, keepdim=True)
            part = {"o_e": o_e, "r_e": extra - o_e, "": torch.zeros_like(extra)}[kept]
            loss = loss + tools.pulled(p[a], p[b] + part) / 2
        return loss

    tools.assert_is(tools.build("simsiam", predictor_hidden=3, component=component), tools.batch(6), formula)


def test_what_is_watched(tools) -> None:
    method, batch = tools.build("simsiam", predictor_hidden=3), tools.batch(6)
    watch = method(batch).watch
    assert set(watch) == {"z_1", "z_2", "p_1", "p_2", "index"}
    assert not any(vectors.requires_grad for vectors in watch.values())
    z, p = tools.see(method, batch)
    assert torch.allclose(watch["z_2"], z[1])
    assert torch.allclose(watch["p_1"], p[0])
