"""Break the code on purpose: each break must turn a unit test red.  `make mutants`

A mutant is a piece of text that stands exactly once in a file, what to write instead, and the test
files that should notice. Text that is not there (the code was rewritten) is an error: the mutant is
to be written anew, never dropped. Where one survives, the tests lack something, not the table.
Every mutant is run in its own copy of src and tests, two at a time. Words choose some: `mutants.py paired.py tuning`.
"""

import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = Path("src", "anatomy")
COPIED = ("src", "tests", "pyproject.toml")
AT_ONCE = 2
LIMIT = 120  # seconds; a mutant that hangs is noticed too
FAILED = 1  # pytest's exit code when a test failed
# Without two plugins that cost more than most of these tests: nbval's import alone takes 2 seconds.
OPTIONS = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:nbval", "-p", "no:hypothesispytest"]


@dataclass(frozen=True)
class Mutant:
    """`old` is replaced by `new` in src/anatomy/`file`; `tests` are under tests/."""

    what: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


def mutants(file: str, tests: str, *breaks: tuple[str, str, str]) -> list[Mutant]:
    """Several breaks of one file: (what, old text, new text)."""
    return [Mutant(what, file, old, new, tuple(tests.split())) for what, old, new in breaks]


MUTANTS: list[Mutant] = [
    *mutants(
        "similarity.py",
        "test_similarity.py",
        (
            "unit forgotten",
            "normalize(z if z.dtype == torch.float64 else z.float(), dim=1)",
            "z if z.dtype == torch.float64 else z.float()",
        ),
        ("unit in bfloat16", "else z.float(), dim=1)", "else z, dim=1)"),
        ("similarity under autocast", "enabled=False):\n        return a @", "enabled=True):\n        return a @"),
        ("keys and anchors exchanged", "return a @ b.T", "return b @ a.T"),
        ("the diagonal stays", "    negatives = off_diagonal(across)", "    negatives = across"),
        ("the own view stays a negative", "off_diagonal(inner(z1, z1))", "inner(z1, z1)"),
        ("the wrong diagonal is cut", "[1:].view(n - 1, n + 1)[:, :-1]", "[:-1].view(n - 1, n + 1)[:, 1:-1]"),
        ("both views from the other one", "inner(z1, z1))", "inner(z2, z2))"),
        ("both views ignored", ") if both_views else negatives", ") if False else negatives"),
        ("positive from the wrong row", "(query * key).sum(dim=1)", "(query * key.flip(0)).sum(dim=1)"),
        ("dense part not divided", "return part / temperature", "return part"),
        ("shared keys not divided", "inner(part.anchor, part.keys) / temperature", "inner(part.anchor, part.keys)"),
        ("excluded keys counted", ":, None] == key_index", ":, None] == -1 - key_index"),
        (
            "parts averaged, not joined",
            "for part in negatives]).logsumexp(dim=0)",
            "for part in negatives]).mean(dim=0)",
        ),
        ("watched negatives keep the graph", "Against(self.anchor.detach(), ", "Against(self.anchor, "),
        ("a batch of one is let through", "if len(z1) < 2:", "if len(z1) < 1:"),
    ),
    *mutants(
        "losses/decoupled.py",
        "losses/test_decoupled.py losses/test_laws.py",
        ("sign of the decoupled loss", "temperature) - positive", "temperature) + positive"),
        ("positive not divided", "- positive / temperature", "- positive"),
        ("hardness not detached", ".detach().sigmoid()", ".sigmoid()"),
        ("hardness of the wrong sign", ".detach().sigmoid()", ".detach().neg().sigmoid()"),
    ),
    *mutants(
        "losses/info_nce.py",
        "losses/test_info_nce.py",
        ("sign of InfoNCE", "return -logsigmoid(-", "return logsigmoid(-"),
        ("sign inside of InfoNCE", "logsigmoid(-decoupled", "logsigmoid(decoupled"),
        (
            "a loss without its digits",
            "-logsigmoid(-decoupled(positive, negatives, temperature=temperature))",
            "-(1 - decoupled(positive, negatives, temperature=temperature).sigmoid()).log()",
        ),
    ),
    *mutants(
        "losses/dual_temperature.py",
        "losses/test_dual_temperature.py",
        ("temperatures swapped in the weight", "temperature=temperature_inter", "temperature=temperature_intra"),
        (
            "temperatures swapped in the directions",
            "negatives, temperature=temperature_intra)\n    #",
            "negatives, temperature=temperature_inter)\n    #",
        ),
        ("the product's value stays", "(product - product.detach())", "product"),
        ("the value is lost", ".detach() + (product", ".detach() * 0 + (product"),
        ("InfoNCE's gradient added", "temperature=temperature_intra).detach() +", "temperature=temperature_intra) +"),
        ("the second dictionary ignored", "negatives if negatives_inter is None else negatives_inter", "negatives"),
    ),
    *mutants(
        "methods/moco.py",
        "methods/test_moco.py methods/test_simco.py methods/test_simclr.py methods/test_gradients.py",
        (
            "enqueued before the loss",
            "        loss, watch = self.contrast(z_1, key_2, batch)\n",
            "        self.queue and self.queue.enqueue(key_2, batch.index)\n"
            "        loss, watch = self.contrast(z_1, key_2, batch)\n",
        ),
        ("queries enqueued, not keys", 'keep={"keys": key_2.detach()', 'keep={"keys": z_1.detach()'),
        ("nothing enqueued", "            self.queue.enqueue(", "            (lambda *_: None)("),
        ("queue off by one", "torch.arange(len(keys), device", "torch.arange(1, 1 + len(keys), device"),
        ("queue's position not moved on", "(self.position + len(keys)) % size)", "(self.position + 0) % size)"),
        (
            "queue's position moved one too far",
            "(self.position + len(keys)) % size)",
            "(self.position + len(keys) + 1) % size)",
        ),
        ("the first of too many keys stay", "= keys[-size:]", "= keys[:size]"),
        (
            "the position is not saved",
            'register_buffer("position", torch.zeros((), dtype=torch.int64))',
            'register_buffer("position", torch.zeros((), dtype=torch.int64), persistent=False)',
        ),
        (
            "the queue does not start with unit vectors",
            "unit(torch.randn(size, dimension, generator=generator))",
            "torch.randn(size, dimension, generator=generator)",
        ),
        ("unit dropped from the query", "z_1 = unit(self.encoder(view_1))", "z_1 = self.encoder(view_1)"),
        ("unit dropped from the key", "return unit(self.momentum_encoder(view))", "return self.momentum_encoder(view)"),
        ("own view not excluded", "return (batch.index, ids) if self.exclude_own else None", "return None"),
        ("keys not detached", "return key.detach() if self.detach_keys else key", "return key"),
        ("keys always detached", "return key.detach() if self.detach_keys else key", "return key.detach()"),
        ("keys made by the encoder", "unit(self.momentum_encoder(view))", "unit(self.encoder(view))"),
        (
            "gradient to the momentum encoder",
            "            with torch.no_grad():\n                return",
            "            with torch.enable_grad():\n                return",
        ),
        ("momentum encoder trained", ".requires_grad_(False)", ""),
        ("momentum encoder is the encoder", "deepcopy(encoder).requires_grad_(False)", "encoder"),
        ("EMA swapped", "for _, f in pairs], 1 - momentum)", "for _, f in pairs], momentum)"),
        (
            "EMA the wrong way round",
            "_foreach_lerp_([s for s, _ in pairs], [f for _, f in pairs]",
            "_foreach_lerp_([f for _, f in pairs], [s for s, _ in pairs]",
        ),
        (
            "EMA before the keys",
            "        view_1, view_2 = batch.views",
            "        self.momentum_encoder and move_towards(self.momentum_encoder, self.encoder, self.momentum)\n"
            "        view_1, view_2 = batch.views",
        ),
        (
            "symmetric term uses the wrong key",
            "self.contrast(z_2, key_1, batch)",
            "self.contrast(z_2, key_2, batch)",
        ),
        (
            "symmetric term uses the wrong anchor",
            "self.contrast(z_2, key_1, batch)",
            "self.contrast(z_1, key_1, batch)",
        ),
        (
            "symmetric terms summed, not averaged",
            "self.contrast(z_2, key_1, batch)[0]) / 2",
            "self.contrast(z_2, key_1, batch)[0])",
        ),
        ("the newest keys not skipped", "torch.arange(skip + 1, skip + count + 1,", "torch.arange(1, count + 1,"),
        ("the newest keys are the oldest", "(self.position - ages)", "(self.position + ages)"),
        (
            "own older keys stay",
            "return (batch.index, ids) if self.exclude_own",
            "return (batch.index + 1, ids) if self.exclude_own",
        ),
        ("images of keys not kept", "self.index[slots[-size:]] = index[-size:]", "pass"),
        (
            "the second dictionary is the first",
            "self.queue.newest(0, self.queue_size_inter)",
            "self.queue.newest(self.queue_skip, self.queue_size)",
        ),
        ("the weights' anchor is not detached", "Against(anchor.detach(), keys", "Against(anchor, keys"),
        ("symmetric ignored", "        if self.symmetric:", "        if False:"),
        (
            "watched positive keeps the graph",
            '"positive": positive.detach(), "negatives": detach(negatives)}',
            '"positive": positive, "negatives": detach(negatives)}',
        ),
        (
            "loss summed, not averaged",
            "self.loss(positive, negatives).mean()",
            "self.loss(positive, negatives).sum()",
        ),
        (
            "mixed keys entering the queue",
            "return transform(query, key, keys, batch.generator)",
            "seen = transform(query, key, keys, batch.generator)\n        keys.copy_(seen.queue)\n        return seen",
        ),
        (
            "the transform's query ignored",
            "self.compare(self.transformed(anchor, key, keys, batch), ids",
            "self.compare(self.transformed(anchor, key, keys, batch)._replace(query=anchor), ids",
        ),
        (
            "the transform's key ignored",
            "self.compare(self.transformed(anchor, key, keys, batch), ids",
            "self.compare(self.transformed(anchor, key, keys, batch)._replace(key=key), ids",
        ),
        (
            "the transform's queue ignored",
            "self.compare(self.transformed(anchor, key, keys, batch), ids",
            "self.compare(self.transformed(anchor, key, keys, batch)._replace(queue=keys), ids",
        ),
        ("synthetic negatives forgotten", "(queued, *own) if own else queued", "queued"),
        (
            "the transform begins too early",
            "batch.epoch >= self.transform_from",
            "batch.epoch + 1 >= self.transform_from",
        ),
        ("a generator of its own", "transform(query, key, keys, batch.generator)", "transform(query, key, keys, None)"),
        (
            "the second term trains through its key",
            "else (unit(self.encoder(view_2)), self.key(view_1))",
            "else (unit(self.encoder(view_2)), z_1)",
        ),
    ),
    *mutants(
        "siamese.py",
        "methods/test_siamese.py methods/test_simsiam.py methods/test_mirror.py methods/test_gradients.py",
        ("stop-gradient dropped from the loss", "(vectors * target.detach())", "(vectors * target)"),
        ("the loss of the wrong sign", "return -(vectors", "return (vectors"),
        ("the component ignored", "target).only(component)", 'target).only("both")'),
        ("the encoder learns to predict", "self.predictor(a.raw.detach())", "self.predictor(a.raw)"),
        ("predictor on the schedule", "if self.predictor is None or not self.constant_predictor else", "if True else"),
        (
            "the dial of the predictor's rate ignored",
            "if self.predictor is None or not self.constant_predictor else",
            "if self.predictor is None else",
        ),
    ),
    *mutants(
        "methods/simsiam.py",
        "methods/test_simsiam.py methods/test_gradients.py",
        ("predictor on the wrong branch", "pull(a.p, b.z, b.p, self", "pull(a.z, b.p, b.z, self"),
        ("a view is its own target", "pull(a.p, b.z,", "pull(a.p, a.z,"),
        ("one direction of two", "pull(b.p, a.z, a.p, self", "pull(a.p, b.z, b.p, self"),
    ),
    *mutants(
        "methods/mirror.py",
        "methods/test_mirror.py methods/test_gradients.py",
        ("Mirror's predictor stays random", "self.output(loss + beside,", "self.output(loss,"),
        ("Mirror is SimSiam", "pull(a.z, b.p, b.z)", "pull(a.p, b.z, b.p)"),
    ),
    *mutants(
        "methods/naive.py",
        "methods/test_naive.py methods/test_gradients.py",
        ("the weight ignored", "loss = self.weight * (", "loss = ("),
    ),
    *mutants(
        "methods/symmetric_predictor.py",
        "methods/test_symmetric_predictor.py methods/test_gradients.py",
        ("the predictor on one branch", "pull(a.p, b.p)", "pull(a.p, b.z)"),
    ),
    *mutants(
        "methods/single_bias.py",
        "methods/test_single_bias.py methods/test_gradients.py",
        ("the bias on both branches", "pull(a.p, b.z, b.p)", "pull(a.p, b.p)"),
    ),
    *mutants(
        "methods/single_linear.py",
        "methods/test_single_linear.py methods/test_gradients.py",
        ("the layer on both branches", "pull(a.p, b.z, b.p)", "pull(a.p, b.p)"),
    ),
    *mutants(
        "methods/triplet.py",
        "methods/test_triplet.py methods/test_gradients.py",
        ("the negative is the image itself", "return z.roll(1, 0)", "return z"),
        ("the triplet attracts its negative", "b.z - of_another(b.z)", "b.z + of_another(b.z)"),
    ),
    *mutants(
        "methods/explicit_expectation.py",
        "methods/test_explicit_expectation.py methods/test_gradients.py",
        ("the expectation over the anchors", "for view in batch.views[2:]]", "for view in batch.views[:2]]"),
    ),
    *mutants(
        "methods/byol.py",
        "methods/test_byol.py methods/test_gradients.py",
        ("BYOL's target is the encoder itself", "unit(self.momentum_encoder(view", "unit(self.encoder(view"),
        ("BYOL's target stands still", "move_towards(self.momentum_encoder, self.encoder, self.momentum)", "pass"),
    ),
    *mutants(
        "methods/inverse_predictor.py",
        "methods/test_inverse_predictor.py methods/test_gradients.py",
        ("the predictor learns to be undone", "inverse(predicted.detach())", "inverse(predicted)"),
        ("the inverse predictor on the schedule", ", *self.inverse.parameters()]", "]"),
        (
            "the inverse predictor's loss twice",
            "pull(unit(inverse(predicted.detach())), one.z)]",
            "2 * pull(unit(inverse(predicted.detach())), one.z)]",
        ),
    ),
    *mutants(
        "methods/moving_average.py",
        "methods/test_moving_average.py methods/test_gradients.py",
        ("the memory never moves", "old.lerp(seen, 1 - momentum)", "old"),
        ("the memory's shares exchanged", "old.lerp(seen, 1 - momentum)", "old.lerp(seen, momentum)"),
        (
            "the memory starts at a share",
            "old.lerp(seen, 1 - momentum), seen)",
            "old.lerp(seen, 1 - momentum), 0.2 * seen)",
        ),
        ("the memory of one view", "return (a.z.detach() + b.z.detach()) / 2", "return a.z.detach()"),
        ("the memory in single precision", ", dtype=torch.float16)", ")"),
    ),
    *mutants(
        "methods/siamese.py",
        "methods/test_siamese.py methods/test_gradients.py",
        (
            "the free choice: predictor on the wrong branch",
            'if self.online == "prediction" else (a.z',
            "if False else (a.z",
        ),
        (
            "the free choice: a view is its own target",
            "return self.made_of(b), self.made_of(a)",
            "return self.made_of(a), self.made_of(b)",
        ),
        ("the free choice: a center of one view", "center = torch.cat([a.z, b.z]).mean(0)", "center = b.z.mean(0)"),
        ("the residual without its center", "return a.z - center, b.z - center", "return a.z, b.z"),
        (
            "the weight on the predictor's loss too",
            "self.weight * loss + self.beside(a, b)",
            "self.weight * (loss + self.beside(a, b))",
        ),
    ),
    *mutants(
        "plan.py",
        "test_plan.py",
        ("the plan backwards", "for objective, steps in words]", "for objective, steps in words[::-1]]"),
        ("another way to write the end", "_LAST = 100_000", "_LAST = 100_001"),
        ("the end shown in legends", 'return text.removesuffix(f" {_LAST}")', "return text"),
    ),
    *mutants(
        "methods/phases.py",
        "methods/test_phases.py methods/test_gradients.py",
        ("phases one step late", "            if left < 0:", "            if left <= 0:"),
        ("the step is not counted", "self.step += 1", "pass"),
        ("correlation and covariance exchanged", 'name == "correlation") for', 'name == "covariance") for'),
        ("the regularizer's weight ignored", "return self.regularizer * torch", "return 1.0 * torch"),
        ("center and residual exchanged", "pull(a.z, a.z - o_z, b.z)", "pull(a.z, o_z.expand_as(a.z), b.z)"),
        ("a center of one view", "torch.cat([a.z, b.z]).mean(0)", "b.z.mean(0)"),
        ("a phase of mirror without its predictor", 'if name == "mirror":', "if False:"),
    ),
    *mutants(
        "methods/phases.py",
        "test_update.py",
        ("a phase of nothing without decay", "0 * torch.cat(z).sum()", "torch.zeros((), requires_grad=True)"),
    ),
    *mutants(
        "decomposition.py",
        "test_decomposition.py",
        ("center not subtracted", "return Parts(center, z - center)", "return Parts(center, z)"),
        ("sign of o_e", "extra = target - basic", "extra = basic - target"),
        ("a given center ignored", "return decompose(extra) if center is None", "return decompose(extra) if True"),
        ("o_e stays in r_e", "Parts(center, extra - center)", "Parts(center, extra)"),
        ("InfoNCE pushed to its keys", "return keys - shares @ keys", "return keys + shares @ keys"),
        ("InfoNCE without temperature", "(inner(anchor, keys) / temperature)", "(inner(anchor, keys))"),
        ("covariance over N", "residual.T @ residual / (len(z) - 1)", "residual.T @ residual / len(z)"),
        ("the diagonal counts", "square.square().sum() - square.diagonal().square().sum()", "square.square().sum()"),
        ("never standardized", "    if standardize:", "    if False:"),
        ("a force that correlates", "return -4 / (len(z) - 1)", "return 4 / (len(z) - 1)"),
        ("whitened the wrong way", "** (-share / 2)", "** (share / 2)"),
        (
            "spread without the root of D",
            "z.std(0, correction=0).mean() * z.shape[1] ** 0.5",
            "z.std(0, correction=0).mean()",
        ),
        ("eta of the wrong sign", '"eta_p": product / of_p - 1', '"eta_p": 1 - product / of_p'),
        ("eta_z by the wrong length", '"eta_z": product / of_z - 1', '"eta_z": product / of_p - 1'),
    ),
    *mutants(
        "heads.py",
        "test_heads.py",
        ("the final norm always on", "    if final_norm:", "    if True:"),
        ("the bias before the length", "unit(z) if self.linear is None", "z if self.linear is None"),
    ),
    *mutants(
        "recorders/geometry.py",
        "recorders/test_geometry.py",
        ("the whole set beyond its end", "torch.cat(raw)[: self.whole]", "torch.cat(raw)"),
        ("the whole set not of unit length", "self.note(step, unit(z), None", "self.note(step, z, None"),
        ("drift over the epoch's end", "        self.center = None  #", "        pass  #"),
        ("drift to the first row", "        self.center = center\n", "        self.center = self.center or center\n"),
    ),
    *mutants(
        "evaluate/collapse.py",
        "evaluate/test_collapse.py",
        (
            "collapse of the training images",
            "trained.clean_embeddings(trained.unseen)",
            "trained.clean_embeddings(trained.bank)",
        ),
        ("predictions not of unit length", "geometry(unit(p)).items()", "geometry(p).items()"),
    ),
    *mutants(
        "evaluate/gradient_parts.py",
        "evaluate/test_gradient_parts.py",
        ("one view for anchors and keys", 'f"parts {view}"', '"parts 1"'),
        ("o_e to the center, not away", "center=-of.mean(0)", "center=of.mean(0)"),
        ("other images are these", '("other images", others)', '("other images", keys)'),
    ),
    *mutants(
        "methods/simclr.py",
        "methods/test_simclr.py",
        ("SimCLR with one view of negatives", "both_views=True", "both_views=False"),
        ("SimCLR one-sided", "symmetric=True", "symmetric=False"),
        ("SimCLR without gradient through keys", "detach_keys=False", "detach_keys=True"),
    ),
    *mutants(
        "methods/simco.py",
        "methods/test_simco.py",
        ("SimCo's default detaches", "detach_keys: bool = False", "detach_keys: bool = True"),
        ("SimCo's dial is not connected", "detach_keys=detach_keys", "detach_keys=False"),
    ),
    *mutants(
        "methods/simmoco.py",
        "methods/test_simmoco.py",
        ("SimMoCo with MoCo's momentum", "momentum: Share = 0.99,", "momentum: Share = 0.999,"),
        ("SimMoCo with a queue", "queue_size=0", "queue_size=16"),
    ),
    *mutants(
        "methods/mocov2.py",
        "methods/test_mocov2.py",
        ("MoCo v2's momentum is not connected", "momentum=momentum", "momentum=0.999"),
        ("MoCo v2's queue of another size", "queue_size: Count = 65536", "queue_size: Count = 4096"),
    ),
    *mutants(
        "recorders/hardness.py",
        "recorders/test_hardness.py",
        ("variation not divided by the mean", "mean, deviation / mean]", "mean, deviation]"),
        ("sample deviation, not population", "correction=0", "correction=1"),
        ("temperatures not used", "temperature=temperature)", "temperature=0.1)"),
    ),
    *mutants(
        "recorders/scores.py",
        "recorders/test_scores.py",
        ("mean and deviation exchanged", "*moments(positive),", "*moments(positive)[::-1],"),
        ("an excluded key counts", "count = kept.sum()", "count = scores.numel()"),
        ("what is no number is left out", "scores != -inf", "scores.isfinite()"),
        ("scores after the temperature", "logits(part, 1.0)", "logits(part, 0.5)"),
    ),
    *mutants(
        "similarity.py",
        "test_similarity.py",
        (
            "a query's own negatives under autocast",
            "enabled=False):\n        return torch.e",
            "enabled=True):\n        return torch.e",
        ),
        ("own negatives of another query", '"nd,nsd->ns", query, own', '"nd,nsd->ns", query.flip(0), own'),
    ),
    *mutants(
        "transforms/__init__.py",
        "transforms/test_mixing.py transforms/test_positive_extrapolation.py",
        ("lambda for the wrong part", "key.lerp(query, 1 - share)", "key.lerp(query, share)"),
        ("renormalized whatever is asked", "if renormalize else mixed", "if True else mixed"),
        ("one lambda where each dimension has its own", "if per_dimension else ()", "if False else ()"),
        ("lambda is uniform", "torch.full(shape, alpha)", "torch.full(shape, 1.0)"),
    ),
    *mutants(
        "transforms/positive_extrapolation.py",
        "transforms/test_positive_extrapolation.py",
        ("lambda below 1 for extrapolation", "share = 1 + draw_shares", "share = draw_shares"),
        ("c is that of another lambda", "(2 * c - 1) ** 0.5", "(2 * c + 1) ** 0.5"),
    ),
    *mutants(
        "transforms/positive_weight.py",
        "transforms/test_positive_weight.py",
        ("a weight that moves the score too far", "+ (1 - c) * query", "- c * query"),
        ("a weight on the query too", "Features(query, c", "Features(c * query, c"),
    ),
    *mutants(
        "transforms/negative_interpolation.py",
        "transforms/test_negative_interpolation.py",
        (
            "a permutation that keeps the order",
            "torch.randperm(len(queue), generator=generator)",
            "torch.arange(len(queue))",
        ),
        ("the queue itself is mixed", "queue.lerp(", "queue.lerp_("),
    ),
    *mutants(
        "transforms/shrunk_negatives.py",
        "transforms/test_shrunk_negatives.py",
        ("shrunk about zero", "queue.mean(0).lerp(queue, spread)", "queue * spread"),
        ("the spread's square", ".sqrt()", ""),
    ),
    *mutants(
        "transforms/mochi.py",
        "transforms/test_mochi.py",
        ("gradient into mixed negatives", "with torch.no_grad():", "with torch.enable_grad():"),
        ("the easiest are mixed", ", dim=1).indices", ", dim=1, largest=False).indices"),
        ("synthetic negatives of any length", "normalize(part, dim=2)", "part"),
        ("nearer to the query than to the key", "share(with_query, 0.5)", "share(with_query, 1.0)"),
        (
            "the hardest of the first query for all",
            "nearest.gather(1, move",
            "nearest[:1].expand_as(nearest).gather(1, move",
        ),
    ),
    *mutants(
        "recorders/score_curves.py",
        "recorders/test_score_curves.py",
        (
            "mixed scores for raw ones",
            'inner(watch["z_1"][: self.anchors], watch["queue"])',
            'dense(watch["negatives"], self.anchors)[:, :12]',
        ),
        ("variance of all scores at once", "mean[:, None]", "mean.mean()"),
        ("random keys counted as false", "& real, real", ", real"),
        ("the farthest for the nearest", "dim=1).indices", "dim=1, largest=False).indices"),
        (
            "excluded scores counted",
            "kept = negatives.isfinite()",
            "kept = negatives > -9e9; negatives = negatives.clamp(min=-1)",
        ),
    ),
    *mutants(
        "recorders/score_histograms.py",
        "recorders/test_score_histograms.py",
        ("histogram off by one bin", ".floor()", ".ceil()"),
        ("histogram shifted", "(scores + 1)", "(scores + 1.05)"),
        (
            "false and true exchanged",
            "histogram(stored, self.bins, same)",
            "histogram(stored, self.bins, real & ~same)",
        ),
        ("histograms at every note", "self.period = every * record_every", "self.period = record_every"),
    ),
    *mutants(
        "recorders/synthetic.py",
        "recorders/test_synthetic.py",
        ("harder than the mean", ".amax(1, keepdim=True)", ".mean(1, keepdim=True)"),
        ("as hard counts as harder", "(scores > hardest)", "(scores >= hardest)"),
    ),
    *mutants(
        "evaluate/alignment_uniformity.py",
        "evaluate/test_alignment_uniformity.py",
        ("uniformity of distances, not squares", "torch.pdist(z_1).square()", "torch.pdist(z_1)"),
    ),
    *mutants(
        "evaluate/knn.py",
        "evaluate/test_knn.py",
        ("kNN without vote temperature", " / vote_temperature).exp()", ").exp()"),
        ("kNN counts heads", "weight[:, :, None] * ballots", "ballots"),
        ("kNN's bank not of unit length", "unit(bank).T", "bank.double().to(unit(bank).dtype).T"),
        ("kNN asks the farthest", ".topk(k)", ".topk(k, largest=False)"),
        ("kNN overflows", "(similarity - similarity[:, :1])", "(similarity)"),
        ("kNN with another k", "len(bank) // 20", "len(bank) // 10"),
        ("kNN judged by the bank's own images", "(trained.bank, trained.unseen))", "(trained.bank, trained.bank))"),
    ),
    *mutants(
        "evaluate/hardness_grid.py",
        "evaluate/test_hardness_grid.py",
        ("the grid's anchor is its own positive", "positive = (z_1 * z_2)", "positive = (z_1 * z_1)"),
        ("the grid's dictionary always whole", "keys[:size]", "keys"),
        ("the grid's temperature fixed", "temperature=temperature).double()", "temperature=0.1).double()"),
        ("one view twice", 'f"anchor {view}"', '"anchor 1"'),
    ),
    *mutants(
        "evaluate/identities.py",
        "evaluate/test_identities.py",
        ("no keys for a small bank", "min(ANCHORS, len(few) // 2)", "ANCHORS"),
        ("W forgotten", "(ours, weight[:, None] * dcl)", "(ours, dcl)"),
        ("an error without its size", "(a - b).abs().max()", "(a - b).max() * 0"),
    ),
    *mutants(
        "evaluate/__init__.py",
        "evaluate/test_knn.py",
        ("evaluated in training mode", "network.training, network.eval()", "network.training, network.train()"),
        ("left in evaluation mode", "            network.train(was)", "            pass"),
    ),
    *mutants(
        "evaluate/__init__.py",
        "evaluate/test_trained.py",
        ("the first views for every part", "parameters[rows]", "parameters[: len(part)]"),
    ),
    *mutants(
        "backbones.py",
        "test_backbones.py",
        ("the ImageNet stem's stride", "convolution(3, width, 3, stride=1", "convolution(3, width, 3, stride=2"),
        (
            "no shortcut",
            "self.norm2(self.conv2(out)) + self.shortcut(kept)",
            "self.norm2(self.conv2(out)) + 0 * self.shortcut(kept)",
        ),
    ),
    *mutants(
        "norms/group.py",
        "norms/test_laws.py norms/test_group.py",
        ("a map in the slow layout", "super().forward(x.contiguous())", "super().forward(x)"),
        ("the groups' number is not connected", "dividing(groups, channels), channels)", "1, channels)"),
        ("float32 on a card", "(x.contiguous()).to(x.dtype)", "(x.contiguous())"),
    ),
    *mutants(
        "norms/layer.py",
        "norms/test_laws.py",
        ("layer normalization in two groups", "groups=1)", "groups=2)"),
    ),
    *mutants(
        "norms/__init__.py",
        "norms/test_laws.py",
        ("groups that do not divide let through", "if channels % groups:", "if False:"),
        ("a batch of one has statistics", "if len(x) < 2:", "if False:"),
    ),
    *mutants(
        "norms/group_plus.py",
        "norms/test_laws.py norms/test_group_plus.py",
        ("groups of the wrong axis", "group_norm(x, self.groups,", "group_norm(x, len(self.weight) // self.groups,"),
        ("biased for unbiased within a group", ",), sqrt(share))", ",), 1.0)"),
        ("biased for unbiased over the batch", "biased * (count / (count - 1))", "biased"),
        ("running statistics in training", "if self.running and not self.training else", "if self.running else"),
        ("running statistics never used", "if self.running and not self.training else", "if False else"),
        ("groups in float32 on a card", "eps=EPS * share).to(x.dtype)", "eps=EPS * share)"),
        ("the batch in float32 on a card", "x.device.type, enabled=False)", "x.device.type, enabled=True)"),
        ("the gain is one for all channels", "weight, mixed)", "weight.mean(), mixed)"),
        ("the two halves exchanged", "torch.lerp(b, a,", "torch.lerp(a, b,"),
        ("always from the input", 'a if self.order == "group_first" else x', "x"),
        ("statistics per pixel per channel", "(0, 2, 3) if self.per_channel else (0,)", "(0, 2, 3)"),
        ("running statistics do not move", "running.lerp_(seen.to(running.dtype), MOMENTUM)", "pass"),
    ),
    *mutants(
        "norms/batch_channel.py",
        "norms/test_laws.py norms/test_batch_channel.py",
        ("the variance by the new mean", "(x - old).square()", "(x - self.mean).square()"),
        ("estimates that do not move", "        if self.training:", "        if False:"),
        ("estimates that move under a gradient", "mean = self.mean.clone()", "mean = self.mean"),
        ("groups in float32 on a card", "weight, bias).to(x.dtype)", "weight, bias)"),
        ("estimates with a gradient", "self.follow(x.detach().to", "self.follow(x.to"),
        ("affine per channel behind the groups", "p.repeat_interleave(size)", "p.repeat(size)"),
    ),
    *mutants(
        "layers.py",
        "test_layers.py",
        (
            "weights standardized by a biased deviation",
            "keepdim=True)\n        return",
            "keepdim=True, correction=0)\n        return",
        ),
        (
            "weights standardized over the wrong axis",
            "torch.std_mean(self.weight, (1, 2, 3)",
            "torch.std_mean(self.weight, (0, 2, 3)",
        ),
        ("the weights' mean stays", "(self.weight - mean) / (deviation", "self.weight / (deviation"),
        ("noise at test time", "        if not self.training:", "        if False:"),
        ("noise for every channel", "len(x), self.groups, 1, 1", "len(x), x.shape[1], 1, 1"),
        ("noise without its mean", " * self.deviation + self.mean", " * self.deviation"),
    ),
    *mutants(
        "methods/supervised.py",
        "methods/test_supervised.py",
        ("classes beyond the logits let through", "classes > self.", "classes > 1 + self."),
        ("watched logits keep the graph", '"z_1": z.detach()', '"z_1": z'),
    ),
    *mutants(
        "recorders/gradients.py",
        "recorders/test_gradients.py",
        ("the gradient kept without a copy", "self.before = now.clone()", "self.before = gradient"),
        (
            "change over the end of an epoch",
            "if self.before is None or not self.rows.waiting:",
            "if self.before is None:",
        ),
        (
            "the first linear layer, not the last",
            "isinstance(layer, nn.Linear)][-1]",
            "isinstance(layer, nn.Linear)][0]",
        ),
    ),
    *mutants(
        "recorders/landscape.py",
        "recorders/test_landscape.py",
        ("a walk up the gradient", "p - distance / length * start", "p + distance / length * start"),
        ("a walk as long as the gradient", "p - distance / length * start", "p - distance * start"),
        ("running statistics move", "b.clone() for name, b", "b for name, b"),
    ),
    *mutants(
        "evaluate/accuracy.py",
        "evaluate/test_accuracy.py",
        ("a last image alone", " == 1)", " == 0)"),
        ("the best of the wrong axis", "z.argmax(1)", "z.argmin(1)"),
    ),
    *mutants(
        "evaluate/batch_mates.py",
        "evaluate/test_batch_mates.py",
        ("the mates are the same", "for mates in (first, second)", "for mates in (first, first)"),
        ("the change without its size", " / z.std()", ""),
    ),
    *mutants(
        "evaluate/leak.py",
        "evaluate/test_leak.py",
        ("the positive is its own mark", "similarity[same & ~positive]", "similarity[same]"),
        ("the mark in evaluation mode", "deepcopy(trained.encoder).train()", "deepcopy(trained.encoder).eval()"),
        ("a tie counts for nothing", "high, right=True)", "high, right=False)"),
    ),
    *mutants(
        "analysis/bands.py",
        "analysis/test_bands.py",
        ("the lower edge", 'return rows["high"].groupby', 'return rows["low"].groupby'),
        (
            "a band that lacks a rate counts",
            '(bands["norm"] == norm) & (bands["rates"] == bands["rates"].max())',
            '(bands["norm"] == norm)',
        ),
    ),
    *mutants(
        "arms/normalization.py",
        "claims/test_normalization.py",
        ("runs under noise in the band", '    "noise_deviation": 0.0,\n', ""),
        ("equal steps among equal images", "    common = steps[~of_images]", "    common = steps[of_images]"),
    ),
    *mutants(
        "views.py",
        "test_views.py",
        (
            "the flip mirrored",
            "torch.where(flip[:, None], size - 1 - index, index)",
            "torch.where(flip[:, None], index, size - 1 - index)",
        ),
        ("rows flipped, not columns", "torch.zeros_like(flip), images.shape[2]", "flip, images.shape[2]"),
        ("contrast around zero", "(mean * (1 - factor))", "(mean * 0 * factor)"),
        (
            "whole images mirrored",
            "torch.rand(count, generator=generator) < flip_share",
            "torch.rand(count, generator=generator) >= flip_share",
        ),
        ("brightness not clamped", "views.mul_(factor[:, None]).clamp_(0, 1)", "views.mul_(factor[:, None])"),
    ),
    *mutants(
        "train.py",
        "methods/test_moco.py test_train.py",
        (
            "the rate not scaled by the batch",
            '(run.batch_size / 256 if run.optimizer == "sgd" else 1)',
            "1",
        ),
        ("the rate starts at zero", "return peak * (step + 1) / warm", "return peak * step / warm"),
        ("a whole cosine, not half of one", "cos(pi * max(0.0,", "cos(2 * pi * max(0.0,"),
        (
            "momentum encoder before the optimizer",
            "    training.optimizer.step()\n    method.after_step(output)",
            "    method.after_step(output)\n    training.optimizer.step()",
        ),
        ("the momentum encoder left behind", "    method.after_step(output)\n", ""),
        ("both views the same", 'f"view {view}", epoch', '"view", epoch'),
        ("the same order every epoch", '"order", epoch', '"order", 0'),
        (
            "the predictor's rate follows the schedule",
            'peak_rate(run) if group.get("constant") else learning_rate(run, step, training.steps)',
            "learning_rate(run, step, training.steps)",
        ),
        ("the whole set in training mode", "    training.method.eval()\n", ""),
        ("left in evaluation mode after an epoch", "clean)\n    training.method.train()", "clean)"),
    ),
    *mutants(
        "train.py",
        "test_update.py",
        ("SGD's momentum fixed", "momentum=run.sgd_momentum", "momentum=0.9"),
        ("Adam's decay beside its gradient", "return torch.optim.Adam if", "return torch.optim.AdamW if"),
        ("a predictor that does not decay", '"constant": True}]', '"constant": True, "weight_decay": 0.0}]'),
        ("dropout the same every epoch", 'seed_of(run.seed, "torch", epoch)', 'seed_of(run.seed, "torch")'),
        ("a method draws the same every epoch", 'stream(run.seed, "step", epoch)', 'stream(run.seed, "step")'),
        ("measures in another precision", "lambda: autocast(training.machine),", "nullcontext,"),
        ("measures see other views", '_load("views", run.views)(count', "views.standard(count"),
        ("a batch that does not know its epoch", "index, epoch, chance)", "index, 0, chance)"),
    ),
    *mutants(
        "train.py",
        "test_options.py",
        ("warm-up fixed", "peak_rate(run), run.warmup * steps", "peak_rate(run), 0.1 * steps"),
        ("views the same whatever the seed", 'stream(run.seed, f"view {view}"', 'stream(0, f"view {view}"'),
        ("evaluated on held-out images always", "evaluate_on=run.evaluate_on)", 'evaluate_on="held_out")'),
    ),
    *mutants(
        "store.py",
        "test_lock.py",
        (
            "what another process writes is removed",
            '        with (self.folder(key) / "lock").open("w") as handle:\n',
            '        for leftover in self.folder(key).glob("*.part"):\n            leftover.unlink()\n'
            '        with (self.folder(key) / "lock").open("w") as handle:\n',
        ),
    ),
    *mutants(
        "device.py",
        "test_device.py",
        ("TF32 in a convolution", "cudnn.allow_tf32 = False", "cudnn.allow_tf32 = True"),
        ("TF32 in a product", "matmul.allow_tf32 = False", "matmul.allow_tf32 = True"),
        ("graphs of the run before", "    dynamo.reset()\n", ""),
        ("not compiled, in silence", "fail_on_recompile_limit_hit = True", "fail_on_recompile_limit_hit = False"),
        ("rows of one row pinned", "tensor.contiguous().pin_memory()", "tensor.pin_memory()"),
        ("a copy that is waited for", "non_blocking=True", "non_blocking=False"),
    ),
    *mutants(
        "train.py",
        "test_device.py",
        ("a graph for any size", "module.backbone.compile(dynamic=False)", "module.backbone.compile()"),
        ("TF32 as it was", "    full_float32()\n", ""),
        ("said to be compiled", 'replace(training.machine, compile="no")', "training.machine"),
    ),
    *mutants(
        "replay.py",
        "test_replay.py",
        ("bits on a card", 'if now["device"] == "cpu":', "if True:"),
        ("a card's first loss as its last", "* GROWTH**step", "* GROWTH**steps"),
        ("fewer losses are the same", "    if len(again) != len(kept):\n        return False\n", ""),
        ("each loss by itself", "abs(a - b) / largest for", "abs(a - b) / (abs(b) or LEAST) for"),
        ("rounding alone is a difference", "max([LEAST, *map(abs, kept)])", "max(map(abs, kept))"),
    ),
    *mutants(
        "config.py",
        "test_config.py",
        ("other data, same key", "[self.content(), data_digest, own]", "[self.content(), own]"),
        ("a user's file is not in the key", "[self.content(), data_digest, own]", "[self.content(), data_digest]"),
        ("defaults stay in the key", "if v != known[k].default}", "}"),
        ("infinity written as a number", 'return "inf" if value == inf else value', "return value"),
        ("given twice, last one wins", "if option in given:", "if False:"),
    ),
    *mutants(
        "parts.py",
        "test_parts.py",
        (
            "a tensor is an option",
            "    except NameError:\n        return None",
            "    except NameError:\n        return Any",
        ),
        (
            "an option without a value is let through",
            "if option.default is REQUIRED and key not in checked:",
            "if False:",
        ),
        ("a flag without a value is always yes", "if bool in (law, *get_args(law)):", "if True:"),
    ),
    *mutants(
        "definitions.py",
        "test_own_file.py",
        ("UTF-8, whatever the coding line says", "decode_source(content)", "content.decode()"),
        ("what lies beside an own file is imported", "        if near:", "        if False:"),
        ("an async function is a part", "if isinstance(node, ast.AsyncFunctionDef):", "if False:"),
    ),
    *mutants(
        "own_file.py",
        "test_own_file.py",
        (
            "an own file that calls exit ends the command",
            "except BaseException as error:",
            "except Exception as error:",
        ),
        ("half a module stays", "                del sys.modules[name]\n", ""),
        ("an edited file is not run again", "str(file).encode() + content)", "str(file).encode())"),
    ),
    *mutants(
        "record.py",
        "test_record.py",
        ("a changed number passes", 'if record["digest"] != content_digest(record):', "if False:"),
        ("a fact that readers ask for is missing", "if not isinstance(provenance.get(name), kind):", "if False:"),
        ("a record of an own file passes for damaged", 'if not _of_own_files(record["run"]):', "if True:"),
    ),
    *mutants(
        "verify.py",
        "test_verify.py",
        (
            "another run's checkpoint passes",
            "state_of(unsealed(path.read_bytes()), key)",
            "unsealed(path.read_bytes())",
        ),
        ("files that nobody knows pass", "READ.get(name, _unknown)", "READ.get(name, _lock)"),
    ),
    *mutants(
        "store.py",
        "test_store.py",
        (
            "who only reads sets aside",
            '_say_once(f"{path} cannot be used: {reason(damage)}; training its run sets it aside.")',
            "set_aside(path, reason(damage))",
        ),
        ("weights are pruned from under a process", "                if free:\n", "                if True:\n"),
    ),
    *mutants(
        "provenance.py",
        "test_provenance.py",
        ("another precision is not said", 'value not in ("auto", provenance[name])', "value is None"),
        ("another device is not said", '(asked.device == "cpu") != (provenance["device"] == "cpu")', "False"),
    ),
    *mutants(
        "losses/dual_temperature.py",
        "losses/test_dual_temperature.py methods/test_moco.py",
        (
            "two dictionaries swapped",
            "    product = weight * decoupled(positive, negatives, temperature=temperature_intra)\n",
            "    other = negatives if negatives_inter is None else negatives_inter\n"
            "    weight = hardness(positive, negatives, temperature=temperature_inter)\n"
            "    product = weight * decoupled(positive, other, temperature=temperature_intra)\n",
        ),
    ),
    *mutants(
        "evaluate/linear_probe.py",
        "evaluate/test_linear_probe.py",
        (
            "probe trained on test images",
            "fit((bank - mean) / deviation, trained.bank.labels",
            "fit((unseen - mean) / deviation, trained.unseen.labels",
        ),
        ("moments of the test images", "moments(bank)\n", "moments(unseen)\n"),
        ("biases are penalized", "coordinates)[:-1].square()", "coordinates).square()"),
    ),
    *mutants(
        "data/folder.py",
        "data/test_folder.py",
        ("trained on the held-out tenth", "whole & ~test, test)", "whole, test)"),
        ("a class goes missing", "if (part, name) not in there and", "if False and"),
        ("what looks the same is two classes", "return one_form(Path", "return str(Path"),
    ),
    *mutants(
        "data/scan.py",
        "data/test_folder.py",
        ("a link to nothing is skipped", "part.lost.append(Lost(file, NOTHING", "(Lost(file, NOTHING"),
        (
            "a folder out of reach is skipped",
            "        raise out_of_reach(root / here, error) from None",
            "        return",
        ),
        ("a pipe is skipped", 'part.lost.append(Lost(file, "a pipe', '(Lost(file, "a pipe'),
    ),
    *mutants(
        "data/depth.py",
        "data/test_depth.py",
        ("test images decide", "for i in members if trained_on[i]]", "for i in members]"),
        ("each image by its own range", "_drawn(found[i], low, high)", "_drawn(found[i], *span([found[i].values]))"),
        ("a hot pixel decides", "PERCENTILES = (0.1, 99.9)", "PERCENTILES = (0, 100)"),
        ("low bytes forgotten", "256 * high + np.asarray(_low_bytes(path), np.float32)", "257 * high"),
        ("whoever uses its depth is stretched too", "high - low >= ENOUGH * top", "high - low >= 2 * top"),
    ),
    *mutants(
        "data/archive.py",
        "data/test_archive.py",
        ("test classes that training lacks", "    if unseen.size:", "    if False:"),
    ),
    *mutants(
        "data/npz.py",
        "data/test_archive.py",
        ("a pickled array is not named", "if dtype.hasobject:", "if False:"),
        ("a shape that memory has no room for", "refuse_too_large(path, needed :=", "max(0, needed :="),
    ),
    *mutants(
        "analysis/circle.py",
        "figures/test_circle.py",
        ("W of the positive, not of the negatives", "logits[0] - above", "above - logits[0]"),
    ),
    *mutants(
        "figures/circle.py",
        "figures/test_circle.py",
        ("pulled to the negatives", "anchor + PUSH * away", "anchor - PUSH * away"),
    ),
    *mutants(
        "analysis/paired.py",
        "analysis/test_paired.py",
        ("the second minus the first", "(first - second).dropna()", "(second - first).dropna()"),
        (
            "not paired by seed",
            'rows.set_index("seed")[value]',
            "rows[value].reset_index(drop=True).rename_axis('seed')",
        ),
    ),
    *mutants(
        "analysis/beside.py",
        "analysis/test_beside.py",
        ("inside is outside", '{True: "inside", False: "outside"}', '{False: "inside", True: "outside"}'),
    ),
    *mutants(
        "analysis/over_seeds.py",
        "analysis/test_over_seeds.py",
        ("several rows a seed in silence", "    _refuse_several(seeds", "    (lambda *_: None)(seeds"),
        ("the interval of one tail", "t.ppf(0.975,", "t.ppf(0.95,"),
    ),
    *mutants(
        "tuning.py",
        "test_tuning.py",
        ("tuned on test images", '"evaluate_on": "held_out"', '"evaluate_on": "test"'),
        ("tuned with a seed of the verdicts", '"seed": SEED}', '"seed": 0}'),
        ("the worst candidate is taken", "max(known", "min(known"),
    ),
    *mutants(
        "quantities.py",
        "test_parts.py",
        (
            "a temperature of zero",
            "Temperature = Annotated[float, Field(gt=0), AllowInfNan(False)]",
            "Temperature = Annotated[float, Field(ge=0), AllowInfNan(False)]",
        ),
    ),
    *mutants(
        "processes.py",
        "test_processes.py",
        (
            "workers outlive an error of their parent",
            "                self.write_end.close()\n            self",
            "                pass\n            self",
        ),
        ("the script runs again in each worker", 'sys.modules["__main__"] = ModuleType("__main__")', "pass"),
        ("Ctrl-C reaches workers", "signal.SIG_BLOCK, {signal.SIGINT}", "signal.SIG_BLOCK, ()"),
        ("as many runs on a card as there are cores", "if width == (workers or machine.runs_at_once()):", "if True:"),
        ("waits beyond the time limit", "None if deadline is None else max(0.0, deadline - time.time())", "None"),
        (
            "an error of another kind goes back as it is",
            "        except Exception as error:",
            "        except MemoryError as error:",
        ),
    ),
    *mutants(
        "machine.py",
        "test_machine.py",
        ("the first card's name for every card", "get_device_name(asked)", "get_device_name(0)"),
        ("a card that is not there", "if (asked.index or 0) >= cards:", "if (asked.index or 0) > cards:"),
    ),
    *mutants(
        "sweep.py",
        "test_timing.py",
        ("the kinds with least work choose", "(-pixels[kind], kind)", "(pixels[kind], kind)"),
        (
            "a card shares the timings of another",
            "[machine.where, machine.threads,",
            "[machine.device, machine.threads,",
        ),
        ("what was timed by the limit is lost", "        keep(store, asked)\n        raise", "        raise"),
    ),
    *mutants(
        "limits.py",
        "test_limits.py",
        ("GN+ takes one image", "_BatchNorm | GroupPlus", "_BatchNorm"),
        (
            "what is free on the first card",
            "mem_get_info(torch.device(device))",
            'mem_get_info(torch.device("cuda:0"))',
        ),
        ("a memory in half precision counted double", '"memory_size": 2', '"memory_size": 4'),
    ),
]


