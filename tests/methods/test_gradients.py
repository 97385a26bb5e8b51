"""Every method's loss and its gradient, by each weight and through each view, against a formula written out here.

A formula has two terms, one for each view, and says for each factor whether a gradient flows through it; `sg` stops it.
Before they are compared a method has made two steps: momentum encoder and encoder have parted, queue and memory hold
keys of images.
"""

from collections.abc import Callable
from functools import partial
from itertools import product

import pytest
import torch
from torch import Tensor
from torch.nn.functional import cosine_similarity, cross_entropy

from anatomy.losses.cacr import cacr
from anatomy.losses.dual_temperature import dual_temperature
from anatomy.runs import parts
from anatomy.step import Batch
from reference import assert_close

T, N = 0.2, 6
BOTH = ((0, 1), (1, 0))
Formula = Callable[..., Tensor]


def sg(tensor: Tensor) -> Tensor:
    return tensor.detach()


def unit(z: Tensor) -> Tensor:
    return z / z.square().sum(1, keepdim=True).sqrt()


# --- with negatives: the mean of -log softmax at the positive


def info_nce(anchor: Tensor, key: Tensor, negatives: list[Tensor]) -> Tensor:
    """`negatives`: for each anchor its own [K, D]."""
    rows = [torch.cat([(a @ k)[None], own @ a]) / T for a, k, own in zip(anchor, key, negatives, strict=True)]
    return torch.stack([row.logsumexp(0) - row[0] for row in rows]).mean()


def others(z: Tensor) -> list[Tensor]:
    """Of each image, the other images' rows."""
    return [torch.cat([z[:i], z[i + 1 :]]) for i in range(len(z))]


def in_batch(method, batch, *, symmetric: bool, detach_keys: bool = False, both_views: bool = False) -> Tensor:
    """Each term has keys of its own: from the momentum encoder, or from the encoder and then perhaps detached."""
    z = [unit(method.encoder(view)) for view in batch.views]
    slow = method.momentum_encoder
    keys = z if slow is None else [sg(unit(slow(view))) for view in batch.views]
    keys = [sg(key) for key in keys] if detach_keys else keys
    terms = []
    for a, b in BOTH[: 1 + symmetric]:
        negatives = others(keys[b])
        if both_views:
            negatives = [torch.cat(pair) for pair in zip(negatives, others(z[a]), strict=True)]
        terms.append(info_nce(z[a], keys[b], negatives))
    return sum(terms) / len(terms)


def with_queue(
    method, batch, *, symmetric: bool, detach_keys: bool = True, skip: int = 0, count: int = 10, exclude: bool = False
) -> Tensor:
    """Anchors of one view, keys of the other, negatives from the queue's newest but `skip`."""
    make = method.encoder if method.momentum_encoder is None else method.momentum_encoder
    z, keys = ([unit(net(view)) for view in batch.views] for net in (method.encoder, make))
    queue, ids = (buffer.roll(-int(method.queue.position), 0) for buffer in (method.queue.keys, method.queue.index))
    last = len(queue) - skip
    queue, ids = queue[last - count : last], ids[last - count : last]
    of_each = [queue[ids != i] if exclude else queue for i in batch.index]
    keys = [sg(key) for key in keys] if detach_keys else keys
    terms = [info_nce(z[a], keys[b], of_each) for a, b in BOTH[: 1 + symmetric]]
    return sum(terms) / len(terms)


def two_dictionaries(method, batch, *, skip: int = 0, many: int = 10) -> Tensor:
    """W at its own temperature over the newest `many` keys, without gradient, times the decoupled loss over 4 keys."""
    z, key = unit(method.encoder(batch.views[0])), sg(unit(method.momentum_encoder(batch.views[1])))
    queue = method.queue.keys.roll(-int(method.queue.position), 0)
    positive = (z * key).sum(1)
    few, all_of_them = queue[-4 - skip :][:4], torch.cat([positive[:, None], z @ queue[-many:].T], 1) / 2.0
    weight = sg(1 - all_of_them.softmax(1)[:, 0])
    product = weight * ((z @ few.T / T).logsumexp(1) - positive / T)
    value = sg(info_nce(z, key, [few] * N))
    return value + (product - sg(product)).mean()


