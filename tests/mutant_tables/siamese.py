"""The siamese family, and runs of several objectives."""

from mutant_tables.mutant import Mutant, mutants

MUTANTS: list[Mutant] = [
    *mutants(
        "methods/siamese.py",
        (
            "methods/test_siamese.py methods/test_simsiam.py methods/test_triplet.py methods/test_mirror.py "
            "methods/test_inverse_predictor.py methods/test_moving_average.py methods/test_byol.py "
            "methods/test_explicit_expectation.py methods/test_phases.py methods/test_gradients.py"
        ),
        ("stop-gradient dropped from the loss", "(vectors * target.detach())", "(vectors * target)"),
        ("the loss of the wrong sign", "return -(vectors", "return (vectors"),
        (
            "predictor on the wrong branch",
            'vectors = p if self.online == "prediction" else z',
            'vectors = z if self.online == "prediction" else p or z',
        ),
        (
            "a view is its own target",
            "decompose_gradient(basic, self.target_of(a, b,",
            "decompose_gradient(basic, self.target_of(b, a,",
        ),
        (
            "one direction of two",
            "for a, b in ((0, 1), (1, 0)):\n            basic",
            "for a, b in ((0, 1), (0, 1)):\n            basic",
        ),
        ("the component ignored", "extra.only(self.component)", 'extra.only("both")'),
        ("the weight ignored", "loss = self.weight * loss +", "loss = loss +"),
        ("the negative is the image itself", "z[b].roll(1, 0)", "z[b]"),
        ("the triplet attracts its negative", "z[b] - z[b].roll(1, 0)", "z[b] + z[b].roll(1, 0)"),
        ("a center of one view", "return z[a] - torch.cat(z).mean(0)", "return z[a] - z[b].mean(0)"),
        ("the residual without its center", "return z[a] - torch.cat(z).mean(0)", "return z[a]"),
        ("the expectation over the anchors", "for view in batch.views[2:]]", "for view in batch.views[:2]]"),
        ("the encoder learns to predict", "self.predictor(raw[a].detach())", "self.predictor(raw[a])"),
        ("the predictor learns to be undone", "self.inverse(p.detach())", "self.inverse(p)"),
        (
            "Mirror's predictor stays random",
            "if mirror or self.inverse is not None else ()",
            "if self.inverse is not None else ()",
        ),
        ("predictor on the schedule", "if head is not None and self.constant_predictor]", "if False]"),
        (
            "the dial of the predictor's rate ignored",
            "if head is not None and self.constant_predictor]",
            "if head is not None]",
        ),
        ("the memory never moves", "old.lerp(seen, 1 - self.momentum)", "old"),
        ("the memory's shares exchanged", "old.lerp(seen, 1 - self.momentum)", "old.lerp(seen, self.momentum)"),
        (
            "the memory starts at a share",
            "old.lerp(seen, 1 - self.momentum), seen)",
            "old.lerp(seen, 1 - self.momentum), 0.2 * seen)",
        ),
        (
            "the memory in single precision",
            "torch.zeros(memory_size, width, dtype=torch.float16)",
            "torch.zeros(memory_size, width)",
        ),
        (
            "BYOL's target is the encoder itself",
            "unit(self.momentum_encoder(batch.views[b]))",
            "unit(self.encoder(batch.views[b]))",
        ),
        (
            "the weight on the predictor's loss too",
            "self.weight * loss + self.learn_to_predict(raw, z)",
            "self.weight * (loss + self.learn_to_predict(raw, z))",
        ),
        (
            "the inverse predictor's loss twice",
            "self.inverse(p.detach())), z[a]) / 2",
            "self.inverse(p.detach())), z[a])",
        ),
    ),
    *mutants(
        "methods/phases.py",
        "methods/test_phases.py methods/test_gradients.py",
        ("phases one step late", "            if left < 0:", "            if left <= 0:"),
        ("the step is not counted", "self.step += 1", "pass"),
        ("correlation and covariance exchanged", 'name == "correlation") for', 'name == "covariance") for'),
        ("the regularizer's weight ignored", "return self.regularizer * torch", "return 1.0 * torch"),
        ("center and residual exchanged", '"center": ("embedding", "center")', '"center": ("embedding", "residual")'),
    ),
    *mutants(
        "methods/phases.py",
        "test_update.py",
        ("a phase of nothing without decay", "0 * torch.cat(z).sum()", "torch.zeros((), requires_grad=True)"),
    ),
]