def changed(mutant: Mutant, text: str) -> str:
    """The file's text with the mutant's change. ValueError where its old text is not there exactly once."""
    count = text.count(mutant.old)
    if count != 1:
        raise ValueError(f"{mutant.what}: {mutant.file} has {mutant.old!r} {count} times, not once")
    return text.replace(mutant.old, mutant.new)


def misfits() -> list[str]:
    """Mutants that do not fit the code any more, or that are no Python: to be written anew."""
    found = []
    for mutant in MUTANTS:
        try:
            text = (ROOT / SOURCE / mutant.file).read_text(encoding="utf-8")
            compile(changed(mutant, text), mutant.file, "exec")
        except (ValueError, OSError, SyntaxError) as error:
            found.append(str(error))
        found += [f"{mutant.what}: there is no tests/{t}" for t in mutant.tests if not (ROOT / "tests" / t).is_file()]
    return found


class FirstFailure:
    """A plugin of pytest that remembers which test failed first."""

    name = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.name:
            self.name = report.nodeid.removeprefix("tests/")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed and not self.name:
            self.name = f"{report.nodeid}: {report.longrepr}"[-500:]


def run_tests(tree: str, mutant: Mutant | None, tests: Sequence[str]) -> tuple[int, str]:
    """(pytest's exit code, the first test that failed), in this process; a mutant in a copy of the tree."""
    signal.signal(signal.SIGALRM, too_long)
    signal.alarm(LIMIT)
    with tempfile.TemporaryDirectory(prefix="mutant-") as temporary:
        folder = Path(tree)
        if mutant is not None:
            folder = shutil.copytree(tree, Path(temporary) / "tree")
            apply(mutant, folder / SOURCE / mutant.file)
        os.chdir(folder)
        os.environ["PYTHONPATH"] = str(folder / "src")
        sys.path[:0] = [str(folder / "src"), str(folder / "tests")]
        first = FirstFailure()
        with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
            code = pytest.main([*OPTIONS, *(f"tests/{name}" for name in tests)], plugins=[first])
        if f"{folder}{os.sep}" not in str(sys.modules["anatomy"].__file__):
            raise RuntimeError(f"{sys.modules['anatomy'].__file__} was tested, and not the copy in {folder}")
        os.chdir("/")
    signal.alarm(0)
    return int(code), first.name


