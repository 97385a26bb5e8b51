"""Break the code on purpose: each break must turn a unit test red.  `make mutants`

The table is mutant_tables/, a file for each room of the package. A mutant is a piece of text that stands exactly once
in a file, what to write instead, and the test files that should notice. Text that is not there (the code was
rewritten) is an error: the mutant is to be written anew, never dropped. Where one survives, the tests lack something,
not the table. Every mutant is run in its own copy of src and tests, two at a time. Words choose some:
`mutants.py paired.py screening`.
"""

import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from mutant_tables import MUTANTS
from mutant_tables.mutant import ROOT, SOURCE, Mutant, changed, misfits

COPIED = ("src", "tests", "book", "notebooks", "records", "pyproject.toml")
AT_ONCE = 2
LIMIT = 300  # seconds, on a busy machine; a mutant that hangs is noticed too
FAILED = 1  # pytest's exit code when a test failed
# Without two plugins that cost more than most of these tests: nbval's import alone takes 2 seconds.
OPTIONS = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:nbval", "-p", "no:hypothesispytest"]


class FirstFailure:
    """A plugin of pytest that remembers which test failed first."""

    name = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.name:
            self.name = report.nodeid.removeprefix("tests/")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed and not self.name:
            self.name = f"{report.nodeid}: {report.longrepr}"[-500:]


def run_tests(tree: str, mutant: Mutant | None, tests: Sequence[str]) -> tuple[int, str]:
    """(pytest's exit code, the first test that failed), in this process; a mutant in a copy of the tree."""
    signal.signal(signal.SIGALRM, too_long)
    signal.alarm(LIMIT)
    with tempfile.TemporaryDirectory(prefix="mutant-") as temporary:
        folder = Path(tree)
        if mutant is not None:
            folder = shutil.copytree(tree, Path(temporary) / "tree")
            apply(mutant, folder / SOURCE / mutant.file)
        os.chdir(folder)
        os.environ["PYTHONPATH"] = str(folder / "src")
        sys.path[:0] = [str(folder / "src"), str(folder / "tests")]
        first = FirstFailure()
        with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
            code = pytest.main([*OPTIONS, *(f"tests/{name}" for name in tests)], plugins=[first])
        tested = getattr(sys.modules.get("anatomy"), "__file__", None)
        if f"{folder}{os.sep}" not in str(tested):
            raise RuntimeError(f"{', '.join(tests)}: {tested} was tested, and not the copy in {folder}")
        os.chdir("/")
    signal.alarm(0)
    return int(code), first.name


def apply(mutant: Mutant, file: Path) -> None:
    """Write the mutant's change, and remove what was compiled without it."""
    file.write_text(changed(mutant, file.read_text(encoding="utf-8")), encoding="utf-8")
    for compiled in (file.parent / "__pycache__").glob(f"{file.stem}.*"):
        compiled.unlink()


def too_long(*_: object) -> None:
    raise TimeoutError(f"no end after {LIMIT} s")


def main(words: Sequence[str] = ()) -> int:
    """All mutants, or those whose file or name holds one of the words."""
    started = time.time()
    chosen = [m for m in MUTANTS if not words or any(word in f"{m.file} {m.what}" for word in words)]
    if unfit := misfits(chosen):
        print("\n".join(unfit))
        return 1
    # Each mutant has a process of its own, forked from one that has imported torch: 2 s instead of 6.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["torch", "torchvision", "pandas", "beartype"])
    with tempfile.TemporaryDirectory(prefix="mutants-") as temporary:
        tree = str(snapshot(Path(temporary)))
        with ProcessPoolExecutor(AT_ONCE, mp_context=context, max_tasks_per_child=1) as pool:
            if failed := without_mutants(pool, tree, chosen):
                print("The tests fail without any mutant, so no mutant can be judged:", *failed, sep="\n")
                return 1
            survived = with_mutants(pool, tree, chosen)
    print(f"{len(chosen) - survived} of {len(chosen)} killed in {time.time() - started:.0f} s")
    return 1 if survived else 0


def snapshot(folder: Path) -> Path:
    """The tree as it is now: what is edited from here on does not count."""
    tree = folder / "tree"
    tree.mkdir()
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, tree / name)
    return tree


def without_mutants(pool: Executor, tree: str, chosen: Sequence[Mutant]) -> list[str]:
    """Which of the test files fail on the code as it is. What they compile, the copies need not compile again."""
    files = sorted({name for mutant in chosen for name in mutant.tests})
    jobs = {file: pool.submit(run_tests, tree, None, [file]) for file in files}
    return [f"{file}: {job.result()[1]}" for file, job in jobs.items() if job.result()[0]]


def with_mutants(pool: Executor, tree: str, chosen: Sequence[Mutant]) -> int:
    """Print the table; how many survived. Only a failed test kills, not a mutant that cannot be imported."""
    print(f"{'killed':6}  {'file':26} {'what':45} by", flush=True)
    jobs = [pool.submit(run_tests, tree, mutant, mutant.tests) for mutant in chosen]
    survived = 0
    for mutant, job in zip(chosen, jobs, strict=True):
        code, test = job.result()
        survived += code != FAILED
        said = test if code == FAILED else f"SURVIVED (pytest exits with {code}) {test}"
        print(f"{'yes' if code == FAILED else 'NO':6}  {mutant.file:26} {mutant.what:45} {said}", flush=True)
    return survived


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
