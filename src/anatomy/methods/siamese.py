"""Any vector pulled to any target: the free choice, of which the named methods of the family are some.

Zhang et al. 2022, arXiv:2203.16262. No study uses it; what each named method does stands in the method's own file.
"""

from copy import deepcopy

import torch
from torch import Tensor, nn

from anatomy.methods.inverse_predictor import learn_both
from anatomy.methods.moco import move_towards
from anatomy.methods.moving_average import check_large_enough, mean_of, remember
from anatomy.methods.triplet import of_another
from anatomy.networks.heads import Encoder, OneLayer, bottleneck
from anatomy.quantities import Component, Count, Online, Positive, Predictor, Share, Target
from anatomy.siamese_base import Siamese as Family
from anatomy.siamese_base import View, pull
from anatomy.similarity import unit
from anatomy.step import Batch, StepOutput


class Siamese(Family):
    """A vector of each view, `online`, meets a `target` made of the other; no gradient through the target.

    target      the other view's `embedding`, its `prediction`, its embedding by a `momentum` encoder; the
                `expectation` over `fresh_views` more views; the image's own moving average (`memory`); the `inverse`
                predictor's embedding; `triplet`: the embedding less that of another image; `center`: the mean
                embedding; `residual`: the view's own embedding less that mean
    component   what is kept of G_e: both parts, its center o_e, its residual r_e, or none
    predictor   h: a `bottleneck`, a `bias`, one `linear` layer, or none
    momentum    kept share of the momentum encoder, or of the moving average
    weight      multiplies the loss

    A predictor that the loss does not reach (Mirror SimSiam) or that must be undone (inverse predictor) also learns
    to predict the other view's embedding, from embeddings without gradient.
    """

    def __init__(
        self,
        encoder: Encoder,
        *,
        online: Online = "prediction",
        target: Target = "embedding",
        component: Component = "both",
        predictor: Predictor = "bottleneck",
        predictor_hidden: Count = 512,
        momentum: Share = 0.99,
        fresh_views: Count = 10,
        memory_size: Count = 50_000,
        weight: Positive = 1.0,
        constant_predictor: bool = True,
    ) -> None:
        width = encoder.dimension
        h = head(predictor, width, predictor_hidden)
        super().__init__(encoder, h, constant_predictor=constant_predictor)
        self.online, self.target, self.component = online, target, component
        self.momentum, self.weight = momentum, weight
        self.inverse = bottleneck(width, predictor_hidden) if target == "inverse" else None
        self.momentum_encoder = deepcopy(encoder).requires_grad_(False) if target == "momentum" else None
        self.memory: Tensor | None
        self.register_buffer(
            "memory", torch.zeros(memory_size, width, dtype=torch.float16) if target == "memory" else None
        )
        if target == "expectation":
            self.views = 2 + fresh_views

    def check_data(self, images: int, classes: int) -> None:
        if self.memory is not None:
            check_large_enough(self.memory, images)

    def forward(self, batch: Batch) -> StepOutput:
        a, b = self.see(batch)
        with torch.no_grad():
            to_b, to_a = self.targets(a, b, batch)
        loss = (self.towards(a, b, to_b) + self.towards(b, a, to_a)) / 2
        return self.output(self.weight * loss + self.beside(a, b), a, b, batch, index=batch.index, mean=mean_of(a, b))

    def towards(self, a: View, b: View, target: Tensor) -> Tensor:
        vectors, basic = (a.p, b.p) if self.online == "prediction" else (a.z, b.z)
        return pull(vectors, target, basic, self.component)

    def targets(self, a: View, b: View, batch: Batch) -> tuple[Tensor, Tensor]:
        """T of view a and of view b, [N, D] each."""
        one: Tensor
        match self.target:
            case "expectation":
                one = torch.stack([unit(self.encoder(view)) for view in batch.views[2:]]).mean(0)
            case "memory":
                assert self.memory is not None
                one = self.memory[batch.index].to(a.z)
            case "center":
                one = torch.cat([a.z, b.z]).mean(0).expand_as(a.z)
            case "residual":
                center = torch.cat([a.z, b.z]).mean(0)
                return a.z - center, b.z - center
            case _:
                return self.made_of(b), self.made_of(a)
        return one, one

    def made_of(self, other: View) -> Tensor:
        """T [N, D] of the view that the other one is of."""
        if self.momentum_encoder is not None:
            return unit(self.momentum_encoder(other.images))
        if self.inverse is not None:
            return unit(self.inverse(other.predicted))
        if self.target == "triplet":
            return other.z - of_another(other.z)
        return other.p if self.target == "prediction" else other.z

    def beside(self, a: View, b: View) -> Tensor:
        """What trains the predictors alone."""
        if self.inverse is not None and self.predictor is not None:
            return learn_both(self.predictor, self.inverse, a, b)
        if self.online == "embedding" and self.target == "prediction":
            return (self.learn_to_predict(a, b) + self.learn_to_predict(b, a)) / 2
        return torch.zeros((), device=a.z.device)

    def constant_rate(self) -> list[nn.Parameter]:
        undoing = [] if self.inverse is None or not self.constant_predictor else list(self.inverse.parameters())
        return super().constant_rate() + undoing

    def after_step(self, output: StepOutput) -> None:
        if self.momentum_encoder is not None:
            move_towards(self.momentum_encoder, self.encoder, self.momentum)
        if self.memory is not None:
            remember(self.memory, output, self.momentum)


def head(kind: Predictor, dimension: int, hidden: int) -> nn.Module | None:
    if kind == "none":
        return None
    return bottleneck(dimension, hidden) if kind == "bottleneck" else OneLayer(dimension, bias=kind == "bias")
