"""What a page shows as source is what the package holds, and the stored outputs of the notebooks are up to date."""

import ast
import inspect
from pathlib import Path

import nbformat
import pytest

from anatomy.errors import InputError
from anatomy.pages.shown_source import source
from anatomy.runs import parts

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


def bare(code: str) -> str:
    """Without docstring, comments and layout."""
    (node,) = ast.parse(code).body
    assert isinstance(node, ast.FunctionDef)
    if ast.get_docstring(node):
        node.body = node.body[1:]
    return ast.unparse(node)


@pytest.mark.parametrize(("kind", "name"), [("loss", "dual_temperature"), ("transform", "positive_extrapolation")])
def test_it_is_the_code_that_runs(kind: str, name: str) -> None:
    place = parts.place_of(kind, name)
    text = repr(source(f"anatomy.{place.parent.name}.{name}.{name}"))
    function = parts.load(kind, name)
    assert bare(text) == bare(inspect.getsource(inspect.unwrap(function)))
    assert text.startswith(f"# anatomy/{place.parent.name}/{name}.py\ndef {name}(")
    assert '"""' not in text


def test_a_method_of_a_class_stands_at_the_margin_and_keeps_its_comments() -> None:
    text = repr(source("anatomy.methods.moco.MoCo.forward"))
    assert text.startswith(
        "# anatomy/methods/moco.py, MoCo\ndef forward(self, batch: Batch) -> StepOutput:\n    view_1"
    )
    assert "# Without a momentum encoder" in text


def test_decorators_are_shown() -> None:
    assert "\n@torch.no_grad()\ndef move_towards(" in repr(source("anatomy.methods.moco.move_towards"))


def test_several_are_one_block_of_highlighted_python() -> None:
    shown = source("anatomy.siamese_base.pull", "anatomy.methods.naive.Naive.forward")._repr_markdown_()
    assert shown.startswith("```python\n# anatomy/siamese_base.py\ndef pull(")
    assert "\n\n# anatomy/methods/naive.py, Naive\ndef forward(" in shown
    assert shown.endswith("\n```")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("torch.nn.Module", "no file for 'torch.nn.Module'"),
        ("anatomy.losses.info_nce.info_nc", "info_nce.py has no 'info_nc'; did you mean info_nce"),
        ("anatomy.methods.simsiam.SimSiam.backward", "simsiam.py has no 'backward'"),
    ],
)
def test_an_unknown_name(name: str, said: str) -> None:
    with pytest.raises(InputError, match=said.replace("?", r"\?")):
        source(name)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_chapter_shows_its_source_as_it_is(path: Path) -> None:
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.source.startswith("source(")]
    assert cells, "a chapter that shows no code of the package"
    for cell in cells:
        call = ast.parse(cell.source, mode="eval").body
        assert isinstance(call, ast.Call)
        code = source(*(ast.literal_eval(name) for name in call.args))
        assert dict(cell.outputs[0].data) == {"text/markdown": code._repr_markdown_(), "text/plain": repr(code)}
