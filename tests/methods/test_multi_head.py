"""Several projectors on one backbone."""

import pytest
import torch

from anatomy.errors import InputError
from anatomy.runs import parts


def test_heads_of_equal_weights_are_simco(tools) -> None:
    method = tools.build("multi_head", heads=3)
    for head in method.more_heads:
        head.load_state_dict(method.encoder.projector.state_dict())
    assert method(tools.batch(6)).loss.item() == pytest.approx(
        tools.build("simco")(tools.batch(6)).loss.item(), rel=1e-10
    )


def test_each_head_has_weights_of_its_own(tools) -> None:
    method = tools.build("multi_head", heads=3)
    heads = [method.encoder.projector, *method.more_heads]
    assert len({head.weight[0, 0].item() for head in heads}) == 3
    method(tools.batch(6)).loss.backward()
    assert all(head.weight.grad.any() for head in heads)


def test_the_backbone_runs_once_a_view(tools) -> None:
    method, passes = tools.build("multi_head", heads=3), []
    method.encoder.backbone.register_forward_hook(lambda *_: passes.append(1))
    output = method(tools.batch(6))
    assert len(passes) == 2
    assert set(output.watch) == {"positive", "negatives", "z_1", "z_2", "index"}
    assert not any(isinstance(part, torch.Tensor) and part.requires_grad for part in output.watch.values())


@pytest.mark.parametrize("method", ["multi_head", "amcl"])
@pytest.mark.parametrize("heads", [1, 0, 2.5])
def test_one_head_is_refused(method: str, heads: float) -> None:
    with pytest.raises(InputError, match=r"heads is .*the default is 3"):
        parts.check("method", method, {"heads": heads})
