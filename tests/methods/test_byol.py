"""BYOL: its momentum encoder, and the control without predictor."""

import torch


def test_the_momentum_encoder_follows(tools) -> None:
    method = tools.build("byol", predictor_hidden=3, momentum=0.9)
    old = [p.clone() for p in method.momentum_encoder.parameters()]
    tools.train(method, tools.batch(6))
    assert not torch.equal(old[0], next(method.momentum_encoder.parameters()))
    for before, slow, fast in zip(old, method.momentum_encoder.parameters(), method.encoder.parameters(), strict=True):
        assert torch.allclose(slow, 0.9 * before + 0.1 * fast, rtol=1e-12)


def test_the_control_has_no_predictor(tools) -> None:
    method = tools.build("byol", online="embedding")
    assert method.predictor is None
    assert set(method(tools.batch(6)).watch) == {"z_1", "z_2", "index"}
