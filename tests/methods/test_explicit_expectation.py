"""The mean over fresh views: how many, and how they are encoded."""

import torch


def test_a_fresh_view_is_encoded_once_and_without_gradient(tools) -> None:
    method = tools.build("explicit_expectation", fresh_views=3)
    passes = []
    method.encoder.register_forward_hook(lambda *_: passes.append(torch.is_grad_enabled()))
    method(tools.batch(6, views=5))
    assert passes == [True] * 2 + [False] * 3


def test_ten_views_by_default(tools) -> None:
    assert tools.build("explicit_expectation").views == 12
    assert tools.build("naive").views == 2