def apply(mutant: Mutant, file: Path) -> None:
    """Write the mutant's change, and remove what was compiled without it."""
    file.write_text(changed(mutant, file.read_text(encoding="utf-8")), encoding="utf-8")
    for compiled in (file.parent / "__pycache__").glob(f"{file.stem}.*"):
        compiled.unlink()


def too_long(*_: object) -> None:
    raise TimeoutError(f"no end after {LIMIT} s")


def main(words: Sequence[str] = ()) -> int:
    """All mutants, or those whose file or name holds one of the words."""
    started = time.time()
    MUTANTS[:] = [m for m in MUTANTS if not words or any(word in f"{m.file} {m.what}" for word in words)]
    if unfit := misfits():
        print("\n".join(unfit))
        return 1
    # Each mutant has a process of its own, forked from one that has imported torch: 2 s instead of 6.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["torch", "torchvision", "pandas", "beartype"])
    with tempfile.TemporaryDirectory(prefix="mutants-") as temporary:
        tree = str(snapshot(Path(temporary)))
        with ProcessPoolExecutor(AT_ONCE, mp_context=context, max_tasks_per_child=1) as pool:
            if failed := without_mutants(pool, tree):
                print("The tests fail without any mutant, so nothing can be told:", *failed, sep="\n")
                return 1
            survived = with_mutants(pool, tree)
    print(f"{len(MUTANTS) - survived} of {len(MUTANTS)} killed in {time.time() - started:.0f} s")
    return 1 if survived else 0


