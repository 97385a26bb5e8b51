"""Measures of a trained encoder, at the end of a run. One a file: (trained, *, options) -> table of columns.

Pages show only such tables: no notebook loads weights.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from anatomy.augmentation import views
from anatomy.augmentation.parameters import Parameters
from anatomy.data.image_set import ImageSet
from anatomy.hardware.device import eager
from anatomy.networks.heads import Encoder, Others

Table = dict[str, list[Any]]  # a column holds numbers or words
CHUNK = 1000  # images through the network at once


@dataclass(frozen=True, kw_only=True)
class Trained:
    """A trained encoder and the images to judge it by; everything in evaluation mode, without gradient."""

    encoder: Encoder
    bank: ImageSet  # the images it was trained on
    unseen: ImageSet  # images it was not trained on: a tenth of the training set, or the test set
    size: int  # of a view, pixels
    draw: Callable[[int, str], Parameters]  # (how many, a name) -> parameters of one random view each
    generator: Callable[[str], torch.Generator]  # a name -> random numbers of this run
    autocast: Callable[[], AbstractContextManager[object]]  # the precision that the run was trained in
    predictor: nn.Module | None = None  # of a siamese method
    steps: int = 0  # updates that it was trained for
    others: Others = field(default_factory=dict)  # by key: of the runs whose weights the run uses

    def representations(self, images: ImageSet) -> Tensor:
        """h [N, F] of the whole, clean images."""
        return self._through(self.encoder.backbone, [views.clean(chunk, size=self.size) for chunk in _chunks(images)])

    def predictions(self, images: ImageSet) -> Tensor | None:
        """What the predictor makes of the clean embeddings [N, D]; None for a method without."""
        if self.predictor is None:
            return None
        network = nn.Sequential(self.encoder, self.predictor)
        return self._through(network, [views.clean(chunk, size=self.size) for chunk in _chunks(images)])

    def embeddings(self, images: ImageSet, name: str) -> Tensor:
        """z [N, D] of one random view of each image; another `name` gives another view."""
        parameters = self.draw(len(images), name)
        chunks = zip(_chunks(images), torch.arange(len(images)).split(CHUNK), strict=True)
        return self._through(
            self.encoder, [views.apply(chunk, parameters[rows], size=self.size) for chunk, rows in chunks]
        )

    def clean_embeddings(self, images: ImageSet, *, at_once: int = CHUNK) -> Tensor:
        """z [N, D] of the whole, clean images, so many through the network at a time: a layer may look at a batch."""
        chunks = images.images.split(at_once)
        return self._through(self.encoder, [views.clean(chunk, size=self.size) for chunk in chunks])

    def _through(self, network: nn.Module, chunks: list[Tensor]) -> Tensor:
        was, _ = network.training, network.eval()
        try:
            # Not compiled: another batch size, and evaluation mode, would be compiled anew for a few passes.
            with torch.no_grad(), self.autocast(), eager():
                return torch.cat([network(x.contiguous(memory_format=torch.channels_last)).float() for x in chunks])
        finally:
            network.train(was)


def _chunks(images: ImageSet) -> tuple[Tensor, ...]:
    chunks: tuple[Tensor, ...] = images.images.split(CHUNK)
    return chunks
