"""No predictor: the loss as a mean squared error."""

import torch


def test_the_mean_squared_error_over_d_is_a_weight(tools) -> None:
    """|Z_a - sg Z_b|^2 / D = const - 2 Z_a . Z_b / D: the same gradient at weight 2 / D."""
    method, batch = tools.build("naive", weight=2 / 4), tools.batch(6)
    z, _ = tools.see(method, batch)
    error = sum((z[a] - z[b].detach()).square().mean() for a, b in ((0, 1), (1, 0))) / 2
    gradient = torch.autograd.grad(error, list(method.encoder.parameters()))
    expected = torch.cat([g.flatten() for g in gradient])
    assert torch.allclose(tools.weight_gradient(method, batch), expected, rtol=1e-10, atol=1e-14)
