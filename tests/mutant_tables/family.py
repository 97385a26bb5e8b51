"""What each sample weighs: the relatives of InfoNCE, several positives, and the neighbors without negatives."""

from mutant_tables.mutant import Mutant, mutants

MUTANTS: list[Mutant] = [
    *mutants(
        "similarity.py",
        "test_similarity.py",
        (
            "the anchor's class stays",
            "        blocks = [Against(z1, z, (same, same))",
            "        blocks = [Against(z1, z)",
        ),
        ("an excluded key has a value", "similarity.masked_fill(similarity == -inf, 0)", "similarity"),
        ("weights never detached", "(weight.detach() if detach_weights else weight) * (s", "weight * (s"),
        ("always squared", "similarity**2 if square else similarity", "similarity**2"),
        (
            "weights without temperature",
            "[logits(block, temperature) for block in blocks]",
            "[logits(block, 1.0) for block in blocks]",
        ),
        ("a count at a temperature", "log_sum_exp(detach(negatives), inf)", "log_sum_exp(detach(negatives), 1.0)"),
    ),
    *mutants(
        "losses/decoupled_weighted.py",
        "losses/test_decoupled_weighted.py",
        ("weights of DCLW keep their graph", "positive.detach() if detach_weights else positive", "positive"),
        ("weights of DCLW not normalized", "len(positive) * (positive / sigma)", "(positive / sigma)"),
        ("an easy positive pulls harder", "return 2 - len", "return 0 + len"),
    ),
    *mutants(
        "losses/debiased.py",
        "losses/test_debiased.py",
        ("the debiasing clamp is missing", "torch.where(left & (rest >= floor), rest, floor)", "rest"),
        ("the floor of one negative", "floor = count - 1 / temperature", "floor = -1 / temperature"),
        ("nothing is rescaled", " - log1p(-tau_plus)", ""),
        ("one positive is taken out, not K", "log(tau_plus) + count + positive", "log(tau_plus) + positive"),
    ),
    *mutants(
        "losses/hard_negatives.py",
        "losses/test_hard_negatives.py",
        (
            "hard weights on the positive",
            "tau_plus) - positive / temperature)",
            "tau_plus) - (1 + beta) * positive / temperature)",
        ),
        (
            "hard weights not normalized",
            "total - log_sum_exp(negatives, temperature / beta if beta else inf) +",
            "total +",
        ),
        ("a sum of weights for their mean", " + log_count(negatives)", ""),
    ),
    *mutants(
        "losses/cacr.py",
        "losses/test_cacr.py",
        ("a near positive pulls harder", "(-2 * tau_positive * views)", "(2 * tau_positive * views)"),
        ("weights of positives keep their graph", "weight.detach() if detach_weights else weight", "weight"),
        ("a temperature read as tau", "(negatives, temperature, ", "(negatives, 1 / (2 * temperature), "),
        (
            "repelled by the mean",
            "detach_weights=detach_weights)",
            "detach_weights=detach_weights) * 0 + negatives.mean(1)",
        ),
    ),
    *mutants(
        "losses/align_uniform.py",
        "losses/test_align_uniform.py",
        ("each anchor its own logarithm", "(negatives, temperature).logsumexp(0)", "(negatives, temperature)"),
        ("alignment of cosines", "return 2 - 2 * positive", "return 1 - positive"),
    ),
    *mutants(
        "losses/spectral.py",
        "losses/test_spectral.py",
        ("embeddings of length mu", "mu**2 * mean", "mu**4 * mean"),
        ("negatives not squared", "square=True", "square=False"),
    ),
    *mutants(
        "methods/multi_view.py",
        "methods/test_multi_view.py",
        ("each pair once", "permutations(range(len(z)), 2)", "[(a, b) for a in range(len(z)) for b in range(a)]"),
        ("the positive weighs twice", "if c not in (a, b)]", "if c != a]"),
        ("positives averaged, not weighed", 'self.weighs = "more_positives"', 'self.weighs = "no_positives"'),
    ),
    *mutants(
        "methods/moco.py",
        "methods/test_simco.py",
        ("the oracle is blind", "batch.labels if self.oracle else None", "None"),
        ("an oracle with a queue", "if oracle and queue_size:", "if False:"),
    ),
    *mutants(
        "transforms/cluster_means.py",
        "transforms/test_cluster_means.py",
        ("cluster means without counts", "centers[inner(queue, centers).argmax(1)])", "centers)"),
        ("means of no length", "normalize(total, dim=1)", "total / len(keys)"),
    ),
    *mutants(
        "transforms/sphere_positives.py",
        "transforms/test_sphere_positives.py",
        ("a key leaves its center", "torch.where(same[:, None], moved, key)", "moved"),
        ("the own center is no center", "apart + nearer * w.cos()", "apart - nearer * w.cos()"),
    ),
    *mutants(
        "methods/barlow_twins.py",
        "methods/test_barlow_twins.py methods/test_gradients.py",
        ("views not standardized", "(z - mean) / (variance + eps).sqrt()", "z - mean"),
        ("dimensions may repeat each other", "self.weight * off_diagonal_square(c)", "0 * off_diagonal_square(c)"),
    ),
    *mutants(
        "methods/vicreg.py",
        "methods/test_vicreg.py methods/test_gradients.py",
        ("weights exchanged", "self.weights = (invariance, variance,", "self.weights = (variance, invariance,"),
    ),
    *mutants(
        "similarity.py",
        "test_similarity.py methods/test_learned_temperature.py",
        ("the positive keeps its temperature", "return positive / temperature, over(", "return positive, over("),
        ("keys of a queue not divided", "Against(block.anchor / temperature, block", "Against(block.anchor, block"),
    ),
    *mutants(
        "methods/learned_temperature.py",
        "methods/test_learned_temperature.py",
        ("a learned temperature is not held", "self.shift.clamp_(log", "self.shift.clone().clamp_(log"),
        ("bounds exchanged", "log(self.start / self.largest), log(self", "-log(self.start / self.largest), log(self"),
        ("it moves uphill", "(-self.shift).exp()", "self.shift.detach().neg().exp() * (1 + 0 * self.shift)"),
    ),
    *mutants(
        "methods/anchor_temperature.py",
        "methods/test_anchor_temperature.py methods/test_gradients.py",
        ("one temperature for all anchors", "= self.gauge(z)", "= self.gauge(z).mean().expand(len(z))"),
        ("not geometric", "(self.largest / self.smallest) ** share", "(1 + share * (self.largest - 1))"),
    ),
    *mutants(
        "methods/amcl.py",
        "methods/test_amcl.py methods/test_gradients.py",
        (
            "the anchor's own key is its hardest negative",
            "torch.eye(len(anchor), dtype",
            "torch.zeros(len(anchor), len(anchor), dtype",
        ),
        ("negatives are regularized as positives", "- self.omega(of_hardest", "+ self.omega(of_hardest"),
        ("the regularizer is left out", "self.regularizer * held", "0 * held"),
        (
            "one gauge for all heads",
            "gauge(torch.cat([anchor, key], 1))",
            "self.gauges[0](torch.cat([anchor, key], 1))",
        ),
    ),
    *mutants(
        "networks/heads.py",
        "methods/test_multi_head.py",
        ("heads that start equal", "            reset()", "            pass"),
    ),
    *mutants(
        "methods/hallucinator.py",
        "methods/test_hallucinator.py methods/test_gradients.py",
        ("the made positive moves towards its key", "anchor + away * (anchor - key)", "anchor - away * (anchor - key)"),
        ("its weight is not shared", "self.weight * made) / (1 + self.weight)", "self.weight * made)"),
        ("the anchor meets itself", "self.hallucinate(anchor, key, generator), key)", "anchor, key)"),
    ),
    *mutants(
        "data/imbalance.py",
        "data/test_imbalance.py",
        ("the control loses classes too", 'labels if by == "class" else labels[_order(len(labels))]', "labels"),
        (
            "the smallest class keeps a tenth more",
            "np.linspace(1 / ratio, 1, count)",
            "np.linspace(2 / ratio, 1, count)",
        ),
        ("a class is lost", "max(1, round(", "max(0, round("),
    ),
    *mutants(
        "recorders/on_sphere.py",
        "recorders/test_on_sphere.py",
        ("an image is its own pair", ".fill_diagonal_(-torch.inf)", ""),
        ("uniformity at t = 1", "(4 * (z_1", "(2 * (z_1"),
    ),
    *mutants(
        "recorders/temperatures.py",
        "recorders/test_temperatures.py",
        ("a correlation without a center", "positive - positive.mean()", "positive"),
    ),
    *mutants(
        "measures/positive_weights.py",
        "measures/test_positive_weights.py",
        ("a near positive weighs more", "(tau * distance).softmax(1)", "(-tau * distance).softmax(1)"),
    ),
    *mutants(
        "arms/loss_family.py",
        "claims/test_loss_family.py",
        ("thinned runs stand among the others", '    "imbalance": 1.0,\n', ""),
        ("an unsmoothed positive stands among the others", '    "smooth": True,\n', ""),
    ),
    *mutants(
        "pages/systems.py",
        "test_systems.py",
        ("an open sign is a sign", "one.verdict.low <= 0 <= one.verdict.high", "False"),
    ),
]
