"""A tiny encoder and batches for the methods, in float64, so that what is equal is equal to 1e-10."""

from collections.abc import Callable
from functools import partial

import pytest
import torch
from torch import nn

from anatomy.losses.info_nce import info_nce
from anatomy.networks.heads import Encoder
from anatomy.runs import parts
from anatomy.similarity import unit
from anatomy.step import Batch

DIMENSION, SIZE = 4, 4


def tiny_encoder(seed: int = 0, norm: bool = False) -> Encoder:
    """[N, 3, 4, 4] -> [N, 4]; without a normalization layer an image's embedding depends on that image alone."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        features = 3 * SIZE * SIZE
        layers = [nn.Flatten(), nn.Linear(features, 8), nn.BatchNorm1d(8) if norm else nn.Tanh()]
        return Encoder(nn.Sequential(*layers), nn.Linear(8, DIMENSION), DIMENSION)


def batch_of(n: int, seed: int = 0, views: int = 2) -> Batch:
    generator = torch.Generator().manual_seed(1000 + seed)
    views = (torch.randn(n, 3, SIZE, SIZE, generator=generator).double() for _ in range(views))
    return Batch(tuple(views), torch.zeros(n, dtype=torch.int64), torch.arange(n))


def build(name: str, *, seed: int = 0, norm: bool = False, loss=None, **options):
    """A method on a tiny encoder; InfoNCE at T = 0.2 unless another loss is given."""
    loss = loss or partial(info_nce, temperature=0.2)
    generator = torch.Generator().manual_seed(seed)
    encoder = tiny_encoder(seed, norm)
    pieces = {"encoder": encoder, "classifier": encoder, "loss": loss, "generator": generator, "others": {}}
    wanted = {piece: pieces[piece] for piece in parts.wants("method", name) if piece in pieces}
    with torch.random.fork_rng(devices=[]):  # a predictor draws its weights, as in the trainer, from torch's own
        torch.manual_seed(seed)
        return parts.load("method", name)(**wanted, **options).double()


def train(method, batch: Batch, rate: float = 0.5):
    """One step of plain gradient descent, in the trainer's order."""
    output = method(batch)
    method.zero_grad(set_to_none=True)
    output.loss.backward()
    with torch.no_grad():
        for weight in (p for p in method.parameters() if p.grad is not None):
            weight -= rate * weight.grad
    method.after_step(output)
    return output


class Tools:
    """What the tests of all methods share: with pytest's importlib mode, files cannot import it."""

    build = staticmethod(build)
    batch = staticmethod(batch_of)
    encoder = staticmethod(tiny_encoder)
    train = staticmethod(train)

    @staticmethod
    def view_gradients(method, batch: Batch) -> list[torch.Tensor | None]:
        """The loss's gradient with respect to each view: which branches does it flow through?"""
        views = tuple(view.clone().requires_grad_() for view in batch.views)
        method(Batch(views, batch.labels, batch.index)).loss.backward()
        return [view.grad for view in views]

    @staticmethod
    def weight_gradient(method, batch: Batch) -> torch.Tensor:
        """All of the encoder's gradients in one row."""
        method.zero_grad(set_to_none=True)
        method(batch).loss.backward()
        return torch.cat([p.grad.flatten() for p in method.encoder.parameters()])

    @staticmethod
    def see(method, batch: Batch) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
        """Unit embeddings and, where there is a predictor, unit predictions of the first two views."""
        raw = [method.encoder(view) for view in batch.views[:2]]
        predicted = [unit(method.predictor(z)) for z in raw] if method.predictor else []
        return [unit(z) for z in raw], predicted

    @staticmethod
    def pulled(vectors: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        """-A . sg(T), mean over the batch."""
        return -torch.einsum("nd,nd->n", vectors, target.detach()).mean()

    @staticmethod
    def spy(seen: list) -> Callable:
        """InfoNCE at T = 0.2 that also keeps a copy of the negatives it saw."""

        def loss(positive, negatives):
            keys = getattr(negatives, "keys", None)
            seen.append(None if keys is None else keys.detach().clone())
            return info_nce(positive, negatives, temperature=0.2)

        return loss


@pytest.fixture
def tools() -> type[Tools]:
    return Tools
