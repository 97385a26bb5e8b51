"""robust-1: NoiseAug with uniform noise is N-FGSM."""

from anatomy.arms.dictionary_size import identity
from anatomy.verdicts import Claim, Exact, Part

CLAIM = Claim(
    module=__name__,
    statement="NoiseAug with uniform noise of k epsilon and a step of 1.25 epsilon gives the images of N-FGSM with the "
    "same k and a step of epsilon. The gradient of relative cross-entropy in the logits is 1/K - e_y.",
    attribution="ours",
    source="Derived here from the authors' code of NoiseAug (Niu et al. 2022, arXiv:2202.05488) and of N-FGSM (de "
    "Jorge et al. 2022, arXiv:2202.01181); relative cross-entropy (Zhang et al. 2022, arXiv:2204.00089) in the form "
    "that the abstract implies, since its code was never published.",
    quantity="Largest difference of two pixels, and of two entries of a gradient, in float64 on a trained network.",
    parts={
        name: Part(Exact(1e-12), identity(name, "attack_identities"), demonstration=True)
        for name in ("NoiseAug is N-FGSM", "the gradient of relative cross-entropy is 1/K - e_y")
    },
    min_preset="smoke",
)
