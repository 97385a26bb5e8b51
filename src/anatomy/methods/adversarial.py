"""Adversarial training by one step of gradient sign, with labels: cheap, and in danger of learning to hide from it.

FGSM: Goodfellow et al. 2015, arXiv:1412.6572; FGSM-RS: Wong et al. 2020, arXiv:2001.03994; N-FGSM: de Jorge et al.
2022, arXiv:2202.01181; NoiseAug: Niu et al. 2022, arXiv:2202.05488; GradAlign: Andriushchenko and Flammarion 2020,
arXiv:2007.02617; AAER: Lin et al. 2023, arXiv:2404.08154. Which options make which: `attacks.single_step`.
"""

import torch
from torch import Generator, Tensor

from anatomy.attacks import normalized, pixels_of
from anatomy.attacks.abnormal import aaer
from anatomy.attacks.alignment import misaligned
from anatomy.attacks.objectives import cross_entropy, in_full
from anatomy.attacks.single_step import Attacked, SingleStep, draw, single_step
from anatomy.methods.supervised import Supervised
from anatomy.networks.heads import Encoder
from anatomy.quantities import Amount, Distribution, Noise, Penalty, Share
from anatomy.step import Batch, StepOutput


class Adversarial(Supervised):
    """Cross-entropy on attacked images alone. The embedding z has one entry a class, its logit.

    As in the code of all these papers the attack asks the network in training mode: one batch's statistics for the
    gradient, another's for the loss, and both move the running ones.
    """

    repeats = False  # noise is drawn on the processor

    def __init__(
        self,
        classifier: Encoder,
        generator: Generator | None = None,
        *,
        epsilon: Share = 0.03137254901960784,  # 8/255 of a pixel's range
        alpha: Amount = 1.0,  # the step, in epsilon
        noise: Noise = "none",
        k: Amount = 1.0,  # width of the noise, in epsilon
        distribution: Distribution = "uniform",
        clip: bool = True,  # back into the ball
        fresh: bool = True,  # noise is drawn anew at each step, or once for each image
        penalty: Penalty = "none",
        align_weight: Amount = 0.2,  # of grad_align: the authors' at 8/255; at 16/255 they have 2
        gap_weight: Amount = 1.5,  # of aaer, theirs with N-FGSM at 8/255; at 16/255 they have 8.5
        spread_weight: Amount = 0.15,  # and 1.5
    ) -> None:
        super().__init__(classifier)
        self.attack = SingleStep(epsilon=epsilon, alpha=alpha, noise=noise, k=k, clip=clip)
        self.distribution: Distribution = distribution
        self.penalty, self.align_weight = penalty, align_weight
        self.gap_weight, self.spread_weight = gap_weight, spread_weight
        self.fresh, self.seed = fresh, 0 if generator is None else generator.initial_seed()
        self.count, self.fixed = 0, torch.empty(0)  # noise of each training image, once it is known what size it has

    def check_data(self, images: int, classes: int) -> None:
        super().check_data(images, classes)
        self.count = images

    def forward(self, batch: Batch) -> StepOutput:
        (view,) = batch.views  # [N, 3, H, W]
        images = pixels_of(view.detach())
        attacked = single_step(self.network, images, batch.labels, self.noise(images, batch), self.attack)
        outputs = self.network(attacked.images)  # [N, classes]
        losses = cross_entropy(outputs, batch.labels)
        loss = losses.mean() + self.beside(attacked, outputs, losses, images, batch)
        before, after = attacked.asked.losses, losses.detach()
        return StepOutput(
            loss, {"z_1": outputs.detach(), "view_1": view, "labels": batch.labels, "before": before, "after": after}
        )

    def network(self, pixels: Tensor) -> Tensor:
        """Pixels in [0, 1] to logits."""
        return in_full(self.encoder(normalized(pixels)))

    def noise(self, images: Tensor, batch: Batch) -> Tensor | None:
        """Of width 1, in the shape of the images; an image's fixed noise lies still while its view is flipped."""
        if self.attack.noise == "none":
            return None
        if self.fresh:
            return draw(images, self.distribution, batch.generator)
        if not len(self.fixed):  # the same after a stop: nothing but the run's seed decides it
            of_all = images.new_empty(1).expand(self.count, *images.shape[1:])
            self.fixed = draw(of_all, self.distribution, Generator().manual_seed(self.seed))
        return self.fixed[batch.index]

    def beside(
        self, attacked: Attacked, outputs: Tensor, losses: Tensor, images: Tensor, batch: Batch
    ) -> Tensor | float:
        """What is added to the cross-entropy."""
        if self.penalty == "none":
            return 0.0
        if self.penalty == "grad_align":
            known, epsilon = attacked.asked.gradient, self.attack.epsilon
            bent = misaligned(self.network, images, batch.labels, known, epsilon, batch.generator)
            return self.align_weight * bent
        return aaer(
            attacked.asked,
            outputs,
            losses,
            gap_weight=self.gap_weight,
            spread_weight=self.spread_weight,
            as_written=self.penalty == "aaer_as_written",
        )
