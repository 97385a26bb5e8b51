"""The triplet and its extra gradient -Z_n, whole and in parts."""

import pytest
import torch


@pytest.mark.parametrize("component", ["both", "center", "residual", "none"])
def test_loss_and_gradient(tools, component: str) -> None:
    """-Z_a . sg(Z_b + part of -Z_n); the negative of image i is image i - 1 of the batch."""

    def formula(method, batch):
        z, _ = tools.see(method, batch)
        loss = 0
        for a, b in ((0, 1), (1, 0)):
            extra = -torch.stack([z[b][i - 1] for i in range(6)])
            o_e = -z[b].mean(0)
            parts = {"both": extra, "center": o_e.expand(6, 4), "residual": extra - o_e, "none": 0 * extra}
            loss = loss + tools.pulled(z[a], z[b] + parts[component]) / 2
        return loss

    tools.assert_is(tools.build("triplet", component=component), tools.batch(6), formula)


def test_without_extra_gradient_it_is_the_naive_loss(tools) -> None:
    batch = tools.batch(6)
    one, other = tools.build("triplet", component="none"), tools.build("naive")
    assert torch.equal(tools.weight_gradient(one, batch), tools.weight_gradient(other, batch))
