"""A preload of Dask's workers: each step sleeps, so that a fault falls into a run, and every epoch is saved.

ANATOMY_TEST_BALLAST: bytes that a step takes besides.
"""

import os
import time


def dask_setup(worker: object) -> None:
    from anatomy.scheduling import worker as module

    report, pause = module.Session.report, float(os.environ.get("ANATOMY_TEST_SLEEP", "0"))
    ballast = int(os.environ.get("ANATOMY_TEST_BALLAST", "0"))

    def slowly(self: module.Session, step: int) -> None:
        held = b"x" * ballast
        time.sleep(pause)
        del held
        report(self, step)

    module.Session.report = slowly  # type: ignore[method-assign]
    module.SAVE_EVERY = 0.0
