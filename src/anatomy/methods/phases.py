"""One network, one objective after another: what each does to the center and to the residuals.

Zhang et al. 2022, arXiv:2203.16262: Figure 4 switches between -Z_a . sg(o_z), which only knows the center, and
-Z_a . sg(Z_a - o_z), which only knows the residuals; Figure 5b lets a network collapse and then only decorrelates it.
"""

import torch
from torch import Tensor, nn

from anatomy.decomposition import decorrelation, spread_hinge
from anatomy.losses.info_nce import info_nce
from anatomy.networks.heads import Encoder, bottleneck
from anatomy.phase_plan import plan_of
from anatomy.quantities import Count, Objectives, Positive
from anatomy.siamese_base import Siamese, View, pull
from anatomy.similarity import in_batch, unit
from anatomy.step import Batch, StepOutput

TEMPERATURE = 0.1  # of the control info_nce


class Phases(Siamese):
    """`phases`, as `simsiam 40, center 20`: objectives and their steps, then from the first again.

    `simsiam`, `naive`, `mirror`, `center` and `residual` pull to a target; `covariance` or `correlation`: the
    decorrelation loss alone, times `regularizer`, mean of both views; `variance`: VICReg's hinge alone, which asks of
    each coordinate the deviation that uniform directions have, 1 / sqrt(D); `info_nce` in the batch; `nothing`: no
    gradient, so that weight decay and momentum alone move the encoder. A predictor that is not in an objective rests:
    it does not decay either.
    """

    predictor: nn.Module
    repeats = False

    def __init__(
        self,
        encoder: Encoder,
        *,
        phases: Objectives = "center 40, residual 40",
        regularizer: Positive = 1.0,
        predictor_hidden: Count = 512,
    ) -> None:
        super().__init__(encoder, bottleneck(encoder.dimension, predictor_hidden))
        self.plan, self.regularizer, self.step = plan_of(phases), regularizer, 0

    def now(self) -> str:
        """The objective of this step."""
        left = self.step % sum(length for _, length in self.plan)
        for name, length in self.plan:
            left -= length
            if left < 0:
                return name
        raise AssertionError("the steps of all phases sum to the period")

    def forward(self, batch: Batch) -> StepOutput:
        name = self.now()
        if name not in ("simsiam", "naive", "mirror", "center", "residual"):
            return self.alone(name, batch)
        a, b = self.see(batch)
        o_z = torch.cat([a.z, b.z]).mean(0)  # [D]
        loss = (self.pulled(name, a, b, o_z) + self.pulled(name, b, a, o_z)) / 2
        if name == "mirror":
            loss = loss + (self.learn_to_predict(a, b) + self.learn_to_predict(b, a)) / 2
        return self.output(loss, a, b, batch)

    def pulled(self, name: str, a: View, b: View, o_z: Tensor) -> Tensor:
        """View a to a target of view b's making, or of the center's."""
        match name:
            case "simsiam":
                return pull(a.p, b.z, b.p)
            case "mirror":
                return pull(a.z, b.p, b.z)
            case "center":
                return pull(a.z, o_z.expand_as(a.z), b.z)
            case "residual":
                return pull(a.z, a.z - o_z, b.z)
        return pull(a.z, b.z)

    def alone(self, name: str, batch: Batch) -> StepOutput:
        """A loss that knows no target. The predictor is watched, on unit embeddings, and does not learn."""
        z = [unit(self.encoder(view)) for view in batch.views]
        loss = self.without_target(name, z)
        p = [unit(self.predictor(each)) for each in z]
        (z_1, z_2), (p_1, p_2) = ([each.detach() for each in vectors] for vectors in (z, p))
        return StepOutput(loss, {"z_1": z_1, "z_2": z_2, "p_1": p_1, "p_2": p_2, "index": batch.index})

    def without_target(self, name: str, z: list[Tensor]) -> Tensor:
        """Of unit embeddings [N, D] of both views."""
        if name == "info_nce":
            both = [in_batch(z[0], z[1]), in_batch(z[1], z[0])]
            return torch.stack([info_nce(*side, temperature=TEMPERATURE).mean() for side in both]).mean()
        if name == "nothing":
            return 0 * torch.cat(z).sum()
        if name == "variance":
            return torch.stack([spread_hinge(each * each.shape[1] ** 0.5) for each in z]).mean()
        return self.regularizer * torch.stack([decorrelation(each, name == "correlation") for each in z]).mean()

    def after_step(self, output: StepOutput) -> None:
        self.step += 1

    def get_extra_state(self) -> Tensor:
        """The step, for a checkpoint: no buffer, which would lie on the device, and be waited for at each step."""
        return torch.tensor(self.step)

    def set_extra_state(self, state: Tensor) -> None:
        self.step = int(state)
