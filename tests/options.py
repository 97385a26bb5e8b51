"""What each field and option of a run governs: the table that tests/test_options.py goes through.

A run is seen in the order of `ASPECTS`, in which each follows from those before it. An entry says what to change, and
which aspects change with it: those, none before the first of them, and where it says `only`, none at all beside them.
"""

from dataclasses import dataclass
from typing import Any

ASPECTS = (
    "images",  # trained on, with labels
    "unseen",  # evaluated on, with labels
    "weights",  # at the start: names, shapes and values
    "buffers",  # at the start: running statistics, queue, memory
    "order",  # of the images, in the first epoch
    "views",  # of every image, in the first epoch
    "loss",  # of the first step
    "losses",  # of the later steps, which depend on the first's gradient and update
    "recorded",  # the recorders' tables
    "measured",  # the measures' tables
)


@dataclass(frozen=True)
class Change:
    """A base run, the value that is exchanged for another, and what that governs."""

    base: dict[str, Any]
    to: Any
    governs: str  # several aspects: with spaces
    only: bool = False


# 3 steps of 16 images, the fewest whose losses know the rate of a second step. Nothing is recorded or measured where
# that is not what counts.
SMALL = {
    "method": "simco", "temperature": 0.2, "images": 48, "batch_size": 16, "epochs": 1, "size": 8, "width": 8,
    "hidden": 8, "dimension": 8, "recorders": "", "measures": "", "learning_rate": 1.0,
}  # fmt: skip


def of(**base: Any) -> dict[str, Any]:
    """`SMALL` with some values changed; None leaves one out."""
    return {name: value for name, value in (SMALL | base).items() if value is not None}


def changes(base: dict[str, Any], **options: tuple) -> dict[str, Change]:
    """Several options of one base: name = (other value, what it governs, and perhaps more of the base)."""
    return {
        name: Change({**base, **dict(*more)}, to, governs.removeprefix("only "), governs.startswith("only "))
        for name, (to, governs, *more) in options.items()
    }


DUAL = {"loss": "dual_temperature", "temperature": None, "temperature_intra": 0.2, "temperature_inter": 1.0}
QUEUE = of(method="mocov2", queue_size=24, momentum=0.9)
IN_BATCH = of(method="moco", queue_size=0, momentum=0.9)
OF_QUEUE = {
    "momentum": (0.5, "losses"),
    "queue_size": (40, "buffers loss"),
    "symmetric": (True, "loss"),
    "queue_skip": (8, "buffers losses"),
    "skip_from": (1, "loss", {"queue_skip": 8}),
    "exclude_own": (True, "losses", {"queue_size": 64, "epochs": 2}),  # an image meets its own key in the second epoch
    "transform_from": (1, "loss", {"transform": "shrunk_negatives"}),
}


def with_queue(method: str) -> dict[str, Change]:
    # The value of the loss with two dictionaries is InfoNCE's of the first; the second is in its gradient.
    two = QUEUE | of(**DUAL) | {"method": method}
    two.pop("temperature")
    return changes(QUEUE | {"method": method}, **OF_QUEUE) | changes(two, queue_size_inter=(16, "losses"))


def siamese(method: str, **base: Any) -> dict[str, Any]:
    return of(method=method, temperature=None, **base)


def labeled(**base: Any) -> dict[str, Any]:
    return siamese("supervised", projector="linear", dimension=10, hidden=None, **base)


