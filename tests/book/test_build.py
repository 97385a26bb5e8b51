"""From an executed notebook to a page: what is rejected, what is removed, what is added."""

import ast
import base64
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import build
import chapter_page
import page
import parameters_cell
import provenance
from anatomy.errors import InputError, RunFailed
from anatomy.pages.chapter_figures import Listed
from anatomy.pages.redrawn import Drawing
from execute import check_finished
from figure_block import numbered

ROOT = Path(__file__).resolve().parents[2]
PIXEL = base64.b64encode(b"\x89PNG and the rest").decode()
ALT = "The hardness falls as the number of negatives grows."
SOURCE = 'preset: str = "smoke"  # the size\nseeds: str = "0,1"  # "a # b" | c\nlr: float = 0.1  # step'
FACTS = {
    "chapter": "sizes", "preset": "laptop", "dataset": "shapes", "network": "resnet18",
    "seeds": [0, 1, 2], "runs_done": 11, "runs_asked": 12, "commit": "0123456789abcdef",
    "device": "cpu", "cpu": "Model 5", "torch": "2.15", "precision": "fp32", "threads": 1,
    "seconds": 3725.0, "started": "2026-11-22",
}  # fmt: skip


def figure(alt: str | None = ALT, name: str = "figure") -> nbformat.NotebookNode:
    """A code cell with a picture; without `alt` it has no text at all."""
    data = {"image/png": PIXEL, "text/plain": "<Figure>"}
    image = {} if alt is None else {"image": {"alt": alt}}
    myst = {"mystnb": {"figure": {"caption": "Falls.", "name": f"fig-{name}"}, **image}}
    return code("draw()", [new_output("display_data", data=data)], metadata=myst, id=name)


def code(source: str, outputs: list | None = None, **more: object) -> nbformat.NotebookNode:
    cell = new_code_cell(source, outputs=outputs or [], execution_count=1, **more)
    cell.metadata["papermill"] = {"status": "completed"}
    return cell


