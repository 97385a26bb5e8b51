"""Mirror SimSiam: the predictor where no gradient flows, and yet it learns."""

import torch


def test_loss_and_gradient(tools) -> None:
    """-Z_a . sg(P_b) trains the encoder; -h(sg Z_a) . sg(Z_b), unit vectors, the predictor alone."""

    def formula(method, batch):
        z, p = tools.see(method, batch)
        apart = [torch.nn.functional.normalize(method.predictor(method.encoder(v).detach())) for v in batch.views]
        return sum(tools.pulled(z[a], p[b]) + tools.pulled(apart[a], z[b]) for a, b in ((0, 1), (1, 0))) / 2

    tools.assert_is(tools.build("mirror", predictor_hidden=3), tools.batch(6), formula)


def test_the_encoder_gets_no_gradient_through_the_predictor(tools) -> None:
    method, batch = tools.build("mirror", predictor_hidden=3), tools.batch(6)
    z, p = tools.see(method, batch)
    alone = (tools.pulled(z[0], p[1]) + tools.pulled(z[1], p[0])) / 2
    expected = torch.cat([g.flatten() for g in torch.autograd.grad(alone, list(method.encoder.parameters()))])
    assert torch.allclose(tools.weight_gradient(method, batch), expected, rtol=1e-10, atol=1e-14)
    assert all(weight.grad.any() for weight in list(method.predictor.parameters())[-2:])
