"""What siamese methods share: two views of each image, one encoder, often a predictor, and no negatives.

Zhang et al. 2022, arXiv:2203.16262; SimSiam is Chen and He 2021, arXiv:2011.10566, Algorithm 1. A method of the family
says in its own file what is pulled to what; `see` makes the vectors and `pull` is the loss of one against another.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from anatomy.decomposition import decompose_gradient
from anatomy.networks.heads import Encoder
from anatomy.quantities import Component
from anatomy.similarity import unit
from anatomy.step import Batch, Method, StepOutput, Watch


@dataclass(frozen=True)
class View:
    """One view of N images and the vectors that the networks make of it; without predictor h, P is Z."""

    images: Tensor  # [N, 3, H, W]
    raw: Tensor  # z [N, D]
    z: Tensor  # Z [N, D], its unit vector
    predicted: Tensor  # h(z) [N, D]
    p: Tensor  # P [N, D], its unit vector


class Siamese(Method):
    """The networks and the bookkeeping; `forward` is the method's own.

    `constant_predictor`: its learning rate is the peak rate at every step, as in facebookresearch/simsiam
    (--fix-pred-lr).
    """

    views = 2

    def __init__(
        self, encoder: Encoder, predictor: nn.Module | None = None, *, constant_predictor: bool = True
    ) -> None:
        super().__init__()
        self.encoder, self.predictor, self.constant_predictor = encoder, predictor, constant_predictor

    def see(self, batch: Batch) -> tuple[View, View]:
        """The first two views, all of them through one network before the next: BatchNorm keeps the order."""
        images = batch.views[:2]
        raw = [self.encoder(view) for view in images]
        z = [unit(each) for each in raw]
        predicted = raw if self.predictor is None else [self.predictor(each) for each in raw]
        p = z if self.predictor is None else [unit(each) for each in predicted]
        a, b = (View(*vectors) for vectors in zip(images, raw, z, predicted, p, strict=True))
        return a, b

    def output(self, loss: Tensor, a: View, b: View, batch: Batch, **kept: Tensor) -> StepOutput:
        watch: Watch = {"z_1": a.z.detach(), "z_2": b.z.detach(), "index": batch.index}
        if self.predictor is not None:
            watch |= {"p_1": a.p.detach(), "p_2": b.p.detach()}
        return StepOutput(loss, watch, keep=kept)

    def learn_to_predict(self, a: View, b: View) -> Tensor:
        """Trains h alone, where the loss does not reach it: h(sg z_a) towards Z_b."""
        assert self.predictor is not None
        return pull(unit(self.predictor(a.raw.detach())), b.z)

    def constant_rate(self) -> list[nn.Parameter]:
        return [] if self.predictor is None or not self.constant_predictor else list(self.predictor.parameters())


def pull(vectors: Tensor, target: Tensor, basic: Tensor | None = None, component: Component = "both") -> Tensor:
    """-A . sg(T), mean over the batch: the gradient with respect to A is -T, along the sphere.

    With `basic`, the other view's vector of A's own kind B, T is made as B + G_e, and of the extra gradient
    G_e = T - B only this `component` is kept. (Both parts are T again, but for the rounding that all runs have seen.)
    """
    if basic is not None:
        with torch.no_grad():
            target = basic + decompose_gradient(basic, target).only(component)
    return -(vectors * target.detach()).sum(1).mean()
