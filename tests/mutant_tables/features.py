"""What mixes features, and what is written down while training."""

from mutant_tables.mutant import Mutant, mutants

MUTANTS: list[Mutant] = [
    *mutants(
        "recorders/geometry.py",
        "recorders/test_geometry.py",
        ("the whole set not of unit length", "self.record(step, unit(z), p", "self.record(step, z, p"),
        ("drift over the epoch's end", "        self.center = None  #", "        pass  #"),
        ("drift to the first row", "        self.center = center\n", "        self.center = self.center or center\n"),
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
        ("scores after the temperature", "logits(block, 1.0)", "logits(block, 0.5)"),
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
        ("synthetic negatives of any length", "normalize(kind, dim=2)", "kind"),
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
]
