"""A planted network: an encoder whose representation and embedding are known functions of the pixels."""

from collections.abc import Callable
from contextlib import nullcontext

import pytest
import torch
from torch import Tensor, nn

from anatomy.augmentation import views
from anatomy.augmentation.parameters import Parameters
from anatomy.data.image_set import ImageSet
from anatomy.measures import Trained
from anatomy.networks.heads import Encoder
from anatomy.training.streams import stream

SIZE = 8  # pixels


class Spy(Trained):
    """Keeps the embeddings that a measure asked for, by name."""

    def embeddings(self, images: ImageSet, name: str) -> Tensor:
        found = super().embeddings(images, name)
        self.encoder.asked[name] = found
        return found


def plant(bank: int, unseen: int, *, backbone: nn.Module | None = None, classes: int = 3) -> Spy:
    """Random images; the backbone flattens them unless another is given, the projector is linear."""
    generator = torch.Generator().manual_seed(0)

    def images(count: int) -> ImageSet:
        pixels = torch.randint(0, 256, (count, 3, SIZE, SIZE), generator=generator)
        labels = torch.randint(0, classes, (count,), generator=generator)
        return ImageSet(pixels.to(torch.uint8), labels)

    features = 3 * SIZE * SIZE
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        encoder = Encoder(backbone or nn.Flatten(), nn.Linear(features, 6), 6)
    encoder.asked = {}

    def draw(count: int, name: str) -> Parameters:
        return views.standard(count, SIZE, SIZE, stream(0, name))

    return Spy(
        encoder=encoder,
        bank=images(bank),
        unseen=images(unseen),
        size=SIZE,
        draw=draw,
        generator=lambda n: stream(0, n),
        autocast=nullcontext,
    )


@pytest.fixture
def planted() -> Callable[..., Spy]:
    return plant
