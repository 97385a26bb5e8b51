"""decomposition-11: a single learned bias as predictor prevents collapse."""

from anatomy.arms.vector_decomposition import kept
from anatomy.verdicts import Claim

CLAIM = Claim(
    module=__name__,
    statement="SimSiam whose predictor only adds one learned vector to the embedding does not collapse.",
    attribution="ours",
    source="Known at second hand. The code of a co-author of Zhang et al. 2022, arXiv:2203.16262, has such a "
    "predictor among its options; the result itself was not seen.",
    quantity="Standard deviation x sqrt(D) and m_o of Z; p = Z + b, b = 0 at the start.",
    parts={"it is kept": kept(method="single_bias")},
    notes="Trained twice as long as the other arms, since its bias is zero at the start.",
    min_preset="laptop",
)
