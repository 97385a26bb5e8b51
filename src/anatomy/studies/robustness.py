"""Chapter six: adversarial training by one step of gradient sign, its noise, its costs, and how it may fail."""

from anatomy.quantities import Share
from anatomy.runs.arm import Arm, ids, on
from anatomy.runs.config import Run
from anatomy.runs.floor import CLASSES, floor_runs
from anatomy.settings import Settings
from anatomy.studies._taught import FAMILY, OWN, surrogate, taught


def arms(
    base: Settings,
    *,
    full: bool,  # of the preset: every arm, or those that the page is about
    epsilon: Share = 0.0,  # radius of every attack, as a share of a pixel's range; 0: the preset's
) -> list[Arm]:
    """One small classifier, trained on attacked images, one thing about the attack differs at a time; then students
    that learn to withstand attacks without labels, of encoders of the book's."""
    epsilon = epsilon or base["epsilon"]
    encoders = taught(base, epsilon, full)
    base = {name: value for name, value in base.items() if name not in ("crop_min", *OWN)}  # there is no crop
    base |= CLASSIFIER | {"dimension": CLASSES.get(base["dataset"], 10)} | within(epsilon)
    attacks = {name: attack | weights(attack, epsilon) | {"epsilon": epsilon} for name, attack in ATTACKS.items()}
    ordinary = Arm(
        {"method": "supervised"}
        | also(base, "class_ranks", within=epsilon, ranked=min(500, base.get("attacked", 500))),
        ids(FAMILY, 9, 10, 12, 13),
    )
    chosen = [
        Arm(
            attacks["FGSM"] | also(base, "defense_costs", at_once=min(128, base["batch_size"])),
            ids(FAMILY, 2, 3, 4, 7, *EIGHT[full]),
        ),
        Arm(attacks["N-FGSM"] | also(base, "attack_identities"), ids(FAMILY, 1, 2, 5, 6, *EIGHT[full])),
        Arm(attacks["noise after the attack"], ids(FAMILY, 5)),
        Arm(attacks["fixed noise"], ids(FAMILY, 6)),
        Arm(attacks["AAER"], ids(FAMILY, 11)),
        Arm(attacks["AAER as written"], ids(FAMILY, 11)),
        Arm(attacks["GradAlign"], figure=True),
    ]
    further = [
        *(Arm(attacks[name], ids(FAMILY, 8)) for name in ("FGSM, step of 2", "N-FGSM, step of 2")),
        *(Arm(attacks[name], figure=True) for name in ("FGSM-RS", "normal noise")),
    ]
    known = on(base, [ordinary, *chosen, *(further if full else ())])
    return [*known, surrogate(base, known[0].settings, epsilon), *encoders]


def floors(base: Settings, *, seeds: tuple[int, ...], full: bool) -> list[Run]:
    """What the accuracies without an attack are held against: a linear classifier and kNN, on pixels and on the network
    untrained."""
    return floor_runs(base, seeds=seeds, measures="knn,linear_probe")


# One linear layer on top, whole images that are flipped, no crop: the least that these papers augment. The learning
# rate is that of their code, 0.2 for a batch of 128.
CLASSIFIER: Settings = {"projector": "linear", "views": "whole", "flip_share": 0.5, "learning_rate": 0.4}
NOISY: Settings = {"noise": "start", "k": 2.0, "clip": False}  # N-FGSM, which is NoiseAug with uniform noise
ATTACKS: dict[str, Settings] = {
    name: {"method": "adversarial"} | options
    for name, options in {
        "FGSM": {},
        "N-FGSM": NOISY,
        "noise after the attack": {"noise": "after", "k": 2.0},
        "fixed noise": NOISY | {"fresh": False},
        "GradAlign": {"penalty": "grad_align"},
        "AAER": NOISY | {"penalty": "aaer"},
        "AAER as written": NOISY | {"penalty": "aaer_as_written"},
        "FGSM-RS": {"noise": "start", "alpha": 1.25},
        "normal noise": {"noise": "image", "alpha": 1.25, "distribution": "normal"},
        "FGSM, step of 2": {"alpha": 2.0, "clip": False},
        "N-FGSM, step of 2": NOISY | {"alpha": 2.0},
    }.items()
}
EIGHT = {True: (8,), False: ()}  # whether the arms with larger steps are there