# --- without negatives: -A . sg(T), the mean over both views


def pulled(vectors: Tensor, target: Tensor) -> Tensor:
    return -(vectors * sg(target)).sum(1).mean()


def siamese(method, batch, *, online: str, target: Formula, weight: float = 1.0, beside: Formula | None = None):
    """A = Z or P of view a against `target(method, batch, z, p, a, b)`; `beside`: what trains the predictors alone."""
    raw = [method.encoder(view) for view in batch.views[:2]]
    z, h = [unit(each) for each in raw], method.predictor
    p = [] if h is None else [unit(h(each)) for each in raw]
    vectors = p if online == "p" else z
    loss = sum(pulled(vectors[a], target(method, batch, z, p, a, b)) for a, b in BOTH) / 2
    return weight * loss + (sum(beside(method, raw, z, a, b) for a, b in BOTH) / 2 if beside else 0)


def learns_to_predict(method, raw, z, a, b) -> Tensor:
    """L_pred: h(sg Z_a) meets sg(Z_b)."""
    return pulled(unit(method.predictor(sg(raw[a]))), z[b])


def learns_to_undo(method, raw, z, a, b) -> Tensor:
    """L_pred, and L_inv: h_inv(sg h(Z_a)) meets sg(Z_a)."""
    undone = unit(method.inverse(sg(method.predictor(sg(raw[a])))))
    return learns_to_predict(method, raw, z, a, b) + pulled(undone, z[a])


def extra(part: str, basic: Tensor, target: Tensor) -> Tensor:
    """The basic gradient, and what is kept of the extra one."""
    g = target - basic
    o = g.mean(0).expand_as(g)
    return basic + {"both": g, "center": o, "residual": g - o, "none": 0 * g}[part]


TARGETS: dict[str, Formula] = {
    "embedding": lambda m, batch, z, p, a, b: z[b],
    "prediction": lambda m, batch, z, p, a, b: p[b],
    "momentum": lambda m, batch, z, p, a, b: unit(m.momentum_encoder(batch.views[b])),
    "expectation": lambda m, batch, z, p, a, b: sum(unit(m.encoder(v)) for v in batch.views[2:]) / len(batch.views[2:]),
    "memory": lambda m, batch, z, p, a, b: m.memory[batch.index],
    "inverse": lambda m, batch, z, p, a, b: unit(m.inverse(m.predictor(m.encoder(batch.views[b])))),
    "triplet": lambda m, batch, z, p, a, b: torch.stack([z[b][i] - z[b][i - 1] for i in range(N)]),
    "center": lambda m, batch, z, p, a, b: ((z[0] + z[1]) / 2).mean(0).expand_as(z[a]),
    "residual": lambda m, batch, z, p, a, b: z[a] - ((z[0] + z[1]) / 2).mean(0),
}


def part_of(component: str, target: str, online: str) -> Formula:
    def kept(m, batch, z, p, a, b):
        return extra(component, (p if online == "p" else z)[b], TARGETS[target](m, batch, z, p, a, b))

    return kept


def one_layer(method, batch) -> Tensor:
    """SimSiam with z + b or W z of unit embeddings as its predictor."""
    z = [unit(method.encoder(view)) for view in batch.views]
    head = method.predictor
    p = [unit(each + head.bias if head.linear is None else each @ head.linear.weight.T) for each in z]
    return sum(pulled(p[a], z[b]) for a, b in BOTH) / 2


def barlow(method, batch, *, weight: float) -> Tensor:
    """(1 - C_ii)^2 and weight C_ij^2 over D, C between columns of mean 0 and (biased) deviation 1."""
    one, other = ((z - z.mean(0)) / (z.var(0, correction=0) + 1e-5).sqrt() for z in map(method.encoder, batch.views))
    rows = [[(a * b).mean() for b in other.T] for a in one.T]
    terms = [(1 - c) ** 2 if i == j else weight * c**2 for i, row in enumerate(rows) for j, c in enumerate(row)]
    return sum(terms) / 4