def executed(*more: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """What papermill leaves: title, parameters, injected parameters, set-up, then `more`."""
    notebook = new_notebook(
        cells=[
            new_markdown_cell("# Sizes"),
            code(SOURCE, metadata={"tags": ["parameters"]}),
            code('preset = "laptop"', metadata={"tags": ["injected-parameters"]}),
            code('study = open_study("sizes", globals())'),
            *more,
        ]
    )
    notebook.metadata["papermill"] = {"exception": None, "end_time": "2026-11-22T12:00:00"}
    return notebook


OWN, PUBLISHED = "0" * 16, "f" * 16  # keys
SVG = b'<svg height="225pt" version="1.1" width="450pt">'


def study(*keys: str, trains: bool = True, **facts: object) -> SimpleNamespace:
    """The evidence of these runs."""
    said = FACTS | facts
    request = SimpleNamespace(dataset=said["dataset"], trains=trains, preset=SimpleNamespace(name=said["preset"]))
    return SimpleNamespace(found=dict.fromkeys(keys), provenance=lambda keys: said, request=request, archived=False)


def drawing(cell: nbformat.NotebookNode, number: int, *keys: str) -> Drawing:
    name = cell.metadata.mystnb.figure.name
    files = {".svg": SVG, "-phone.svg": SVG, ".png": b"", ".csv": b""}
    return Drawing(Listed("sizes", f"1.{number}", name, cell.id, "Falls.", ALT), keys, f"{ALT} 3.2.", files)


def pages(*more: nbformat.NotebookNode, keys: tuple[str, ...] = (OWN,), **given: str) -> nbformat.NotebookNode:
    cells = [cell for cell in more if page.is_figure(cell)]
    drawings = {one.of.name: one for one in (drawing(cell, n, *keys) for n, cell in enumerate(cells, start=1))}
    studies = [study(OWN), study(PUBLISHED, trains=False, preset="overnight", dataset="cifar10", cpu="Model 7")]
    figures = [one.of for one in drawings.values()]
    return page.make_page(executed(*more), "sizes", given or {"preset": "laptop"}, figures, drawings, studies)


def origins(made: nbformat.NotebookNode) -> list[str]:
    return [cell.source for cell in made.cells if cell.id.startswith("provenance-")]


def test_a_figure_names_its_own_runs_and_how_to_make_them_again():
    """The reader's runs are of one machine, the published ones of another."""
    (own,), (published,) = (origins(pages(figure(), keys=(key,))) for key in (OWN, PUBLISHED))
    assert "preset laptop" in own
    assert "Model 7" not in own
    assert "anatomy figure 1.1 --csv fig-figure.csv --svg fig-figure.svg --preset laptop\n" in own
    assert "anatomy study sizes --preset laptop --store again\n" in own
    assert "preset overnight · data set CIFAR-10" in published
    assert "Model 7" in published
    assert "anatomy figure 1.1 --csv fig-figure.csv --svg fig-figure.svg\n" in published
    assert "anatomy figure 1.1 --retrain --store again --data-root FOLDER\n" in published
    assert "1 h 2 min for those of this figure; cifar10, 170 MB if it is not there" in published
    for key, text in ((OWN, own), (PUBLISHED, published)):
        assert f'<a href="../records/{key}.json">{key}</a>' in text
        assert '<a href="figures/sizes/fig-figure.csv" download>CSV</a>' in text


def test_a_figure_without_runs_says_so_and_one_with_unknown_runs_ends_the_page():
    (text,) = origins(pages(figure(), keys=()))
    assert "no run is behind it" in text
    with pytest.raises(RunFailed, match=r"figure 1\.1 shows runs of no study of its page: another"):
        pages(figure(), keys=("another",))


def test_a_figure_gives_way_to_its_drawing_and_what_was_printed_stays():
    drawn = figure()
    drawn.outputs.insert(0, new_output("stream", name="stdout", text="true\n"))
    made = {cell.id: cell for cell in pages(drawn).cells}
    assert "remove-output" in page.tags(made["figure"])
    assert made["printed-fig-figure"].outputs[0].text == "true\n"
    assert made["printed-fig-figure"].source.strip()  # a cell without source is left out when the page is rendered
    block = made["shown-fig-figure"].source
    assert block.startswith("```{drawn-figure} figures/sizes/fig-figure\n:name: fig-figure\n:number: 1.1\n")
    assert f":alt: {ALT} 3.2.\n:sizes: 600x300 600x300\n\nFalls.\n```" in block


def test_an_explorer_has_its_number_before_its_caption():
    said = "<figure><figcaption>\n  Drag it.</figcaption></figure>"
    text = '<figcaption>\n  <span class="figure-number">Figure 2.1.</span> Drag it.'
    assert text in numbered(said, "2.1")
    output = new_output("execute_result", data={"text/html": said, "text/plain": "<Explorer>"})
    cell = new_code_cell('explorer.committed("hardness")', outputs=[output])
    assert list(page.as_shown(cell, Listed("sizes", "1.4", "hardness-explorer", "x"), None)) == []
    assert "Figure 1.4.</span> Drag it." in cell.outputs[0].data["text/html"]


def test_a_figure_of_an_earlier_recipe_says_so():
    facts = FACTS | {"preset": "overnight", "archived": True}
    assert next(provenance.phrases(facts)) == "preset overnight of an earlier recipe, not judged"
    assert next(provenance.phrases(facts | {"archived": False})) == "preset overnight"


def test_what_a_cell_says_is_followed_by_its_runs_and_a_claim_is_led_to():
    printed = code("print(study)", [new_output("stream", name="stdout", text="0.93\n")], id="said")
    of_claim = new_output("display_data", data={"text/markdown": "- *family-2.* It is 3."})
    made = {cell.id: cell for cell in pages(printed, code("say(study)", [of_claim], id="claim")).cells}
    assert 'From <a href="#runs-0">1 run</a> at laptop on drawn shapes.' in made["provenance-said"].source
    assert "provenance-claim" not in made
    assert made["claim"].outputs[0].data["text/markdown"] == "- {ref}`family-2 <family-2>`. It is 3."
    assert f'<a href="../records/{OWN}.json">{OWN}</a>' in made["page-runs"].source


def test_an_explorer_of_a_formula_says_that_no_run_is_behind_it():
    explorer = code('explorer.committed("hardness")', id="x")
    listed = Listed("sizes", "1.4", "hardness-explorer", "x")
    made = page.make_page(executed(explorer), "sizes", {}, [listed], {}, [study(OWN), study(OWN)])
    assert "no run is behind it" in origins(made)[0]


# --- half notebooks


def test_a_finished_notebook_passes():
    check_finished(executed(figure()), "sizes")


@pytest.mark.parametrize("hole", [{"end_time": None}, {"exception": True}])
def test_a_notebook_without_an_end_is_rejected(hole):
    notebook = executed(figure())
    notebook.metadata["papermill"].update(hole)
    with pytest.raises(RunFailed, match="cut off"):
        check_finished(notebook, "sizes")


def test_a_notebook_with_a_pending_cell_is_rejected():
    notebook = executed(figure())
    notebook.cells[-1].metadata["papermill"]["status"] = "pending"
    with pytest.raises(RunFailed, match="cut off"):
        check_finished(notebook, "sizes")


def test_a_notebook_that_papermill_did_not_run_is_rejected():
    with pytest.raises(RunFailed, match="cut off"):
        check_finished(new_notebook(cells=[new_code_cell("1 + 1")]), "sizes")


@pytest.mark.parametrize(("name", "kind"), [("InputError", InputError), ("ValueError", RunFailed)])
def test_the_sentence_of_a_failed_cell_is_ours(name, kind):
    output = new_output("error", ename=name, evalue="no such data set", traceback=[])
    with pytest.raises(kind, match="^no such data set$"):
        check_finished(executed(code("open_study()", [output])), "sizes")


# --- parameters


def test_one_table_takes_the_place_of_both_parameter_cells():
    made = pages(figure())
    tags = [tag for cell in made.cells for tag in page.tags(cell)]
    assert "parameters" not in tags
    assert "injected-parameters" not in tags
    assert [cell.id for cell in made.cells].count("page-parameters") == 1
    assert made.cells[1].id == "page-parameters"
    assert made.cells[2].source.startswith("study = ")


def test_the_table_shows_final_values_and_which_are_not_the_default():
    table = pages(figure()).cells[1].source
    assert "| preset | **`laptop`** (default `smoke`) | the size |" in table
    assert "| seeds | `0,1` |" in table
    assert "| lr | `0.1` | step |" in table


def test_a_comment_with_marks_in_it_is_read_whole():
    assert parameters_cell.declared(SOURCE)[1].meaning == '"a # b" | c'
    assert parameters_cell.comment('x: str = "#1"  # after') == "after"
    assert parameters_cell.comment("x: int = 1") == ""


def test_final_values_are_the_defaults_under_what_was_passed():
    values = parameters_cell.final_values(executed(), {"preset": "gpu"})
    assert values == {"preset": "gpu", "seeds": "0,1", "lr": 0.1}


def test_two_parameter_cells_are_rejected():
    twice = executed(code(SOURCE, metadata={"tags": ["parameters"]}))
    with pytest.raises(RunFailed, match="one cell tagged parameters"):
        page.make_page(twice, "sizes", {}, [], {}, [])


# --- figures and provenance


def test_each_figure_is_followed_by_where_it_is_from():
    made = pages(figure(name="a"), code("1"), figure(name="b"))
    order = [cell.id for cell in made.cells if cell.id.endswith(("-fig-a", "-fig-b"))]
    assert order == ["shown-fig-a", "provenance-fig-a", "shown-fig-b", "provenance-fig-b"]
    for text in origins(made):
        for fact in ("laptop", "drawn shapes", "ResNet-18", "seeds 0, 1, 2", "11 of 12 runs", "Model 5",
                     "torch 2.15", "fp32", "1 thread ", "1 h 2 min", "0123456789ab"):  # fmt: skip
            assert fact in text
    assert nbformat.validate(made) is None


def test_the_command_that_remakes_a_figure_names_what_differs_and_quotes_it():
    (text,) = origins(pages(figure(), preset="laptop", seeds="0, 7", lr="0.1"))
    assert "papermill notebooks/sizes.ipynb sizes_again.ipynb -p preset laptop -p seeds '0, 7'\n" in text
    assert "--svg fig-figure.svg --preset laptop --seeds '0, 7'\n" in text


def test_the_preset_is_named_even_where_it_is_the_default():
    (text,) = origins(pages(figure(), preset="smoke"))
    assert "sizes_again.ipynb -p preset smoke\n" in text
    assert "--svg fig-figure.svg --preset smoke\n" in text


@pytest.mark.parametrize("alt", [None, "", "short", "../_images/0123456789abcdef0123.png"])
def test_a_figure_without_a_text_is_rejected(alt):
    with pytest.raises(RunFailed, match=r"needs mystnb\.image\.alt"):
        pages(figure(alt))


def test_setup_and_drawing_are_folded_and_the_author_may_choose():
    shown = figure(name="shown")
    shown.metadata["tags"] = ["show-input"]
    made = {cell.id: page.tags(cell) for cell in pages(figure(), shown, code("1", id="plain")).cells}
    assert made["figure"] == ["remove-output", "hide-input"]
    assert made["shown"] == ["show-input", "remove-output"]
    assert made["plain"] == []


def test_the_same_runs_give_the_same_page():
    """When it was run stands in what papermill leaves, and not on the page."""
    later = figure()
    later.metadata |= {
        "papermill": {"status": "completed", "duration": 3.4},
        "execution": {"shell.execute_reply": "12:00"},
    }
    one, other = (
        [cell | {"id": ""} for cell in pages(each).cells] for each in (figure(), later)
    )  # cells without an id of their own get one by chance
    assert one == other


def test_the_executed_notebook_is_not_changed():
    before = executed(figure())
    text = nbformat.writes(before)
    drawn = drawing(before.cells[-1], 1, OWN)
    page.make_page(before, "sizes", {}, [drawn.of], {drawn.of.name: drawn}, [study(OWN)])
    assert nbformat.writes(before) == text


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (90, "1 min 30 s"), (7260, "2 h 1 min"),
     (None, "an unknown time")],
)  # fmt: skip
def test_durations(seconds, words):
    assert provenance.duration(seconds) == words