BOTTLENECK = {"predictor_hidden": (16, "weights")}
PLAIN = siamese("siamese", predictor_hidden=8)
FIELDS = changes(
    SMALL,
    method=("simclr", "loss"),
    loss=("decoupled", "loss"),
    transform=("shrunk_negatives", "loss", QUEUE),
    backbone=("vgg7", "weights"),
    norm=("layer", "buffers loss"),
    projector=("mlp_norm", "weights"),
    views=("whole", "views"),
    recorders=("scores", "only recorded", {"recorders": "hardness"}),
    measures=("collapse", "only measured", {"measures": "knn"}),
    dataset=("others", "images unseen"),
    images=(32, "images order"),
    imbalance=(4.0, "images order", {"batch_size": 8}),
    imbalance_by=("chance", "images", {"imbalance": 4.0, "batch_size": 8}),
    evaluate_on=("test", "images unseen"),
    size=(12, "views"),
    epochs=(2, "losses"),
    batch_size=(12, "order"),
    learning_rate=(0.5, "losses"),
    optimizer=("adam", "losses"),
    sgd_momentum=(0.5, "losses"),
    weight_decay=(0.1, "losses"),
    warmup=(0.9, "losses"),
    schedule=("constant", "losses"),
    record_every=(2, "only recorded", {"recorders": "scores"}),
    seed=(1, "weights buffers order views loss", QUEUE),
)
ATTACKED = labeled() | {"method": "adversarial", "noise": "start", "k": 2.0, "alpha": 2.0}
AAER = ATTACKED | {"penalty": "aaer_as_written", "epsilon": 0.3}
METHODS = {
    "adversarial": changes(
        ATTACKED,
        epsilon=(0.1, "loss"),
        alpha=(0.5, "loss"),
        noise=("image", "loss"),
        k=(0.5, "loss"),
        distribution=("normal", "loss"),
        clip=(False, "loss"),
        fresh=(False, "loss"),
        penalty=("grad_align", "loss"),
        align_weight=(2.0, "loss", {"penalty": "grad_align"}),
        gap_weight=(9.0, "loss", AAER),
        spread_weight=(9.0, "loss", AAER),
    ),
    "deacl": changes(
        siamese("deacl", teacher="0" * 16),
        teacher=("f" * 16, "only "),  # where the runs are not in a store: the student as it began
        epsilon=(0.3, "loss"),
        alpha=(3.0, "loss"),
        attack_steps=(1, "loss"),
        gamma=(0.5, "loss"),
    ),
    "byol": changes(siamese("byol", predictor_hidden=8), online=("embedding", "weights"), momentum=(0.5, "losses")),
    "explicit_expectation": changes(siamese("explicit_expectation", fresh_views=2), fresh_views=(3, "views loss")),
    "moco": with_queue("moco")
    | changes(
        IN_BATCH, detach_keys=(False, "losses", {"momentum": None}), both_views=(True, "loss"), oracle=(True, "loss")
    ),
    "mocov2": with_queue("mocov2"),
    # The memory begins to count in an image's second epoch (the loss before is rounding), and to forget in its third.
    "moving_average": changes(
        siamese("moving_average", memory_size=48, epochs=3),
        momentum=(0.2, "losses"),
        memory_size=(50, "only buffers"),
        weight=(0.5, "loss losses"),
        random_start=(True, "buffers loss"),
        one_view=(True, "loss losses"),
    ),
    "naive": changes(siamese("naive"), weight=(0.5, "loss")),
    "barlow_twins": changes(siamese("barlow_twins"), weight=(0.5, "loss")),
    "vicreg": changes(siamese("vicreg"), variance=(0.5, "loss"), invariance=(0.5, "loss"), covariance=(5.0, "loss")),
    "amcl": changes(
        of(method="amcl", temperature=None),
        heads=(2, "weights"),
        regularizer=(1.0, "loss"),
        smallest=(0.5, "loss"),
        largest=(1.5, "loss"),
    ),
    "anchor_temperature": changes(
        of(method="anchor_temperature", temperature=None), smallest=(0.1, "loss"), largest=(0.5, "loss")
    ),
    "hallucinator": changes(of(method="hallucinator"), weight=(0.5, "loss"), smooth=(False, "weights")),
    "learned_temperature": changes(
        of(method="learned_temperature", temperature=None),
        start=(0.1, "loss"),
        smallest=(1.0, "losses", {"start": 1.0, "epochs": 12}),  # it rises first, and falls once images are told apart
        largest=(0.07, "losses"),
    ),
    "multi_head": changes(of(method="multi_head"), heads=(2, "weights")),
    "multi_view": changes(of(method="multi_view", positives=2), positives=(3, "views loss")),
    "phases": changes(
        siamese("phases", phases="covariance 2", predictor_hidden=8),
        phases=("correlation 2", "loss"),
        regularizer=(2.0, "loss"),
    ),
    "siamese": changes(
        PLAIN,
        online=("embedding", "loss"),
        target=("residual", "loss"),
        component=("center", "loss"),
        predictor=("linear", "weights"),
        momentum=(0.5, "losses", {"target": "momentum"}),
        fresh_views=(3, "views loss", {"target": "expectation", "fresh_views": 2}),
        memory_size=(50, "only buffers", {"target": "memory", "memory_size": 48}),
        weight=(0.5, "loss"),
        constant_predictor=(False, "losses"),
    ),
    "simco": changes(SMALL, symmetric=(False, "loss"), detach_keys=(True, "losses"), oracle=(True, "loss")),
    "simmoco": changes(of(method="simmoco", momentum=0.9), momentum=(0.5, "losses"), symmetric=(True, "loss")),
    "simsiam": changes(siamese("simsiam", predictor_hidden=8), component=("center", "loss")),
    "single_bias": changes(siamese("single_bias"), constant_predictor=(False, "losses")),
    "single_linear": changes(siamese("single_linear"), constant_predictor=(False, "losses")),
    "triplet": changes(siamese("triplet"), component=("center", "loss")),
}
for name in ("byol", "inverse_predictor", "mirror", "phases", "siamese", "simsiam", "symmetric_predictor"):
    METHODS[name] = METHODS.get(name, {}) | changes(siamese(name, predictor_hidden=8), **BOTTLENECK)