def vicreg(method, batch, *, variance: float, invariance: float, covariance: float) -> Tensor:
    z = [method.encoder(view) for view in batch.views]
    hinge = sum(torch.clamp(1 - (column.var() + 1e-4).sqrt(), min=0) for each in z for column in each.T) / 4 / 2
    c = [torch.cov(each.T) for each in z]
    off = sum(each[i, j] ** 2 for each in c for i in range(4) for j in range(4) if i != j) / 4
    return invariance * ((z[0] - z[1]) ** 2).mean() + variance * hinge + covariance * off


# --- several positives


def pairs_of_views(method, batch, *, one: Formula) -> Tensor:
    """The mean over ordered pairs of views of `one(anchors, keys, negatives of each anchor, further positives)`."""
    z = [unit(method.encoder(view)) for view in batch.views]
    pairs = [(a, b) for a in range(len(z)) for b in range(len(z)) if a != b]
    rest = {(a, b): [z[c] for c in range(len(z)) if c not in (a, b)] for a, b in pairs}
    return sum(one(z[a], z[b], others(z[b]), rest[a, b]) for a, b in pairs) / len(pairs)


def attracted_and_repelled(anchor: Tensor, key: Tensor, negatives: list[Tensor], rest: list[Tensor]) -> Tensor:
    """CACR of squared distances, tau+ = 1 and tau- = 0.9, weights with their gradient."""
    losses = []
    for i, a in enumerate(anchor):
        near = torch.stack([((a - k[i]) ** 2).sum() for k in (key, *rest)])
        far = ((a - negatives[i]) ** 2).sum(1)
        losses.append((near.softmax(0) * near).sum() - ((-0.9 * far).softmax(0) * far).sum())
    return torch.stack(losses).mean()


def without_rest(anchor: Tensor, key: Tensor, negatives: list[Tensor], rest: list[Tensor]) -> Tensor:
    return info_nce(anchor, key, negatives)


def other_classes(method, batch) -> Tensor:
    """SimCo without negatives of the anchor's class."""
    z = [unit(method.encoder(view)) for view in batch.views]
    own = batch.labels
    return sum(info_nce(z[a], z[b], [z[b][own != label] for label in own]) for a, b in BOTH) / 2


# --- temperatures that are learned, several heads, positives that are made


def at_temperatures(anchor: Tensor, key: Tensor, temperatures: Tensor) -> Tensor:
    """InfoNCE with a temperature for each anchor."""
    rows = [
        torch.cat([(a @ k)[None], own @ a]) / t
        for a, k, own, t in zip(anchor, key, others(key), temperatures, strict=True)
    ]
    return torch.stack([row.logsumexp(0) - row[0] for row in rows]).mean()


def gauged(gauge, rows: Tensor) -> Tensor:
    first, _, last = gauge.layers
    hidden = (rows @ first.weight.T + first.bias).clamp(min=0)
    return 1 / (1 + (-(hidden @ last.weight[0] + last.bias)).exp())


def one_temperature(method, batch) -> Tensor:
    z = [unit(method.encoder(view)) for view in batch.views]
    temperatures = (0.07 / method.shift.exp()).expand(N)
    return sum(at_temperatures(z[a], z[b], temperatures) for a, b in BOTH) / 2


def temperature_of_each(method, batch) -> Tensor:
    """From 0.01 to 1, evenly in the logarithm."""
    z = [unit(method.encoder(view)) for view in batch.views]
    return sum(at_temperatures(z[a], z[b], 10 ** (2 * gauged(method.gauge, z[a]) - 2)) for a, b in BOTH) / 2


def by_heads(method, batch) -> list[list[Tensor]]:
    """Unit embeddings of each view by each head."""
    heads = [method.encoder.projector, *method.more_heads]
    return [[unit(head(method.encoder.backbone(view))) for head in heads] for view in batch.views]


def mean_of_heads(method, batch) -> Tensor:
    z = by_heads(method, batch)
    terms = [info_nce(z[a][c], z[b][c], others(z[b][c])) for a, b in BOTH for c in range(len(z[a]))]
    return sum(terms) / len(terms)


