"""All images of a split as one tensor on the device.

32 x 32 images are small: 50,000 of them are 154 MB, so they stay on the device and no loader process is needed
(the layout of KellerJordan/cifar10-airbench). Views of them are made in batches, by `anatomy.augmentation.views`.
"""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Int64, UInt8
from torch import Tensor


@dataclass(frozen=True, eq=False)
class ImageSet:
    """Images 0 to 255 and their labels, on one device."""

    images: UInt8[Tensor, "N 3 H W"]
    labels: Int64[Tensor, " N"]

    @classmethod
    def of(
        cls,
        images: UInt8[np.ndarray, "N H W 3"],
        labels: Int64[np.ndarray, " N"],
        device: torch.device | str = "cpu",
    ) -> "ImageSet":
        """The images of a NumPy data set, copied to the device with the channels in front."""
        # np.array copies: the arrays of a Dataset are read-only, which a tensor cannot be.
        channels_first = torch.from_numpy(np.array(images.transpose(0, 3, 1, 2), order="C"))
        return cls(channels_first.to(device), torch.from_numpy(np.array(labels)).to(device))

    def to(self, device: torch.device | str) -> "ImageSet":
        """The same images on another device."""
        return ImageSet(self.images.to(device), self.labels.to(device))

    def __len__(self) -> int:
        return len(self.images)
