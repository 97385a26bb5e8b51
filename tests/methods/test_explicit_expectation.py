"""The mean over fresh views, and how many views that takes."""

import torch


def test_loss_and_gradient(tools) -> None:
    def formula(method, batch):
        z, _ = tools.see(method, batch)
        target = sum(torch.nn.functional.normalize(method.encoder(view)) for view in batch.views[2:]) / 3
        return (tools.pulled(z[0], target) + tools.pulled(z[1], target)) / 2

    method = tools.build("explicit_expectation", fresh_views=3)
    assert method.views == 5
    tools.assert_is(method, tools.batch(6, views=5), formula)


def test_a_fresh_view_is_encoded_once_and_without_gradient(tools) -> None:
    method = tools.build("explicit_expectation", fresh_views=3)
    passes = []
    method.encoder.register_forward_hook(lambda *_: passes.append(torch.is_grad_enabled()))
    method(tools.batch(6, views=5))
    assert passes == [True] * 2 + [False] * 3


def test_ten_views_by_default(tools) -> None:
    assert tools.build("explicit_expectation").views == 12
    assert tools.build("naive").views == 2