def adaptive_heads(method, batch, *, beta: float, low: float) -> Tensor:
    """Equation 2.1 of AMCL, anchor by anchor; D = 4, temperatures from `low` to 2."""
    z, total = by_heads(method, batch), 0.0
    for (a, b), (c, gauge), i in product(BOTH, enumerate(method.gauges), range(N)):
        q, keys = z[a][c][i], z[b][c]
        nearest = max((j for j in range(N) if j != i), key=lambda j: (q @ keys[j]).item())
        tau, of_nearest = (low + (2 - low) * gauged(gauge, torch.cat([q, keys[j]])[None])[0] for j in (i, nearest))
        held = (2 * tau.log() + 1 / tau) - (2 * of_nearest.log() + 1 / of_nearest)
        total = total + (-(q @ keys[i]) / tau + (q @ keys[nearest]) / of_nearest + beta * held) / N / 2
    return total


def with_made_positive(method, batch, *, weight: float, smooth: bool) -> Tensor:
    z, generator = [unit(method.encoder(view)) for view in batch.views], torch.Generator().manual_seed(2)
    total = 0.0
    for a, b in BOTH:
        made = z[a] + torch.rand(N, 1, generator=generator).double() * (z[a] - z[b])
        if smooth:
            first, _, last = method.smoother
            made = (made @ first.weight.T + first.bias).clamp(min=0) @ last.weight.T + last.bias
        pair = (info_nce(anchor, z[b], others(z[b])) for anchor in (z[a], unit(made)))
        total = total + sum(share * loss for share, loss in zip((1, weight), pair, strict=True)) / (1 + weight) / 2
    return total


# --- phases and labels


def decorrelated(method, batch, *, standardize: bool) -> Tensor:
    """3 x sum_{i != j} C_ij^2 / D, the mean over both views."""
    found = []
    for view in batch.views:
        z = unit(method.encoder(view))
        c = torch.corrcoef(z.T) if standardize else torch.cov(z.T)
        found.append(sum(c[i, j] ** 2 for i in range(4) for j in range(4) if i != j) / 4)
    return 3.0 * sum(found) / 2


def spread_alone(method, batch) -> Tensor:
    """The hinge at the deviation of uniform directions, 1 / sqrt(D), coordinate by coordinate, mean of both views."""
    loss = torch.zeros((), dtype=torch.float64)
    for view in batch.views:
        z = unit(method.encoder(view))
        n, d = z.shape
        for column in (d**0.5 * z).T:
            variance = sum((number - column.sum() / n) ** 2 for number in column) / (n - 1)
            loss = loss + max(1 - (variance + 1e-4) ** 0.5, torch.zeros(())) / d / 2
    return loss


def info_nce_at_a_tenth(method, batch) -> Tensor:
    z = [unit(method.encoder(view)) for view in batch.views]
    return sum(cross_entropy(z[a] @ z[b].T / 0.1, torch.arange(N)) for a, b in BOTH) / 2


def nothing(method, batch) -> Tensor:
    return 0 * sum(method.encoder(view).sum() for view in batch.views)


def classified(method, batch) -> Tensor:
    z = method.encoder(batch.views[0])
    return torch.stack([row.logsumexp(0) - row[label] for row, label in zip(z, batch.labels, strict=True)]).mean()


def attacked(method, batch) -> Tensor:
    """FGSM at a tenth of a pixel's range."""
    x = (batch.views[0].detach() / 4 + 0.5).clamp(0, 1).requires_grad_()
    (slope,) = torch.autograd.grad(cross_entropy(method.encoder(4 * x - 2), batch.labels), x)
    return cross_entropy(method.encoder(4 * (x.detach() + 0.1 * slope.sign()).clamp(0, 1) - 2), batch.labels)


def student_of_itself(method, batch) -> Tensor:
    """Without another run the teacher is the student as it began; in a ball of nothing the attacked image is itself."""
    view = batch.views[0]
    moved = 4 * (view.detach() / 4 + 0.5).clamp(0, 1) - 2
    clean, again, taught = method.encoder.backbone(view), method.encoder.backbone(moved), method.teacher(view)
    return -cosine_similarity(clean, taught.detach()).mean() - 3 * cosine_similarity(again, clean).mean()


SMALL = {"predictor_hidden": 3}
ONLINE = {"p": "prediction", "z": "embedding"}
QUEUE = {"queue_size": 10, "momentum": 0.9}
Case = tuple[str, dict, Formula]


