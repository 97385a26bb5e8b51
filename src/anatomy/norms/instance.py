"""Instance normalization: every channel is its own group. Ulyanov et al. 2016, arXiv:1607.08022."""

from anatomy.norms.group import Group


def instance(channels: int) -> Group:
    """Statistics over the pixels of one channel of one image; with an affine map, which torch's layer lacks."""
    return Group(channels, groups=channels)
