"""A triplet without predictor: towards the other view, away from another image.

Zhang et al. 2022, arXiv:2203.16262, Table 3; with a stop-gradient on both, as in their equation.
"""

from anatomy.methods.siamese import Siamese
from anatomy.quantities import Component


def triplet(encoder, generator, *, component: Component = "both"):
    """`component="center"` keeps o_e = -o_z of the negative, `"residual"` r_e = -r_n; `"none"` is the naive loss."""
    return Siamese(encoder, generator, online="embedding", target="triplet", component=component, predictor="none")
