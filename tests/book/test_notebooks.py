"""The contract of a chapter's notebook: thin, parameterized, with texts and without pictures."""

import ast
import re
from pathlib import Path

import nbformat
import pytest
import yaml
from nbformat.v4 import new_code_cell, new_notebook, new_output

import notebooks as refresher
import page
import parameters_cell

ROOT = Path(__file__).resolve().parents[2]
PATHS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LONGEST_CELL, LONGEST_FUNCTION = 15, 5  # lines
EVERYWHERE = ("preset", "dataset", "data_root", "seeds", "device", "store", "records", "time_limit",
              "workers", "cluster")  # fmt: skip


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def notebook(request):
    return nbformat.read(request.param, as_version=4)


def codes(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def draws(cell: nbformat.NotebookNode) -> bool:
    return "plt.show()" in cell.source or "mystnb" in cell.metadata


def test_every_notebook_is_in_the_table_of_contents():
    contents = yaml.safe_load((ROOT / "book" / "_toc.yml").read_text())
    files = [chapter["file"] for part in contents["parts"] for chapter in part["chapters"]]
    made = {"ledger", "errata", "reproducibility", "speed", "speedrun", "cite", "commands", "parts", "in_pictures"}
    listed = {Path(file).name for file in files if file.startswith("chapters/")} - made
    assert listed == {path.stem for path in PATHS}


def test_it_is_valid_and_runs_on_the_kernel_python3(notebook):
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"


def test_it_begins_with_a_title(notebook):
    assert notebook.cells[0].cell_type == "markdown"
    assert notebook.cells[0].source.startswith("# ")


def test_the_first_code_cell_holds_the_parameters(notebook):
    assert parameters_cell.parameters_cell(notebook) is codes(notebook)[0]


def test_every_parameter_is_annotated_and_explained(notebook):
    source = parameters_cell.parameters_cell(notebook).source
    assigned = [node for node in ast.parse(source).body if not isinstance(node, ast.Expr)]
    declared = parameters_cell.declared(source)
    assert len(declared) == len(assigned), "a parameter without an annotation"
    assert all(each.meaning for each in declared), "a parameter without a comment"
    assert set(EVERYWHERE) <= {each.name for each in declared}


def test_its_default_is_the_smallest_preset(notebook):
    declared = parameters_cell.declared(parameters_cell.parameters_cell(notebook).source)
    assert {each.name: each.default for each in declared}["preset"] == "smoke"


def test_the_second_code_cell_opens_the_study(notebook):
    assert "open_study(" in codes(notebook)[1].source


def test_cells_are_short(notebook):
    """Imports, which one hidden cell holds, do not count."""
    for cell in codes(notebook)[1:]:
        lines = [line for line in cell.source.splitlines() if not line.startswith(("import ", "from "))]
        assert len(lines) <= LONGEST_CELL, cell.id


def test_functions_are_shorter(notebook):
    for cell in codes(notebook):
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.FunctionDef):
                assert node.end_lineno - node.lineno < LONGEST_FUNCTION, node.name


def test_it_trains_and_installs_nothing_by_itself(notebook):
    for cell in codes(notebook):
        assert not re.search(r"^\s*[!%]|import torch|\.backward\(", cell.source, re.MULTILINE), cell.id


def test_no_picture_is_stored_and_its_text_is(notebook):
    for cell in codes(notebook):
        for output in cell.outputs:
            kinds = set(output.get("data", {}))
            assert not any(kind.startswith("image/") for kind in kinds), cell.id
            assert not kinds or "text/plain" in kinds, cell.id
            assert output.output_type != "error", cell.id


def test_no_warning_or_progress_is_stored(notebook):
    """Progress goes to the terminal itself; in a kernel that is sys.stderr.fileno(), not sys.__stderr__."""
    for cell in codes(notebook):
        assert not [output for output in cell.outputs if output.get("name") == "stderr"], cell.id


def test_every_figure_has_a_caption_a_name_and_a_text(notebook):
    names = []
    for cell in filter(draws, codes(notebook)):
        assert cell.source.rstrip().endswith("plt.show()"), cell.id
        page.check_alt(cell, "the notebook")
        assert cell.metadata.mystnb.figure.caption, cell.id
        names.append(cell.metadata.mystnb.figure.name)
    assert names, "a chapter without a figure"
    assert len(names) == len(set(names))


def test_cell_ids_are_words(notebook):
    """Written by hand, so that they stay when a tool writes the notebook anew."""
    assert (notebook.nbformat, notebook.nbformat_minor >= 5) == (4, True)
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    assert not [each for each in ids if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f-]+)?", each)]


def test_it_was_run_from_top_to_bottom(notebook):
    counts = [cell.execution_count for cell in codes(notebook) if cell.source.strip()]
    assert counts == list(range(1, len(counts) + 1))


def test_it_carries_no_trace_of_a_machine(notebook):
    text = nbformat.writes(notebook)
    assert not re.search(r"/home/|/Users/|/tmp/|papermill|\"version\"", text)


# --- make notebooks


LANGUAGE = {"name": "python", "version": "3.11.7"}


def drawn() -> nbformat.NotebookNode:
    data = {"image/png": "AAAA", "text/plain": "<Figure size 640x480 with 1 Axes>"}
    cell = new_code_cell("draw()", outputs=[new_output("display_data", data=data)], id="drawn")
    cell.metadata["execution"] = {"iopub.execute_input": "2026-11-22T12:00:00"}
    return new_notebook(cells=[cell], metadata={"language_info": LANGUAGE})


def test_tidy_keeps_texts_and_ids_and_drops_what_differs_without_meaning():
    tidy = refresher.tidy(drawn())
    assert tidy.cells[0].id == "drawn"
    assert dict(tidy.cells[0].outputs[0].data) == {"text/plain": "<Figure size 640x480 with 1 Axes>"}
    assert tidy.cells[0].metadata == {}
    assert tidy.metadata.language_info == {"name": "python"}


@pytest.mark.slow
def test_refreshing_twice_changes_nothing(tmp_path, capsys):
    path = tmp_path / "small.ipynb"
    source = "import os\nprint('OMP', os.environ['OMP_NUM_THREADS'])"
    nbformat.write(new_notebook(cells=[new_code_cell(source, id="small")]), path)
    assert refresher.refresh(path)
    first = path.read_bytes()
    assert refresher.refresh(path)
    assert path.read_bytes() == first
    assert capsys.readouterr().out == "small.ipynb: changed\nsmall.ipynb: as before\n"
    assert nbformat.read(path, as_version=4).cells[0].outputs[0].text == "OMP 1\n"


@pytest.mark.slow
def test_a_failing_notebook_is_left_as_it_was(tmp_path, capsys):
    path = tmp_path / "small.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell("1 / 0", id="small")]), path)
    before = path.read_bytes()
    assert not refresher.refresh(path)
    assert path.read_bytes() == before
    assert "division by zero" in capsys.readouterr().err
