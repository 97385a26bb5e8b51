"""decomposition-14: trained at a high temperature, InfoNCE is worse and its dimensions covary more."""

from math import log

from anatomy.arms.select import contrast
from anatomy.arms.vector_decomposition import better, learned, unseen
from anatomy.verdicts import Claim, Part, Sample, Shape, Tables

LOW, HIGH = ({"method": "simco", "loss": "info_nce", "temperature": temperature} for temperature in (0.1, 0.5))


def log_covariance(tables: Tables) -> Sample:
    return contrast((1, unseen(tables, **HIGH)), (-1, unseen(tables, **LOW)), of="log_covariance")


CLAIM = Claim(
    module=__name__,
    statement="InfoNCE at a temperature of 0.5 gives a lower accuracy and a higher covariance between dimensions than "
    "at 0.1.",
    attribution="ours",
    source="Derived here: at a high temperature the decorrelating part of the gradient fades (decomposition-13). An "
    "experiment over temperatures in Zhang et al. 2022, arXiv:2203.16262, is known to exist and was not seen.",
    quantity="kNN accuracy in points at T = 0.1 minus at T = 0.5; log of the sum over i != j of C_ij^2 of clean "
    "unseen embeddings at 0.5 minus at 0.1.",
    parts={
        "accuracy": better(0.5, LOW, HIGH, learned("InfoNCE at 0.1", **LOW)),
        "covariance": Part(Shape(log(1.1)), log_covariance, unit="log"),
    },
    notes="One learning rate for both.",
    min_preset="overnight",
)