def cases() -> list[Case]:
    """(method, options, formula)."""
    plain: Formula = partial(siamese, online="p", target=TARGETS["embedding"])
    mirrored: Formula = partial(siamese, online="z", target=TARGETS["prediction"])
    found: list[Case] = [
        ("simclr", {}, partial(in_batch, symmetric=True, both_views=True)),
        ("symmetric_predictor", SMALL, partial(siamese, online="p", target=TARGETS["prediction"])),
        ("mirror", SMALL, partial(mirrored, beside=learns_to_predict)),
        ("siamese", SMALL | {"online": "embedding", "target": "prediction", "weight": 3.0},
         partial(mirrored, weight=3.0, beside=learns_to_predict)),
        ("inverse_predictor", SMALL, partial(siamese, online="p", target=TARGETS["inverse"], beside=learns_to_undo)),
        ("siamese", SMALL | {"target": "inverse", "weight": 3.0},
         partial(siamese, online="p", target=TARGETS["inverse"], weight=3.0, beside=learns_to_undo)),
        ("byol", SMALL | {"momentum": 0.9}, partial(siamese, online="p", target=TARGETS["momentum"])),
        ("byol", {"online": "embedding"}, partial(siamese, online="z", target=TARGETS["momentum"])),
        ("naive", {"weight": 0.5}, partial(siamese, online="z", target=TARGETS["embedding"], weight=0.5)),
        ("explicit_expectation", {"fresh_views": 3}, partial(siamese, online="z", target=TARGETS["expectation"])),
        ("moving_average", {"memory_size": 9, "weight": 0.5},
         partial(siamese, online="z", target=TARGETS["memory"], weight=0.5)),
        ("single_bias", {}, one_layer),
        ("single_linear", {}, one_layer),
        ("supervised", {}, classified),
        ("adversarial", {"epsilon": 0.1}, attacked),
        ("deacl", {"teacher": "0" * 16, "epsilon": 0.0, "gamma": 3.0}, student_of_itself),
        ("barlow_twins", {"weight": 0.3}, partial(barlow, weight=0.3)),
        ("vicreg", {"variance": 2.0, "covariance": 0.5},
         partial(vicreg, variance=2.0, invariance=1.0, covariance=0.5)),
        ("multi_view", {"positives": 1}, partial(pairs_of_views, one=without_rest)),
        ("multi_view", {"positives": 3}, partial(pairs_of_views, one=without_rest)),
        ("multi_view", {"positives": 3, "loss": partial(cacr, temperature=1 / 1.8)},
         partial(pairs_of_views, one=attracted_and_repelled)),
        ("simco", {"oracle": True}, other_classes),
        ("learned_temperature", {}, one_temperature),
        ("anchor_temperature", {}, temperature_of_each),
        ("multi_head", {"heads": 2}, mean_of_heads),
        ("amcl", {"heads": 2, "regularizer": 0.3, "smallest": 0.2}, partial(adaptive_heads, beta=0.3, low=0.2)),
        ("hallucinator", {"weight": 0.5}, partial(with_made_positive, weight=0.5, smooth=True)),
        ("hallucinator", {"smooth": False}, partial(with_made_positive, weight=1.0, smooth=False)),
        ("mocov2", QUEUE | {"queue_size": 4, "queue_size_inter": 10}, two_dictionaries),
        ("mocov2", QUEUE | {"queue_size": 4, "queue_skip": 5, "queue_size_inter": 7},
         partial(two_dictionaries, skip=5, many=7)),
        ("phases", SMALL | {"phases": "simsiam 9"}, plain),
        ("phases", SMALL | {"phases": "mirror 9"}, partial(mirrored, beside=learns_to_predict)),
        ("phases", SMALL | {"phases": "info_nce 9"}, info_nce_at_a_tenth),
        ("phases", SMALL | {"phases": "nothing 9"}, nothing),
        ("phases", SMALL | {"phases": "variance 9"}, spread_alone),
    ]  # fmt: skip
    for name in ("naive", "center", "residual"):
        target = TARGETS["embedding" if name == "naive" else name]
        found.append(("phases", SMALL | {"phases": f"{name} 9"}, partial(siamese, online="z", target=target)))
    for name in ("covariance", "correlation"):
        options = SMALL | {"phases": f"{name} 9", "regularizer": 3.0}
        found.append(("phases", options, partial(decorrelated, standardize=name == "correlation")))
    for component in ("both", "center", "residual", "none"):
        found.append(("simsiam", SMALL | {"component": component},
                      partial(siamese, online="p", target=part_of(component, "embedding", "p"))))  # fmt: skip
        found.append(("triplet", {"component": component},
                      partial(siamese, online="z", target=part_of(component, "triplet", "z"))))  # fmt: skip
    for (online, word), target in product(ONLINE.items(), TARGETS):
        mirror = word == "embedding" and target == "prediction"
        beside = learns_to_undo if target == "inverse" else learns_to_predict if mirror else None
        formula = partial(siamese, online=online, target=part_of("both", target, online), beside=beside)
        found.append(("siamese", SMALL | {"online": word, "target": target, "fresh_views": 2}, formula))
    for symmetric, detach in product((False, True), repeat=2):
        formula = partial(in_batch, symmetric=symmetric, detach_keys=detach)
        found.append(("simco", {"symmetric": symmetric, "detach_keys": detach}, formula))
        options = {"symmetric": symmetric, "detach_keys": detach, "momentum": None}
        both_views = partial(formula, both_views=True)
        found.append(("moco", options | {"queue_size": 0, "both_views": True}, both_views))
        queued = partial(with_queue, symmetric=symmetric, detach_keys=detach)
        found.append(("moco", options | {"queue_size": 10}, queued))
    for symmetric in (False, True):
        side = {"symmetric": symmetric}
        found.append(("simmoco", {"momentum": 0.9, **side}, partial(in_batch, **side)))
        for name in ("moco", "mocov2"):
            found.append((name, QUEUE | side, partial(with_queue, **side)))
            some = {"queue_size": 6, "queue_skip": 4, "exclude_own": True}
            found.append((name, QUEUE | side | some, partial(with_queue, **side, skip=4, count=6, exclude=True)))
    return found


