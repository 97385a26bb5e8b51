"""SimSiam. Chen and He 2021, arXiv:2011.10566, Algorithm 1; taken apart by Zhang et al. 2022, arXiv:2203.16262.

`component="center"` keeps o_e of the extra gradient, `"residual"` r_e; `"none"` is the symmetric predictor's loss.
"""

from anatomy.methods.siamese import Siamese
from anatomy.quantities import Component, Count


def simsiam(encoder, generator, *, component: Component = "both", predictor_hidden: Count = 512):
    """The prediction of one view meets the embedding of the other."""
    return Siamese(encoder, generator, component=component, predictor_hidden=predictor_hidden)
