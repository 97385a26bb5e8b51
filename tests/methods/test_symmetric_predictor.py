"""The predictor on both branches is SimSiam without its extra gradient."""

import torch


def test_it_is_simsiam_without_extra_gradient(tools) -> None:
    batch = tools.batch(6)
    one = tools.build("symmetric_predictor", predictor_hidden=3)
    other = tools.build("simsiam", predictor_hidden=3, component="none")
    assert one(batch).loss.item() == other(batch).loss.item()
    assert torch.equal(tools.weight_gradient(one, batch), tools.weight_gradient(other, batch))
