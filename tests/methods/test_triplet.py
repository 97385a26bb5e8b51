"""The triplet without its negative."""

import torch


def test_without_extra_gradient_it_is_the_naive_loss(tools) -> None:
    batch = tools.batch(6)
    one, other = tools.build("triplet", component="none"), tools.build("naive")
    assert torch.equal(tools.weight_gradient(one, batch), tools.weight_gradient(other, batch))
