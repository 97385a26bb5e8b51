"""BYOL: SimSiam with a momentum encoder as target. Grill et al. 2020, arXiv:2006.07733."""

from copy import deepcopy

from anatomy.methods.moco import move_towards
from anatomy.networks.heads import Encoder, bottleneck
from anatomy.quantities import Count, Online, Share
from anatomy.siamese_base import Siamese, pull
from anatomy.similarity import unit
from anatomy.step import Batch, StepOutput


class BYOL(Siamese):
    """The prediction of one view meets the momentum encoder's embedding of the other.

    The predictor keeps the peak rate when that of the encoder falls (`constant_rate`), as SimSiam's does in the code of
    a co-author; of BYOL that is ours.

    `online="embedding"`, without predictor (P is Z), is the control for what momentum alone does.
    """

    def __init__(
        self,
        encoder: Encoder,
        *,
        online: Online = "prediction",
        momentum: Share = 0.99,
        predictor_hidden: Count = 512,
    ) -> None:
        super().__init__(encoder, bottleneck(encoder.dimension, predictor_hidden) if online == "prediction" else None)
        self.momentum = momentum
        self.momentum_encoder = deepcopy(encoder).requires_grad_(False)

    def forward(self, batch: Batch) -> StepOutput:
        a, b = self.see(batch)
        slow_b, slow_a = (unit(self.momentum_encoder(view.images)) for view in (b, a))
        loss = (pull(a.p, slow_b, b.p) + pull(b.p, slow_a, a.p)) / 2
        return self.output(loss, a, b, batch)

    def after_step(self, output: StepOutput) -> None:
        move_towards(self.momentum_encoder, self.encoder, self.momentum)