CASES = cases()


def test_every_method_has_a_formula() -> None:
    assert {name for name, _, _ in CASES} == set(parts.names("method"))


def made(tools, name: str, options: dict):
    two = partial(dual_temperature, temperature_intra=T, temperature_inter=2.0)
    return tools.build(name, **{"loss": two if "queue_size_inter" in options else None} | options)


def gradients(loss: Tensor, leaves: list[Tensor]) -> Tensor:
    """Of every leaf, in one row; zero where none arrives."""
    found = torch.autograd.grad(loss, leaves, retain_graph=True, allow_unused=True)
    zeroed = [torch.zeros_like(leaf) if g is None else g for leaf, g in zip(leaves, found, strict=True)]
    return torch.cat([g.flatten() for g in zeroed])


def said(options: dict) -> str:
    """The same in every process: a loss by its name, and not by its address."""
    return str({name: value.func.__name__ if isinstance(value, partial) else value for name, value in options.items()})


@pytest.mark.parametrize(("name", "options", "formula"), CASES, ids=[f"{n} {said(o)}" for n, o, _ in CASES])
def test_loss_and_gradient(tools, name: str, options: dict, formula: Formula) -> None:
    method = made(tools, name, options)
    labels = torch.arange(N) % 4

    def batch(seed: int) -> Batch:
        given = tools.batch(N, seed, views=method.views)
        views = tuple(view.requires_grad_() for view in given.views)
        return Batch(views, labels, given.index, generator=torch.Generator().manual_seed(seed))

    for seed in range(2):
        tools.train(method, batch(seed))
    once = batch(2)
    weights = [weight for weight in method.parameters() if weight.requires_grad]
    loss, expected = method(once).loss, formula(method, once)
    assert loss.item() == pytest.approx(expected.item(), rel=1e-9, abs=1e-12)
    for leaves, without in ((weights, [nothing]), (list(once.views), [nothing, attacked])):
        wanted = gradients(expected, leaves)
        assert wanted.any() == (formula not in without)
        assert_close(gradients(loss, leaves), wanted)