def weights(attack: Settings, epsilon: float) -> Settings:
    """Of a penalty, by the authors: GradAlign's by their formula; AAER's for the nearer of 8 and 16/255."""
    if attack.get("penalty") == "grad_align":
        return {"align_weight": round(0.02 * 10 ** (epsilon * 255 / 8), 3)}
    if "penalty" not in attack:
        return {}
    far = epsilon * 255 > 12
    return {"gap_weight": 8.5, "spread_weight": 1.5} if far else {"gap_weight": 1.5, "spread_weight": 0.15}


def within(epsilon: float) -> Settings:
    """The radius of every attack that a run is measured by."""
    return {"ball": epsilon, "radius": epsilon, "around": epsilon}


def also(base: Settings, measure: str, **options: object) -> Settings:
    """One more measure."""
    return {"measures": f"{base['measures']},{measure}"} | options


BRIEF: Settings = {
    "recorders": "robustness",
    "measures": "robust_accuracy,local_linearity",
    "teachers": ("simco", "simsiam", "mocov2"),
    "student_steps": 5,  # the authors'
}
# PGD-50-10 and APGD of 100 steps, as these papers evaluate.
THOROUGH: Settings = {"robust_accuracy.steps": 50, "restarts": 10, "auto_steps": 100, "attacked": 1000}
# What this chapter has otherwise at a preset: fields and options of the Run, and `seeds`.
SIZES: dict[str, Settings] = {
    "smoke": BRIEF
    | {
        "epsilon": 16 / 255,
        "attacked": 32,
        "auto_attacked": 16,
        "robust_accuracy.steps": 4,
        "auto_steps": 4,
        "asked": 32,
    }
    | {"watched": 16, "teachers": ("simco",), "student_steps": 2},
    # At 4 and 8/255 a pilot (seed 2000, 3 epochs) stayed at chance on shapes, whose classes a small change hides.
    # A student of 5 epochs (the same pilot: 78 CPU seconds) has 14 % under PGD, and a longer one is no laptop's: one
    # teacher is enough to show what that looks like.
    "laptop": BRIEF
    | {"epsilon": 2 / 255, "size": 16, "record_every": 20}
    | {"teachers": ("simco",), "student_steps": 3},
    # 8/255: at 16/255 a small network had 21 % under PGD on CIFAR-10, which leaves hardly anything to lose.
    # 20,000 images at 16 x 16 and 8 passes leave enough: a pilot of FGSM (seed 2000, held-out images) had 45 % without
    # an attack, 31 % under FGSM and 33 % under APGD on its first 128, where guessing gives 10.
    # Core minutes of the 132 runs that claims read, with measuring (EPYC with AVX-512, bfloat16, busy): 109; seconds
    # a run of FGSM 29, an encoder 40, a student, whose images go forward and back five times in place of twice, 90.
    # With AVX2 a run of FGSM took 95.
    "overnight": BRIEF
    | {
        "epsilon": 8 / 255,
        "images": 20_000,
        "batch_size": 128,
        "stem_stride": 2,
        "rungs": (2, 4, 8),
        "student_steps": 3,
    }
    | {"robust_accuracy.steps": 20, "restarts": 2, "auto_steps": 20, "attacked": 1000, "auto_attacked": 256}
    | {"record_every": 50},
    # The papers' own length, batch and larger radius.
    "gpu": BRIEF | THOROUGH | {"epsilon": 16 / 255, "epochs": 30, "batch_size": 128},
}

# The claims that are measured at every rung of a preset (`ladder`).
CLIMBS = ("robust-5", "robust-6")
