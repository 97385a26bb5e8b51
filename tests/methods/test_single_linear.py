"""One linear layer for a predictor: p = W Z."""

import torch


def test_loss_and_gradient(tools) -> None:
    def formula(method, batch):
        unit = torch.nn.functional.normalize
        z = [unit(method.encoder(view)) for view in batch.views]
        p = [unit(each @ method.predictor.linear.weight.T) for each in z]
        return (tools.pulled(p[0], z[1]) + tools.pulled(p[1], z[0])) / 2

    tools.assert_is(tools.build("single_linear"), tools.batch(6), formula)


def test_it_has_no_bias_and_may_follow_the_schedule(tools) -> None:
    method = tools.build("single_linear")
    assert list(dict(method.predictor.named_parameters())) == ["linear.weight"]
    assert len(method.constant_rate()) == 1
    assert tools.build("single_linear", constant_predictor=False).constant_rate() == []
