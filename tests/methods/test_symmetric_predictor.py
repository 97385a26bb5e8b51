"""The predictor on both branches is the naive loss of h(f), and SimSiam without its extra gradient."""

import torch


def test_loss_and_gradient(tools) -> None:
    def formula(method, batch):
        _, p = tools.see(method, batch)
        return (tools.pulled(p[0], p[1]) + tools.pulled(p[1], p[0])) / 2

    tools.assert_is(tools.build("symmetric_predictor", predictor_hidden=3), tools.batch(6), formula)


def test_it_is_simsiam_without_extra_gradient(tools) -> None:
    batch = tools.batch(6)
    one = tools.build("symmetric_predictor", predictor_hidden=3)
    other = tools.build("simsiam", predictor_hidden=3, component="none")
    assert one(batch).loss.item() == other(batch).loss.item()
    assert torch.equal(tools.weight_gradient(one, batch), tools.weight_gradient(other, batch))
