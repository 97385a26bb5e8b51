"""Runs of several objectives, and how their plans are written."""

from mutant_tables.mutant import Mutant, mutants

MUTANTS: list[Mutant] = [
    *mutants(
        "phase_plan.py",
        "test_phase_plan.py",
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
        ("the hinge at 1 on unit vectors", "each * each.shape[1] ** 0.5", "each"),
        ("a phase of mirror without its predictor", 'if name == "mirror":', "if False:"),
    ),
    *mutants(
        "decomposition.py",
        "methods/test_vicreg.py methods/test_gradients.py",
        (
            "a dimension may stop to vary",
            "(1 - (z.var(0) + 1e-4).sqrt()).relu()",
            "(0 - (z.var(0) + 1e-4).sqrt()).relu()",
        ),
    ),
    *mutants(
        "recorders/__init__.py",
        "recorders/test_geometry.py recorders/test_spectrum.py",
        ("the whole set beyond its end", "torch.cat(made)[:count]", "torch.cat(made)"),
    ),
    *mutants(
        "recorders/spectrum.py",
        "recorders/test_spectrum.py",
        ("the smallest eigenvalue first", "values.flip(0).clamp", "values.clamp"),
        ("axes and eigenvalues in two orders", "axes.flip(1)", "axes"),
        ("a gain times the eigenvalue", " / coordinates.square().sum(0).clamp(min=torch.finfo(x.dtype).tiny)", ""),
        ("the gain for the cosine", "gain / mapped.norm(dim=0)", "gain"),
    ),
    *mutants(
        "methods/phases.py",
        "test_update.py",
        ("a phase of nothing without decay", "0 * torch.cat(z).sum()", "torch.zeros((), requires_grad=True)"),
    ),
]
