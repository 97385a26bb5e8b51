"""Mirror SimSiam: the predictor where no gradient flows, and yet it learns."""

import torch


def test_the_encoder_gets_no_gradient_through_the_predictor(tools) -> None:
    method, batch = tools.build("mirror", predictor_hidden=3), tools.batch(6)
    z, p = tools.see(method, batch)
    alone = (tools.pulled(z[0], p[1]) + tools.pulled(z[1], p[0])) / 2
    expected = torch.cat([g.flatten() for g in torch.autograd.grad(alone, list(method.encoder.parameters()))])
    assert torch.allclose(tools.weight_gradient(method, batch), expected, rtol=1e-10, atol=1e-14)
    assert all(weight.grad.any() for weight in list(method.predictor.parameters())[-2:])
