"""Normalization layers under study: (channels) -> layer. One file a layer; its name is the string in a parameter."""

from math import gcd

from torch import Tensor

from anatomy.errors import InputError


def dividing(groups: int, channels: int) -> int:
    """The group count itself, or an InputError where it does not divide the channels."""
    if channels % groups:
        raise InputError(
            f"groups is {groups}, but a layer has {channels} channels, which it does not divide; "
            f"try {gcd(groups, channels)}"
        )
    return groups


def several(x: Tensor) -> Tensor:
    """The maps [N, C, H, W] themselves, or an InputError where there is only one: it has no batch statistics."""
    if len(x) < 2:
        raise InputError("a batch of 1 image has no statistics of the batch; give 2 or more, or a norm without them")
    return x
