"""BYOL: the target is a momentum encoder's, which no gradient reaches."""

import torch


def test_loss_and_gradient_after_the_encoders_have_parted(tools) -> None:
    def formula(method, batch):
        unit = torch.nn.functional.normalize
        _, p = tools.see(method, batch)
        slow = [unit(method.momentum_encoder(view)) for view in batch.views]
        return (tools.pulled(p[0], slow[1]) + tools.pulled(p[1], slow[0])) / 2

    method = tools.build("byol", predictor_hidden=3, momentum=0.9)
    tools.train(method, tools.batch(6))
    tools.assert_is(method, tools.batch(6, seed=1), formula)
    assert all(p.grad is None for p in method.momentum_encoder.parameters())


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