def snapshot(folder: Path) -> Path:
    """The tree as it is now: what is edited from here on does not count."""
    tree = folder / "tree"
    tree.mkdir()
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, tree / name)
    return tree


def without_mutants(pool: Executor, tree: str) -> list[str]:
    """Which of the test files fail on the code as it is. What they compile, the copies need not compile again."""
    files = sorted({name for mutant in MUTANTS for name in mutant.tests})
    jobs = {file: pool.submit(run_tests, tree, None, [file]) for file in files}
    return [f"{file}: {job.result()[1]}" for file, job in jobs.items() if job.result()[0]]


def with_mutants(pool: Executor, tree: str) -> int:
    """Print the table; how many survived. Only a failed test kills, not a mutant that cannot be imported."""
    print(f"{'killed':6}  {'file':26} {'what':45} by", flush=True)
    jobs = [pool.submit(run_tests, tree, mutant, mutant.tests) for mutant in MUTANTS]
    survived = 0
    for mutant, job in zip(MUTANTS, jobs, strict=True):
        code, test = job.result()
        survived += code != FAILED
        said = test if code == FAILED else f"SURVIVED (pytest exits with {code}) {test}"
        print(f"{'yes' if code == FAILED else 'NO':6}  {mutant.file:26} {mutant.what:45} {said}", flush=True)
    return survived


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
