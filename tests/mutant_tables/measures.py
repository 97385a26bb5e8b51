"""What is measured at the end."""

from mutant_tables.mutant import Mutant, mutants

MUTANTS: list[Mutant] = [
    *mutants(
        "measures/collapse.py",
        "measures/test_collapse.py",
        (
            "collapse of the training images",
            "trained.clean_embeddings(trained.unseen)",
            "trained.clean_embeddings(trained.bank)",
        ),
        ("predictions not of unit length", "geometry(unit(p)).items()", "geometry(p).items()"),
    ),
    *mutants(
        "measures/gradient_parts.py",
        "measures/test_gradient_parts.py",
        ("one view for anchors and keys", 'f"parts {view}"', '"parts 1"'),
        ("o_e to the center, not away", "center=-of.mean(0)", "center=of.mean(0)"),
        ("other images are these", '("other images", others)', '("other images", keys)'),
    ),
    *mutants(
        "measures/alignment_uniformity.py",
        "measures/test_alignment_uniformity.py",
        ("uniformity of distances, not squares", "torch.pdist(z_1).square()", "torch.pdist(z_1)"),
    ),
    *mutants(
        "measures/knn.py",
        "measures/test_knn.py",
        ("kNN without vote temperature", " / vote_temperature).exp()", ").exp()"),
        ("kNN counts heads", "weight[:, None] @ ballots[nearest]", "ballots[nearest].sum(1, keepdim=True)"),
        ("kNN's bank not of unit length", "    bank = unit(bank)", "    bank = bank.to(unit(bank).dtype)"),
        ("kNN asks the farthest", ".topk(k)", ".topk(k, largest=False)"),
        ("kNN overflows", "(similarity - similarity[:, :1])", "(similarity)"),
        ("kNN with another k", "len(bank) // 20", "len(bank) // 10"),
        ("kNN judged by the bank's own images", "(trained.bank, trained.unseen))", "(trained.bank, trained.bank))"),
    ),
    *mutants(
        "measures/hardness_grid.py",
        "measures/test_hardness_grid.py",
        ("the grid's anchor is its own positive", "positive = (z_1 * z_2)", "positive = (z_1 * z_1)"),
        ("the grid's dictionary always whole", "keys[:size]", "keys"),
        ("the grid's temperature fixed", "temperature=temperature).double()", "temperature=0.1).double()"),
        ("one view twice", 'f"anchor {view}"', '"anchor 1"'),
    ),
    *mutants(
        "measures/identities.py",
        "measures/test_identities.py",
        ("no keys for a small bank", "min(ANCHORS, len(few) // 2)", "ANCHORS"),
        ("W forgotten", "(ours, weight[:, None] * dcl)", "(ours, dcl)"),
        ("an error without its size", "(a - b).abs().max()", "(a - b).max() * 0"),
    ),
    *mutants(
        "measures/__init__.py",
        "measures/test_knn.py",
        ("evaluated in training mode", "network.training, network.eval()", "network.training, network.train()"),
        ("left in evaluation mode", "            network.train(was)", "            pass"),
    ),
    *mutants(
        "measures/__init__.py",
        "measures/test_trained.py",
        ("the first views for every chunk", "parameters[rows]", "parameters[: len(chunk)]"),
    ),
    *mutants(
        "measures/accuracy.py",
        "measures/test_accuracy.py",
        ("a last image alone", " == 1)", " == 0)"),
        ("the best of the wrong axis", "z.argmax(1)", "z.argmin(1)"),
    ),
    *mutants(
        "measures/batch_mates.py",
        "measures/test_batch_mates.py",
        ("the mates are the same", "for mates in (first, second)", "for mates in (first, first)"),
        ("the change without its size", " / z.std()", ""),
    ),
    *mutants(
        "measures/leak.py",
        "measures/test_leak.py",
        ("the positive is its own mark", "similarity[same & ~positive]", "similarity[same]"),
        ("the mark in evaluation mode", "deepcopy(trained.encoder).train()", "deepcopy(trained.encoder).eval()"),
        ("a tie counts for nothing", "high, right=True)", "high, right=False)"),
    ),
    *mutants(
        "measures/linear_probe.py",
        "measures/test_linear_probe.py",
        (
            "probe trained on test images",
            "fit((bank - mean) / deviation, trained.bank.labels",
            "fit((unseen - mean) / deviation, trained.unseen.labels",
        ),
        ("moments of the test images", "moments(bank)\n", "moments(unseen)\n"),
        ("biases are penalized", "coordinates.T)[:-1].square()", "coordinates.T).square()"),
        (
            "float32 alone",
            "torch.float32: 1e-5, torch.float64: 1e-6",
            "torch.float32: 1e-5",
        ),
    ),
]
