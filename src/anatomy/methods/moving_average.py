"""A moving average of the image's own embeddings as target, without predictor.

Zhang et al. 2022, arXiv:2203.16262, Table 1, after section 5.3 of Chen and He 2021, arXiv:2011.10566: eta <- m eta +
(1 - m) Z. m = 0.8 is that of a co-author's training code, whose mean squared error is our loss at `weight` 2 / D.
"""

from anatomy.methods.siamese import Siamese
from anatomy.quantities import Count, Positive, Share


def moving_average(encoder, generator, *, momentum: Share = 0.8, memory_size: Count = 50_000, weight: Positive = 1.0):
    """`memory_size`: at least as many as there are training images."""
    return Siamese(
        encoder,
        generator,
        online="embedding",
        target="memory",
        predictor="none",
        momentum=momentum,
        memory_size=memory_size,
        weight=weight,
    )
