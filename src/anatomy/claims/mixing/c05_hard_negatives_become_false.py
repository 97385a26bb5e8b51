"""mixing-5: while a network learns, more and more of an anchor's hardest negatives are false ones."""

from anatomy.arms.score_visualization import accuracies
from anatomy.arms.select import recorded
from anatomy.verdicts import Claim, Part, Sample, Shape, Tables


def late_minus_early(tables: Tables) -> Sample:
    curves, arm = tables["score_curves"], accuracies(tables, "none")
    filled = curves[curves["real"] == 1]  # no random key of the start is left
    tenth = filled.groupby("key")["step"].transform("min") + 0.1 * curves["step"].max()
    late = recorded(curves, arm, "false_share_nearest", share=0.1)
    early = recorded(filled[filled["step"] <= tenth], arm, "false_share_nearest", share=1)
    return Sample.of(100 * (late - early).dropna().to_numpy(), arm)


CLAIM = Claim(
    module=__name__,
    statement="The share of keys that show the anchor's own class, among the keys that are nearest to it, rises while "
    "MoCo v2 learns.",
    attribution="ours",
    source="Restated here. That removing false negatives by labels leaves a large gap in Kalantidis et al. 2020, "
    "arXiv:2010.01028, is known only at second hand.",
    quantity="Share of the anchor's class among its nearest keys (as many as the recorder's `nearest`), in points: "
    "mean over the last tenth of the steps minus mean over the first tenth after the queue has filled.",
    parts={"late minus early": Part(Shape(1.0), late_minus_early)},
    notes="Labels are a diagnostic: no method sees them.",
    min_preset="laptop",
)
