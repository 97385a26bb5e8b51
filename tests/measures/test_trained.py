"""A large set goes through the network in parts, and comes out as one: each image with its own view, in their order."""

import pytest
import torch

from anatomy.augmentation import views


@pytest.mark.parametrize("chunk", [1, 3, 4, 10])
def test_parts_are_put_together(planted, chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    trained = planted(10, 5)
    flat, head = torch.nn.Flatten(), trained.encoder.projector
    clean = flat(views.clean(trained.bank.images, size=8))
    drawn = flat(views.apply(trained.bank.images, trained.draw(10, "a"), size=8))
    passes = []
    trained.encoder.backbone.register_forward_hook(lambda *given: passes.append(len(given[1][0])))
    monkeypatch.setattr("anatomy.measures.CHUNK", chunk)
    assert torch.equal(trained.representations(trained.bank), clean)
    assert max(passes) == min(chunk, 10)
    assert torch.allclose(trained.embeddings(trained.bank, "a"), head(drawn), atol=1e-5)
    assert torch.allclose(trained.clean_embeddings(trained.bank, at_once=chunk), head(clean), atol=1e-5)
