"""make notebooks: run each committed notebook anew, so that `git diff` shows what really changed.

Defaults (the smoke preset), an empty store, one thread. Text outputs stay, because nbval compares
them; pictures, timings and versions go, because they differ without meaning anything.
"""

import os
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from execute import environment

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"


def main() -> int:
    failed = [path.name for path in sorted(NOTEBOOKS.glob("*.ipynb")) if not refresh(path)]
    return 1 if failed else 0


def refresh(path: Path) -> bool:
    """Execute one notebook in place; False, and the file untouched, where a cell fails."""
    notebook = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(environment(Path(folder)))
        os.environ.update(OMP_NUM_THREADS="1", ANATOMY_STORE=f"{folder}/store")
        # In the notebook's own folder, as nbval does.
        client = NotebookClient(
            notebook,
            kernel_name="python3",
            timeout=None,
            record_timing=False,
            coalesce_streams=True,
            resources={"metadata": {"path": str(path.parent)}},
        )
        try:
            client.execute()
        except CellExecutionError as error:
            print(f"{path.name}: {error.ename}: {error.evalue}", file=sys.stderr)
            return False
    text = nbformat.writes(tidy(notebook)) + "\n"
    changed = text != path.read_text()
    if changed:
        temporary = path.with_suffix(".tmp")
        temporary.write_text(text)
        temporary.replace(path)
    print(f"{path.name}: {'changed' if changed else 'as before'}")
    return True


def tidy(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Without pictures (their text/plain stays), timings, and the version of this Python."""
    for cell in notebook.cells:
        for name in ("execution", "papermill", "collapsed", "ExecuteTime"):
            cell.metadata.pop(name, None)
        drawn = "nbval-ignore-output" in cell.metadata.get("tags", [])  # a picture made of text, with its numbers
        for output in cell.get("outputs", []):
            for kind in [name for name in output.get("data", {}) if name.startswith("image/") or drawn]:
                if kind != "text/plain":
                    del output.data[kind]
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL, "language_info": {"name": "python"}})
    return notebook


KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}

if __name__ == "__main__":
    sys.exit(main())
