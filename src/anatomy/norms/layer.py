"""Layer normalization of maps: all channels are one group. Ba et al. 2016, arXiv:1607.06450; as Wu and He 2018 have it.

The affine map is per channel, and not per channel and pixel as in the paper: so the four layers differ in nothing but
what they average over.
"""

from anatomy.norms.group import Group


def layer(channels: int) -> Group:
    """Statistics over all channels and pixels of an image."""
    return Group(channels, groups=1)
