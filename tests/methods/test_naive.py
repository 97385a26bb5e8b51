"""No predictor: the embeddings meet each other."""

import torch


def test_loss_and_gradient(tools) -> None:
    def formula(method, batch):
        z, _ = tools.see(method, batch)
        return (tools.pulled(z[0], z[1]) + tools.pulled(z[1], z[0])) / 2

    tools.assert_is(tools.build("naive"), tools.batch(6), formula)


def test_the_mean_squared_error_over_d_is_a_weight(tools) -> None:
    """|Z_a - sg Z_b|^2 / D = const - 2 Z_a . Z_b / D: the same gradient at weight 2 / D."""
    method, batch = tools.build("naive", weight=2 / 4), tools.batch(6)
    z, _ = tools.see(method, batch)
    error = sum((z[a] - z[b].detach()).square().mean() for a, b in ((0, 1), (1, 0))) / 2
    gradient = torch.autograd.grad(error, list(method.encoder.parameters()))
    expected = torch.cat([g.flatten() for g in gradient])
    assert torch.allclose(tools.weight_gradient(method, batch), expected, rtol=1e-10, atol=1e-14)
