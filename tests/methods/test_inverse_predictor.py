"""Algorithm 5: three losses, each trains its own part."""

import torch


def test_loss_and_gradient(tools) -> None:
    """-P_a . sg(h_inv(P_b)), -h(sg Z_a) . sg(Z_b) and -h_inv(sg p_a) . sg(Z_a), of unit vectors."""

    def formula(method, batch):
        unit = torch.nn.functional.normalize
        raw = [method.encoder(view) for view in batch.views]
        p = [method.predictor(z) for z in raw]
        loss = 0
        for a, b in ((0, 1), (1, 0)):
            loss = loss + tools.pulled(unit(p[a]), unit(method.inverse(p[b]))) / 2
            apart = method.predictor(raw[a].detach())
            loss = loss + tools.pulled(unit(apart), unit(raw[b])) / 2
            loss = loss + tools.pulled(unit(method.inverse(apart.detach())), unit(raw[a])) / 2
        return loss

    tools.assert_is(tools.build("inverse_predictor", predictor_hidden=3), tools.batch(6), formula)


def test_both_predictors_keep_their_rate(tools) -> None:
    method = tools.build("inverse_predictor", predictor_hidden=3)
    heads = [*method.predictor.parameters(), *method.inverse.parameters()]
    assert [id(p) for p in method.constant_rate()] == [id(p) for p in heads]