LOSSES = {
    "info_nce": changes(SMALL, temperature=(0.5, "loss")),
    "decoupled": changes(of(loss="decoupled"), temperature=(0.5, "loss")),
    "decoupled_weighted": changes(
        of(loss="decoupled_weighted"),
        temperature=(0.5, "loss"),
        sigma=(0.2, "loss"),
        detach_weights=(False, "losses"),
    ),
    "debiased": changes(of(loss="debiased"), temperature=(0.5, "loss"), tau_plus=(0.3, "loss")),
    "hard_negatives": changes(
        of(loss="hard_negatives"), temperature=(0.5, "loss"), beta=(2.0, "loss"), tau_plus=(0.3, "loss")
    ),
    "cacr": changes(
        of(method="multi_view", positives=2, loss="cacr"),
        temperature=(0.5, "loss"),
        tau_positive=(3.0, "loss"),
        detach_weights=(True, "losses"),
    ),
    "align_uniform": changes(of(loss="align_uniform"), temperature=(0.5, "loss"), weight=(0.5, "loss")),
    "spectral": changes(of(loss="spectral", temperature=None), mu=(2.0, "loss")),
    "dual_temperature": changes(of(**DUAL), temperature_intra=(0.5, "loss"), temperature_inter=(0.3, "losses")),
}
NOISE = {"noise_deviation": 0.5, "noise_groups": 8}
BACKBONES = {
    "resnet8": changes(SMALL, width=(16, "weights"), stem_stride=(1, "weights"), standardize=(True, "loss")),
    "resnet18": changes(of(backbone="resnet18"), width=(16, "weights"), standardize=(True, "loss")),
    "scatnet": changes(
        of(backbone="scatnet"), width=(16, "weights"), orientations=(4, "weights"), standardize=(True, "loss")
    ),
    "vgg7": changes(of(backbone="vgg7"), width=(16, "weights"), standardize=(True, "loss"), dropout=(0.5, "loss")),
    "vgg11": changes(
        of(backbone="vgg11", size=32),
        width=(16, "weights"),
        standardize=(True, "loss"),
        dropout=(0.5, "loss"),
        noise_mean=(1.0, "loss", NOISE),
        noise_deviation=(1.0, "loss", NOISE),
        noise_groups=(4, "loss", NOISE),
    ),
}
PROJECTORS = {
    "linear": changes(labeled(), dimension=(12, "weights")),
    "mlp": changes(SMALL, hidden=(12, "weights"), dimension=(12, "weights")),
    "mlp_norm": changes(
        of(projector="mlp_norm"),
        hidden=(12, "weights"),
        dimension=(12, "weights"),
        final_norm=(True, "buffers loss"),
    ),
}
DRAWN = {
    "crop_min": (0.5, "views"),
    "jitter": (0.1, "views"),
    "hue": (0.3, "views"),
    "jitter_share": (0.2, "views"),
    "gray_share": (0.9, "views"),
    "flip_share": (1.0, "views"),
}
VIEWS = {
    "standard": changes(SMALL, **DRAWN),
    "matrix": changes(of(views="matrix"), **DRAWN),
    "whole": changes(of(views="whole"), flip_share=(0.5, "views")),
}
CURVES = QUEUE | {"recorders": "score_curves", "record_every": 1}
HISTOGRAMS = QUEUE | {"recorders": "score_histograms", "record_every": 1, "every": 1}
MOCHI = QUEUE | {"transform": "mochi", "hardest": 8, "of_two": 6, "with_query": 4}
LANDSCAPE = labeled(recorders="landscape", record_every=1, every=2, distances=(0.1,))
RECORDERS = {
    "geometry": changes(of(recorders="geometry"), whole=(40, "only recorded")),
    "spectrum": changes(of(recorders="spectrum"), whole=(40, "only recorded")),
    "gradients": changes(labeled(recorders="gradients", record_every=1), window=(2, "only recorded")),
    "hardness": changes(of(recorders="hardness", temperatures=(0.1,)), temperatures=((0.3,), "only recorded")),
    "robustness": changes(
        labeled(recorders="robustness", record_every=1), ball=(0.3, "only recorded"), watched=(8, "only recorded")
    ),
    "landscape": changes(LANDSCAPE, every=(3, "only recorded"), distances=((0.2,), "only recorded")),
    "score_curves": changes(
        CURVES,
        exponential_temperature=(0.5, "only recorded"),
        nearest=(4, "only recorded"),
        anchors=(8, "only recorded"),
    ),
    "score_histograms": changes(
        HISTOGRAMS, bins=(20, "only recorded"), every=(2, "only recorded"), anchors=(8, "only recorded")
    ),
    "synthetic": changes(MOCHI | {"recorders": "synthetic"}, sampled=(8, "only recorded")),
}
BATCH_BOUND = labeled(measures="accuracy", norm="group_plus", groups=4)  # an answer depends on the batch's others
MEASURES = {
    "accuracy": changes(BATCH_BOUND, test_batch=(7, "only measured")),
    "gradient_parts": changes(
        of(measures="gradient_parts", temperatures=(0.1,), shares=(0.5,)),
        temperatures=((0.5,), "only measured"),
        shares=((0.9,), "only measured"),
    ),
    "hardness_grid": changes(
        of(measures="hardness_grid", sizes=(15,), temperatures=(0.1,)),
        sizes=((31,), "only measured"),
        temperatures=((0.5,), "only measured"),
    ),
    "identities": changes(of(measures="identities", temperatures=(0.1,)), temperatures=((0.5,), "only measured")),
    "family_identities": changes(
        of(measures="family_identities", temperatures=(0.1,)), temperatures=((0.5,), "only measured")
    ),
    "loss_curves": changes(of(measures="loss_curves"), curve_temperature=(0.5, "only measured")),
    "loss_options": changes(of(measures="loss_options"), options_temperature=(0.5, "only measured")),
    "loss_map": changes(of(measures="loss_map", temperatures=(0.1,)), temperatures=((0.5,), "only measured")),
    "knn": changes(of(measures="knn", images=96), vote_temperature=(0.001, "only measured")),
    "leak": changes(of(measures="leak"), batch=(16, "only measured")),
    "linear_probe": changes(of(measures="linear_probe"), weight_decay=(1000.0, "only measured")),
    "robust_accuracy": changes(
        labeled(measures="robust_accuracy", steps=1, auto_steps=2, attacked=40, auto_attacked=20, radius=0.02),
        radius=(0.3, "only measured"),
        steps=(20, "only measured", {"radius": 0.04, "attacked": 1000}),
        restarts=(3, "only measured"),
        attacked=(12, "only measured"),
        auto_steps=(9, "only measured"),
        auto_attacked=(12, "only measured"),
    ),
    "attack_identities": changes(labeled(measures="attack_identities"), widths=((9.0,), "only measured")),
    "local_linearity": changes(
        labeled(measures="local_linearity"), around=(0.3, "only measured"), asked=(12, "only measured")
    ),
    "class_ranks": changes(
        labeled(measures="class_ranks"),
        within=(0.3, "only measured"),
        steps=((2, 3), "only measured"),
        ranked=(12, "only measured"),
    ),
    "transferred_ranks": changes(
        labeled(measures="transferred_ranks"),
        target=("f" * 16, "only measured"),
        apart=(0.3, "only measured"),
        at_steps=((2, 3), "only measured"),
        carried=(12, "only measured"),
    ),
    "probe_under_attack": changes(
        of(measures="probe_under_attack", reach=0.02),
        reach=(0.3, "only measured"),
        probe_steps=(1, "only measured"),
        probed=(12, "only measured"),
    ),
    "defense_costs": changes(labeled(measures="defense_costs"), at_once=(16, "only measured")),
    "loss_costs": changes(of(measures="loss_costs"), per_step=(16, "only measured")),
    "positive_weights": changes(of(measures="positive_weights", taus=(1.0,)), taus=((3.0,), "only measured")),
    "step_time": changes(of(measures="step_time"), batch=(16, "only measured")),
}
OF_A_SHARE = {"alpha": (0.5, "loss"), "per_dimension": (True, "loss"), "renormalize": (True, "loss")}