def test_facts_that_are_missing_or_many():
    line = " · ".join(
        provenance.phrases(
            FACTS | {"commit": None, "cpu": ["A", "B"], "device": "NVIDIA H", "threads": 4, "seeds": [3]}
        )
    )
    assert "commit unknown" in line
    assert "on NVIDIA H, beside A, B" in line
    assert "4 threads" in line
    assert "seed 3 ·" in line
    line = " · ".join(provenance.phrases(FACTS | {"commit": f"{'ab' * 20}-dirty, {'cd' * 20}", "threads": "1"}))
    assert "commit abababababab-dirty, cdcdcdcdcdcd" in line
    assert "1 thread ·" in line
    line = " · ".join(provenance.phrases(FACTS | {"network": "resnet8 width 16, vgg7 width 32"}))
    assert "network ResNet-8 width 16, VGG-7 width 32 ·" in line


# --- the command


@pytest.mark.parametrize(
    ("words", "sentence"),
    [(["--preset", "lap"], "did you mean laptop"), (["--chapter", "none"], "no chapter 'none'")],
)
def test_a_wrong_word_is_answered_in_one_sentence_and_nothing_is_written(
    words, sentence, tmp_path, monkeypatch, capsys
):
    for name in ("BUILD", "CHAPTERS", "NOTEBOOKS"):
        monkeypatch.setattr(build, name, tmp_path / name)
    assert build.main(words) == 2
    said = capsys.readouterr().err.strip().splitlines()
    assert len(said) == 1
    assert sentence in said[0]
    assert not (tmp_path / "CHAPTERS").exists()


