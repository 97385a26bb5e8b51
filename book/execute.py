"""Run one notebook with papermill into a temporary place, and believe only a finished one.

A killed papermill leaves a notebook that looks whole, so the metadata decide, not the file. The
kernel inherits our standard error: what a study writes to the file descriptor of sys.stderr reaches
the terminal as it happens, and is no output of a cell.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import nbformat

from anatomy.errors import InputError, RunFailed

# A profile of our own: the reader's IPython start-up files stay out of the runs, and so does the
# kernel's warning about unencrypted TCP, one for each notebook.
KERNEL_CONFIG = "c = get_config()\nc.IPKernelApp.log_level = 40\n"


def execute(notebook: Path, output: Path, parameters: dict[str, Any]) -> nbformat.NotebookNode:
    """The executed notebook.

    Raises InputError where the notebook rejected its parameters, RunFailed for anything else; the
    message is the notebook's own last sentence.
    """
    import papermill  # a second of imports; a wrong name is answered before it

    os.environ.update(environment(output.parent))
    # What a failed cell raises is read from the notebook, so that the reader sees one sentence.
    with suppress(papermill.PapermillExecutionError):
        papermill.execute_notebook(notebook, output, parameters, kernel_name="python3", progress_bar=False)
    executed = nbformat.read(output, as_version=4)
    check_finished(executed, notebook.name)
    return executed


def environment(folder: Path) -> dict[str, str]:
    """What the kernel's environment must hold: an empty IPython profile, in `folder`."""
    profile = folder / "ipython" / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "ipython_kernel_config.py").write_text(KERNEL_CONFIG)
    return {"IPYTHONDIR": str(profile.parent)}


def check_finished(executed: nbformat.NotebookNode, name: str) -> None:
    """Refuse a notebook that failed, or that was cut off half way."""
    for cell in executed.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                failure = InputError if output.ename == "InputError" else RunFailed
                raise failure(output.evalue.strip() or output.ename)
    papermill = executed.metadata.get("papermill", {})
    done = papermill.get("exception") is None and papermill.get("end_time") is not None
    if not done or not all(finished(cell) for cell in executed.cells):
        raise RunFailed(f"{name} was cut off before its last cell; run it again, it goes on.")


def finished(cell: nbformat.NotebookNode) -> bool:
    """A code cell that papermill ran to its end; a cell without code has nothing to run."""
    if cell.cell_type != "code" or not cell.source.strip():
        return True
    return cell.metadata.get("papermill", {}).get("status") == "completed"
