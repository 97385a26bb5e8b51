"""DeACL, stage two: a robust student of an encoder that was trained without attacks, and without labels.

Zhang et al. 2022, arXiv:2207.10899, and the authors' code (pantheon5100/DeACL), whose defaults these are. Stage one is
any of the book's encoders. Both sides are backbones, as there: no projector takes part, and the student's is never
trained. Their view is a crop of the image padded by 4; here it is what the run's `views` are.
"""

from copy import deepcopy

import torch
from torch import Tensor, nn
from torch.nn.functional import cosine_similarity

from anatomy.attacks import evaluated, normalized, pixels_of
from anatomy.attacks.objectives import away_from, in_full
from anatomy.attacks.pgd import Steps, pgd
from anatomy.errors import InputError
from anatomy.networks.heads import Encoder, Others
from anatomy.quantities import Amount, Count, Key, Share
from anatomy.step import Batch, Method, StepOutput


class DeACL(Method):
    """The student's features meet the teacher's on the image, and their own on the attacked image.

    `teacher`: the key of the run whose backbone teaches, in evaluation mode and never trained.
    """

    views = 1
    repeats = False  # the attack's start is drawn on the processor

    def __init__(
        self,
        encoder: Encoder,
        others: Others,
        *,
        teacher: Key,
        epsilon: Share = 0.03137254901960784,  # 8/255 of a pixel's range
        alpha: Amount = 0.25,  # a step of the attack, in epsilon: 2/255
        attack_steps: Count = 5,
        gamma: Amount = 2.0,  # weight of the attacked image
    ) -> None:
        super().__init__()
        self.encoder, self.gamma = encoder, gamma
        # Where a step is only timed, no other run is there: the student as it began takes as long.
        taught_by = others.get(teacher, encoder).backbone
        check_features(teacher, taught_by, encoder.backbone)
        self.teacher: nn.Module = deepcopy(taught_by).requires_grad_(False)
        self.attack = Steps(epsilon=epsilon, step=alpha * epsilon, steps=attack_steps)

    def train(self, mode: bool = True) -> "DeACL":
        super().train(mode)
        self.teacher.eval()
        return self

    def forward(self, batch: Batch) -> StepOutput:
        (view,) = batch.views  # [N, 3, H, W]
        with torch.no_grad():
            taught = in_full(self.teacher(view))  # t(x) [N, F]
        attacked = normalized(self.attacked(pixels_of(view.detach()), taught, batch))
        # One pass: statistics of a batch that is half attacked, as in the authors' code.
        clean, moved = in_full(self.encoder.backbone(torch.cat([view, attacked]))).chunk(2)  # s(x), s(x') [N, F]
        loss = -cosine_similarity(clean, taught).mean() - self.gamma * cosine_similarity(moved, clean).mean()
        return StepOutput(loss, {"index": batch.index})

    def attacked(self, images: Tensor, taught: Tensor, batch: Batch) -> Tensor:
        """Images of the ball on which the student leaves the teacher; the student in evaluation mode."""
        with evaluated(self.encoder.backbone) as student:
            return pgd(student, images, taught, self.attack, batch.generator, away_from)


def check_features(teacher: str, taught_by: nn.Module, backbone: nn.Module) -> None:
    """InputError where teacher and student cannot be compared."""
    theirs, own = (getattr(each, "dimension", None) for each in (taught_by, backbone))
    if theirs != own:
        raise InputError(
            f"the teacher {teacher} has {theirs} features, but the student's backbone has {own}; "
            "give both the same backbone and width"
        )
