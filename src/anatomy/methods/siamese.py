"""Siamese learning without negatives: SimSiam, its relatives, and what is taken away from them.

Zhang et al. 2022, arXiv:2203.16262; SimSiam is Chen and He 2021, arXiv:2011.10566, Algorithm 1. Every method here has
the loss -A . sg(B + G_e): A is one view's vector, B the other view's vector of the same kind, and the extra gradient
G_e = T - B leads from there to the method's own target T. Each method is a file of five lines that sets the dials.
"""

from copy import deepcopy
from typing import Any

import torch
from torch import Tensor, nn

from anatomy.decomposition import decompose_gradient
from anatomy.errors import InputError
from anatomy.heads import Encoder, OneLayer, bottleneck
from anatomy.methods.moco import move_towards
from anatomy.quantities import Component, Count, Online, Positive, Predictor, Share, Target
from anatomy.similarity import unit
from anatomy.step import Batch, Method, StepOutput


class Siamese(Method):
    """Pull a vector of each view towards a target made of the other; no gradient through the target.

    online      A: the unit embedding Z, or the unit prediction P = h(z)
    target      T: the other view's `embedding`, its `prediction`, its embedding by a `momentum` encoder; the
                `expectation` over `fresh_views` more views; the image's own moving average (`memory`); the `inverse`
                predictor's embedding; `triplet`: the embedding less that of another image; `center`: the mean
                embedding; `residual`: A less that mean
    component   what is kept of G_e: both parts, its center o_e, its residual r_e, or none
    predictor   h: a `bottleneck`, a `bias`, one `linear` layer, or none
    momentum    kept share of the momentum encoder, or of the moving average
    weight      multiplies the loss
    constant_predictor  the predictor's learning rate is the peak rate at every step, whatever the schedule says

    A predictor that the loss does not reach (Mirror SimSiam) or that must be undone (inverse predictor) also learns
    to predict the other view's embedding, from embeddings without gradient.
    """

    views = 2

    def __init__(
        self,
        encoder: Encoder,
        generator: torch.Generator,
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
        super().__init__()
        self.encoder, self.online, self.target, self.component = encoder, online, target, component
        self.momentum, self.weight, self.constant_predictor = momentum, weight, constant_predictor
        width = encoder.dimension
        # None where the dials do not need them.
        self.predictor: Any = _predictor(predictor, width, predictor_hidden)
        self.inverse: Any = bottleneck(width, predictor_hidden) if target == "inverse" else None
        self.momentum_encoder: Any = deepcopy(encoder).requires_grad_(False) if target == "momentum" else None
        if target == "expectation":
            self.views = 2 + fresh_views
        if target == "memory":
            self.memory: Tensor
            # Half precision: `memory_size` x D x 2 bytes in a checkpoint, 26 MB for 50,000 images and D = 256.
            self.register_buffer("memory", torch.zeros(memory_size, width, dtype=torch.float16))

    def refuse_unfit(self, images: int, classes: int) -> None:
        if self.target == "memory" and images > len(self.memory):
            raise InputError(
                f"memory_size is {len(self.memory)}, but there are {images} training images; "
                f"it must be at least {images}"
            )

    def forward(self, batch: Batch) -> StepOutput:
        raw = [self.encoder(view) for view in batch.views[:2]]  # [N, D] each
        z = [unit(each) for each in raw]
        predicted = [self.predictor(each) for each in raw] if self.predictor else []
        p = [unit(each) for each in predicted]
        with torch.no_grad():
            fresh = [unit(self.encoder(view)) for view in batch.views[2:]]
        vectors = p if self.online == "prediction" else z
        loss = torch.zeros((), device=z[0].device)
        for a, b in ((0, 1), (1, 0)):
            basic = vectors[b]  # B; `pull` lets no gradient through it
            with torch.no_grad():
                extra = decompose_gradient(basic, self.target_of(a, b, z, predicted, fresh, batch))  # G_e = T - B
            loss = loss + pull(vectors[a], basic + extra.only(self.component)) / 2
        loss = self.weight * loss + self.learn_to_predict(raw, z)
        return StepOutput(loss, self.watched(z, p, batch))

    def target_of(
        self, a: int, b: int, z: list[Tensor], predicted: list[Tensor], fresh: list[Tensor], batch: Batch
    ) -> Tensor:
        """T [N, D] of view a, made of view b; called without gradient."""
        match self.target:
            case "prediction":
                return unit(predicted[b])
            case "momentum":
                return unit(self.momentum_encoder(batch.views[b]))
            case "expectation":
                return torch.stack(fresh).mean(0)
            case "memory":
                return self.memory[batch.index].to(z[a])  # zeros, which pull nowhere, at the first visit
            case "inverse":
                return unit(self.inverse(predicted[b]))
            case "triplet":
                if len(z[b]) < 2:
                    raise InputError("a batch of 1 image has no other image to be led away from; it must be 2 or more")
                return z[b] - z[b].roll(1, 0)  # the batch is in random order, so its neighbor is any other image
            case "center":
                return torch.cat(z).mean(0).expand_as(z[a])
            case "residual":
                return z[a] - torch.cat(z).mean(0)
        return z[b]

    def learn_to_predict(self, raw: list[Tensor], z: list[Tensor]) -> Tensor:
        """L_pred, and L_inv of Algorithm 5: they train the predictors alone, a half for each view. The algorithm as
        printed lacks the half in one term of the encoder's loss; here both terms have it."""
        loss = torch.zeros((), device=z[0].device)
        mirror = self.online == "embedding" and self.target == "prediction"
        for a, b in ((0, 1), (1, 0)) if mirror or self.inverse is not None else ():
            p = self.predictor(raw[a].detach())
            loss = loss + pull(unit(p), z[b]) / 2
            if self.inverse is not None:
                loss = loss + pull(unit(self.inverse(p.detach())), z[a]) / 2
        return loss

    def watched(self, z: list[Tensor], p: list[Tensor], batch: Batch) -> dict[str, Tensor]:
        named = {f"{name}_{view}": each for name, of in (("z", z), ("p", p)) for view, each in enumerate(of, start=1)}
        return {**{name: vectors.detach() for name, vectors in named.items()}, "index": batch.index}

    def constant_rate(self) -> list[nn.Parameter]:
        """The predictor's, as in facebookresearch/simsiam (--fix-pred-lr)."""
        heads = [head for head in (self.predictor, self.inverse) if head is not None and self.constant_predictor]
        return [parameter for head in heads for parameter in head.parameters()]

    @torch.no_grad()
    def after_step(self, output: StepOutput) -> None:
        if self.momentum_encoder is not None:
            move_towards(self.momentum_encoder, self.encoder, self.momentum)
        if self.target == "memory":
            index, seen = output.watch["index"], (output.watch["z_1"] + output.watch["z_2"]) / 2
            old = self.memory[index].to(seen)  # eta <- m eta + (1 - m) Z, and Z itself at the first visit
            moved = torch.where(old.any(1, keepdim=True), old.lerp(seen, 1 - self.momentum), seen)
            self.memory[index] = moved.to(self.memory.dtype)


def pull(vectors: Tensor, target: Tensor) -> Tensor:
    """-A . sg(T), mean over the batch: the gradient with respect to A is -T, along the sphere."""
    return -(vectors * target.detach()).sum(1).mean()


def _predictor(kind: str, dimension: int, hidden: int) -> nn.Module | None:
    if kind == "none":
        return None
    return bottleneck(dimension, hidden) if kind == "bottleneck" else OneLayer(dimension, bias=kind == "bias")
