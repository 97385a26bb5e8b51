"""Compiled graphs are of one run only; by a compiler that leaves the code as it is, since a real one takes a minute.

In a process of their own: what torch compiles is decided by state of the whole process, and once, after some thousand
other tests, it compiled nothing here.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from anatomy.hardware.device import eager
from anatomy.hardware.machine import Machine
from anatomy.training.state import Training
from anatomy.training.train import fit, prepare
from tiny import tiny

pytestmark = pytest.mark.alone

NETWORK = f"{Path(__file__).parent / 'small_network.py'}:of_torch"


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[list[Any]]]:
    """Of each graph that is compiled, how many images it takes; and sizes that it leaves open, which are no numbers."""
    import torch._dynamo as dynamo

    sizes: list[list[Any]] = []

    def backend(graph: torch.fx.GraphModule, inputs: list[Any]) -> Any:
        images = [x.shape[0] for x in inputs if isinstance(x, torch.Tensor) and x.shape[1:] == (3, 16, 16)]
        sizes.append(images + [x for x in inputs if isinstance(x, torch.SymInt)])
        return graph.forward

    ordinary = nn.Module.compile
    monkeypatch.setattr(nn.Module, "compile", lambda self, **given: ordinary(self, backend=backend, **given))
    with dynamo.config.patch(fail_on_recompile_limit_hit=False):
        yield sizes
    dynamo.reset()


def trained(**changed: Any) -> Training:
    small = {"backbone": NETWORK, "images": 64, "epochs": 1, "width": 4, "recorders": "", "measures": ""}
    training = prepare(tiny(**small | changed), Machine("cpu", "fp32", 1, compile="yes"))
    fit(training)
    return training


def test_each_run_has_graphs_of_its_own(compiled: list[list[Any]]) -> None:
    """Of the sizes that it has, whatever was trained before; evaluation, of another size, is not compiled."""
    trained(batch_size=32, recorders="geometry", method="simsiam", temperature=None, predictor_hidden=8)
    trained(batch_size=16)
    trained(batch_size=16)
    assert compiled == [[32], [16], [16]]


def test_another_size_has_a_graph_of_its_own(compiled: list[list[Any]]) -> None:
    """And not one for any size, whose bits would depend on which sizes came before."""
    backbone = trained(batch_size=16).method.encoder.backbone
    for count in (24, 12):
        backbone(torch.ones(count, 3, 16, 16).contiguous(memory_format=torch.channels_last))
    assert compiled == [[16], [24], [12]]


def test_the_same_numbers_whatever_was_compiled_before(compiled: list[list[Any]]) -> None:
    alone = trained(batch_size=16).losses
    trained(batch_size=32)
    assert trained(batch_size=16).losses == alone


def test_more_graphs_than_the_limit_are_an_error(compiled: list[list[Any]]) -> None:
    """The encoder and its slow copy are two: with a limit of one, the second would be run as it is, unsaid."""
    import torch._dynamo as dynamo

    with dynamo.config.patch(recompile_limit=1), pytest.raises(dynamo.exc.FailOnRecompileLimitHit):
        trained(method="mocov2", queue_size=40)


def test_a_run_that_torch_does_not_compile_says_so(compiled: list[list[Any]]) -> None:
    import torch._dynamo as dynamo

    with dynamo.config.patch(disable=True):
        assert trained().machine.compile == "no"
    assert trained().machine.compile == "yes"


def test_two_threads_that_compile_nothing_leave_it_on(compiled: list[list[Any]]) -> None:
    """The one that begins second ends second."""
    first, second = eager(), eager()
    for step in (first.__enter__, second.__enter__, lambda: first.__exit__(None, None, None)):
        step()
    assert trained().machine.compile == "no"
    second.__exit__(None, None, None)
    assert trained().machine.compile == "yes"
