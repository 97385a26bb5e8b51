"""family-21: cluster means are as good negatives as the keys that they stand for."""

from anatomy.arms.loss_family import learned, over_queue, queued
from anatomy.verdicts import Claim, Equivalence, Part, Sample, Tables


def blocks_minus_keys(tables: Tables) -> Sample:
    return over_queue(tables, "cluster_means")


CLAIM = Claim(
    module=__name__,
    statement="64 cluster means, each as often as its cluster has keys, are as good negatives as the 4,096 keys, to "
    "within a point.",
    attribution="ours",
    source="Restated here as an equivalence. PamC, arXiv:2209.14067, lets clusters repel each other in the place of "
    "samples; its code was read (gayanku/PAMC), whose README gives seconds and no accuracy that could be compared.",
    quantity="kNN accuracy in points, MoCo v2 with 4,096 keys at a batch of 256 and T = 0.1: cluster means minus keys.",
    parts={"means minus keys": Part(Equivalence(1.0), blocks_minus_keys, mechanism=learned("MoCo v2", queued))},
    margins="one point",
    min_preset="overnight",
)
