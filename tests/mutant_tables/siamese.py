"""The siamese family."""

from mutant_tables.mutant import Mutant, mutants

MUTANTS: list[Mutant] = [
    *mutants(
        "siamese_base.py",
        "methods/test_siamese.py methods/test_simsiam.py methods/test_mirror.py methods/test_gradients.py",
        ("stop-gradient dropped from the loss", "(vectors * target.detach())", "(vectors * target)"),
        ("the loss of the wrong sign", "return -(vectors", "return (vectors"),
        ("the component ignored", "target).only(component)", 'target).only("both")'),
        ("the encoder learns to predict", "self.predictor(a.raw.detach())", "self.predictor(a.raw)"),
        ("predictor on the schedule", "if self.predictor is None or not self.constant_predictor else", "if True else"),
        (
            "the option of the predictor's rate ignored",
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
        ("the memory in single precision", "start.half()", "start"),
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
]
