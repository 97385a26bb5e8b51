"""Similarities, the losses on them, and the parts of a gradient."""

from mutant_tables.mutant import Mutant, mutants

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
        (
            "dense block not divided",
            "return block / temperature\n    dense = inner",
            "return block\n    dense = inner",
        ),
        ("shared keys not divided", "inner(block.anchor, block.keys) / temperature", "inner(block.anchor, block.keys)"),
        ("excluded keys counted", ":, None] == key_index", ":, None] == -1 - key_index"),
        (
            "blocks averaged, not joined",
            "for block in negatives]).logsumexp(dim=0)",
            "for block in negatives]).mean(dim=0)",
        ),
        ("watched negatives keep the graph", "Against(self.anchor.detach(), ", "Against(self.anchor, "),
        ("a large batch is stored", "len(z1) >= LARGE", "False"),
        ("a batch of one is let through", "if len(z1) < 2:", "if len(z1) < 1:"),
        (
            "a query's own negatives under autocast",
            "enabled=False):\n        return torch.e",
            "enabled=True):\n        return torch.e",
        ),
        ("own negatives of another query", '"nd,nsd->ns", query, own', '"nd,nsd->ns", query.flip(0), own'),
    ),
    *mutants(
        "streaming.py",
        "test_streaming.py",
        ("a tile forgets those before it", "total[rows] * fade + weights", "total[rows] * 0 + weights"),
        ("an old maximum stays", "total[rows] * fade", "total[rows]"),
        ("the mean key fades wrongly", "sum_of_keys[rows] * fade", "sum_of_keys[rows]"),
        (
            "keys of the wrong tile left out",
            "theirs = _part(self.theirs, columns)",
            "theirs = _part(self.theirs, slice(0, columns.stop - columns.start))",
        ),
        (
            "numbers of the wrong anchors",
            "mine=_part(self.mine, rows)",
            "mine=_part(self.mine, slice(0, rows.stop - rows.start))",
        ),
        ("a sum that is too large is believed", "& (total <= limits.max)", ""),
        ("a sum that is too small is believed", "total > keys * limits.tiny / limits.eps", "total >= 0"),
        ("plain sums at every temperature", "LARGEST_LOGIT * pairs.temperature >= 1", "True"),
        ("never plain sums", "LARGEST_LOGIT * pairs.temperature >= 1", "False"),
        ("the gradient without temperature", "gradient[:, None] / ctx.temperature", "gradient[:, None]"),
        ("the keys' gradient not weighted", "scaled * anchor, torch.zeros", "anchor / ctx.temperature, torch.zeros"),
        ("tiles as large as all", "max(1, cells // len(some.anchor))", "10**9"),
        ("collected without being asked", "collect = grad and ctx.needs_input_grad[0]", "collect = True"),
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
        ("sign inside of InfoNCE", "logsigmoid(-logit", "logsigmoid(logit"),
        (
            "a loss without its digits",
            "-logsigmoid(-logit)",
            "-(1 - logit.sigmoid()).log()",
        ),
    ),
    *mutants(
        "losses/dual_temperature.py",
        "losses/test_dual_temperature.py",
        ("temperatures swapped in the weight", "temperature=temperature_inter", "temperature=temperature_intra"),
        (
            "temperatures swapped in the directions",
            "negatives, temperature=temperature_intra)\n    product",
            "negatives, temperature=temperature_inter)\n    product",
        ),
        ("the product's value stays", "(product - product.detach())", "product"),
        ("the value is lost", "from_logit(logit.detach()) +", "0 * from_logit(logit.detach()) +"),
        ("InfoNCE's gradient added", "from_logit(logit.detach())", "from_logit(logit)"),
        ("the second dictionary ignored", "negatives if negatives_inter is None else negatives_inter", "negatives"),
    ),
    *mutants(
        "decomposition.py",
        "test_decomposition.py",
        ("center not subtracted", "return Decomposition(center, z - center)", "return Decomposition(center, z)"),
        ("sign of o_e", "extra = target - basic", "extra = basic - target"),
        ("a given center ignored", "return decompose(extra) if center is None", "return decompose(extra) if True"),
        ("o_e stays in r_e", "Decomposition(center, extra - center)", "Decomposition(center, extra)"),
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
        "losses/dual_temperature.py",
        "losses/test_dual_temperature.py methods/test_moco.py methods/test_moco_options.py",
        (
            "two dictionaries swapped",
            "    logit = decoupled(positive, negatives, temperature=temperature_intra)\n",
            (
                "    other = negatives if negatives_inter is None else negatives_inter\n"
                "    weight = hardness(positive, negatives, temperature=temperature_inter)\n"
                "    logit = decoupled(positive, other, temperature=temperature_intra)\n"
            ),
        ),
    ),
]