def test_published_uses_records_and_trains_nothing():
    given = build.parameters(build.parser().parse_args(["--preset", "published"]))
    assert given == {"preset": "published", "records": "use"}


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A book of one notebook in a temporary place, with a former page."""
    for name in ("BUILD", "CHAPTERS", "NOTEBOOKS"):
        monkeypatch.setattr(build, name, tmp_path / name)
    build.CHAPTERS.mkdir()
    (build.CHAPTERS / "sizes.ipynb").write_text("former")
    own = SimpleNamespace(evidence=study(dataset="shapes"), found={}, paper=[], floors=[])
    monkeypatch.setattr(chapter_page, "studies", lambda chapter, values: (own, own))
    monkeypatch.setattr(chapter_page, "redrawn", lambda chapter, values: [])
    monkeypatch.setattr(chapter_page, "listed", lambda chapter: [])
    monkeypatch.setattr(chapter_page, "judging", lambda chapter, *studies: [])
    monkeypatch.setattr(chapter_page, "short_answer", lambda chapter, studies, figures: "The answer.")
    return tmp_path


def make_sizes(tree: Path) -> bool:
    (sizes,) = build.made(["sizes"], {"preset": "laptop"}, tree)
    return sizes


def test_a_failed_chapter_keeps_its_former_page(tree, monkeypatch, capsys):
    def fail(*ignored):
        raise RunFailed("The loss became NaN at step 12.")

    monkeypatch.setattr(chapter_page, "execute", fail)
    assert make_sizes(tree) is False
    assert (tree / "CHAPTERS" / "sizes.ipynb").read_text() == "former"
    assert "NaN at step 12" in capsys.readouterr().err


def test_a_figure_without_a_text_keeps_the_former_page(tree, monkeypatch):
    monkeypatch.setattr(chapter_page, "execute", lambda *ignored: executed(figure(None)))
    assert make_sizes(tree) is False
    assert (tree / "CHAPTERS" / "sizes.ipynb").read_text() == "former"


def test_a_finished_chapter_takes_the_former_pages_place(tree, monkeypatch):
    monkeypatch.setattr(chapter_page, "execute", lambda *ignored: executed(figure()))
    assert make_sizes(tree) is True
    title, answer, *_ = nbformat.read(tree / "CHAPTERS" / "sizes.ipynb", as_version=4).cells
    assert (title.source, answer.source) == ("# Sizes", "The answer.")


class AtOnce(ThreadPoolExecutor):
    """In the place of processes."""

    def __init__(self, count: int, threads: int) -> None:
        super().__init__(count)


@pytest.mark.parametrize(
    ("given", "side_by_side"),
    [({"preset": "published"}, True), ({"preset": "smoke"}, True), ({"preset": "laptop"}, False),
     ({"preset": "smoke", "cluster": "local:2"}, False)],
)  # fmt: skip
def test_only_what_trains_for_seconds_and_here_is_drawn_side_by_side(given, side_by_side, tmp_path, monkeypatch):
    """Each of two waits until the other has begun."""
    begun = threading.Barrier(2)

    def meets(notebook: Path, **ignored: object) -> bool:
        try:
            begun.wait(10 if side_by_side else 1)
        except threading.BrokenBarrierError:
            begun.reset()
            return False
        return True

    for name, value in {"cores": lambda: 2, "Workers": AtOnce, "chapter_page": meets}.items():
        monkeypatch.setattr(build, name, value)
    assert build.made(["a", "b"], given, tmp_path) == [side_by_side] * 2


@pytest.mark.slow
def test_chapters_in_processes_of_their_own_fail_one_by_one_and_an_unknown_one_is_the_callers_mistake(
    tree, monkeypatch, capfd
):
    monkeypatch.setattr(build, "cores", lambda: 2)
    build.NOTEBOOKS.mkdir()
    for name, line in {"a": "raise ValueError('too cold')", "b": "raise ValueError('too hot')", "c": "1"}.items():
        cells = [new_code_cell("x: int = 1", metadata={"tags": ["parameters"]}), new_code_cell(line)]
        meta = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        nbformat.write(new_notebook(cells=cells, metadata=meta), build.NOTEBOOKS / f"{name}.ipynb")
    with build.workplace() as folder:
        assert build.made(["a", "b"], {"preset": "published"}, folder) == [False, False]
    said = capfd.readouterr().err
    assert "a: too cold Its former page stays." in said
    assert "b: too hot Its former page stays." in said
    with build.workplace() as folder, pytest.raises(InputError, match="'c'"):
        build.made(["c", "a"], {"preset": "published"}, folder)


def test_a_second_build_is_rejected_while_one_runs(tree):
    with build.workplace(), pytest.raises(RunFailed, match="Another make book"), build.workplace():
        pass
    assert not list(build.BUILD.glob("staging-*"))


def test_what_a_killed_build_left_is_removed(tree):
    build.BUILD.mkdir()
    (build.BUILD / "staging-1").mkdir()
    with build.workplace() as folder:
        assert [path.name for path in build.BUILD.glob("staging-*")] == [folder.name]


def test_the_door_imports_no_torch():
    line = "import sys; sys.path[:0] = ['book', 'src']; import build; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", line], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


OWN_SCRIPTS = {"ledger.js", "pdf.js"}


def test_no_third_party_script_and_no_address_in_the_books_sources():
    for path in (ROOT / "book").rglob("*"):
        if "chapters" in path.parts or path.suffix not in {".js", ".css", ".svg", ".py", ".yml"}:
            continue
        assert path.suffix != ".js" or path.name in OWN_SCRIPTS, path
        text = path.read_text()
        for known in ("http://www.w3.org/2000/svg", "https://arxiv.org/abs/", "http://127.0.0.1:"):
            text = text.replace(known, "")
        assert "https://" not in text, path
        assert "http://" not in text, path


def test_every_tool_of_the_book_says_why_it_is_there():
    for path in [*(ROOT / "book").glob("*.py"), *(ROOT / "book" / "_ext").glob("*.py")]:
        assert ast.get_docstring(ast.parse(path.read_text())), path