def mixing(transform: str) -> dict[str, Any]:
    return QUEUE | {"transform": transform}


TRANSFORMS = {
    "feature_transformation": changes(
        mixing("feature_transformation"),
        alpha_positive=(0.5, "loss"),
        alpha_negative=(0.5, "loss"),
        per_dimension=(True, "loss"),
    ),
    "cluster_means": changes(mixing("cluster_means") | {"clusters": 6}, clusters=(3, "loss"), steps=(1, "loss")),
    "sphere_positives": changes(
        mixing("sphere_positives") | {"centers": 6},
        centers=(3, "loss"),
        steps=(1, "loss"),
        range_share=(0.5, "loss"),
    ),
    "mochi": changes(MOCHI, hardest=(2, "loss"), of_two=(3, "loss"), with_query=(0, "loss")),
    "negative_interpolation": changes(mixing("negative_interpolation"), **OF_A_SHARE),
    "positive_extrapolation": changes(mixing("positive_extrapolation"), **OF_A_SHARE, c=(2.0, "loss")),
    "positive_interpolation": changes(mixing("positive_interpolation"), **OF_A_SHARE),
    "positive_weight": changes(mixing("positive_weight"), c=(1.5, "loss")),
    "shrunk_negatives": changes(mixing("shrunk_negatives"), alpha=(0.5, "loss")),
}
PLUS = of(norm="group_plus", groups=4)
NORMS = {
    "group": changes(of(norm="group", groups=4), groups=(2, "loss")),
    "batch_channel": changes(
        of(norm="batch_channel", groups=4),
        groups=(2, "weights"),
        estimate=(True, "weights"),
        moving_speed=(0.5, "loss", {"estimate": True}),
    ),
    "group_plus": changes(
        PLUS,
        groups=(2, "loss"),
        order=("parallel", "loss"),
        per_channel=(True, "loss"),
        running=(True, "only buffers measured", {"measures": "collapse", "per_channel": True}),
    ),
}
OPTIONS = {
    "method": METHODS, "loss": LOSSES, "backbone": BACKBONES, "projector": PROJECTORS, "views": VIEWS,
    "recorder": RECORDERS, "measure": MEASURES, "transform": TRANSFORMS, "norm": NORMS,
}  # fmt: skip
TABLE: dict[str, Change] = FIELDS | {
    f"{kind} {name}: {option}": change
    for kind, named in OPTIONS.items()
    for name, options in named.items()
    for option, change in options.items()
}
