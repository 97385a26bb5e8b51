"""BYOL: SimSiam with a momentum encoder as target. Grill et al. 2020, arXiv:2006.07733."""

from anatomy.methods.siamese import Siamese
from anatomy.quantities import Count, Online, Share


def byol(encoder, generator, *, online: Online = "prediction", momentum: Share = 0.99, predictor_hidden: Count = 512):
    """`online="embedding"`, without predictor, is the control for what momentum alone does."""
    return Siamese(
        encoder,
        generator,
        online=online,
        target="momentum",
        predictor="bottleneck" if online == "prediction" else "none",
        momentum=momentum,
        predictor_hidden=predictor_hidden,
    )
