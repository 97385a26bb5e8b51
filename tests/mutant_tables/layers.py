"""Normalization layers and what is built with them."""

from mutant_tables.mutant import Mutant, mutants

MUTANTS: list[Mutant] = [
    *mutants(
        "networks/heads.py",
        "test_heads.py",
        ("the final norm always on", "    if final_norm:", "    if True:"),
        ("the bias before the length", "unit(z) if self.linear is None", "z if self.linear is None"),
    ),
    *mutants(
        "networks/backbones.py",
        "test_backbones.py",
        ("the ImageNet stem's stride", "convolution(3, width, 3, stride=1", "convolution(3, width, 3, stride=2"),
        (
            "no shortcut",
            "self.norm2(self.conv2(out)) + self.shortcut(kept)",
            "self.norm2(self.conv2(out)) + 0 * self.shortcut(kept)",
        ),
    ),
    *mutants(
        "memory_order.py",
        "test_memory_order.py",
        ("a gradient in the other order", "        return gradient.contiguous()", "        return gradient"),
        (
            "a slice in the other order",
            ".movedim(1, 3)[:, ::stride, ::stride].movedim(3, 1)",
            "[:, :, ::stride, ::stride]",
        ),
        ("an average in the other order", "x.movedim(1, 3).mean((1, 2))", "x.mean((2, 3))"),
    ),
    *mutants(
        "networks/scattering.py",
        "test_scattering.py",
        ("wavelets hear the mean", "window * (cosine - (window * cosine).sum())", "window * cosine"),
        ("a sum for a mean", "kernel / kernel.sum()", "kernel"),
        ("both scales are one", "WAVE / 2**scale", "WAVE"),
        (
            "a modulus of 0 has no gradient",
            ".clamp(min=TINY).sqrt()",
            ".sqrt()",
        ),
        (
            "fine moduli are not heard again",
            "modulus(maps, self.coarse",
            "modulus(maps[:, :1].expand_as(maps), self.coarse",
        ),
        (
            "kernels are learned",
            "self.register_buffer(name, kernel.float(), persistent=False)",
            "setattr(self, name, nn.Parameter(kernel.float()))",
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
        "networks/layers.py",
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
]
