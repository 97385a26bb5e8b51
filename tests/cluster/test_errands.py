"""What comes back of orders: each by itself, and nothing of one that was called back."""

import threading
from collections.abc import Callable
from typing import Any

from anatomy.cluster.engine import Engine
from anatomy.cluster.errands import Errands
from anatomy.cluster.pace import Worker
from anatomy.cluster.remote import Order
from tiny import MACHINE


class Result:
    """A future whose result takes until `arrives` to come."""

    def __init__(self, arrives: threading.Event) -> None:
        self.arrives = arrives

    def add_done_callback(self, call: Callable[["Result"], None]) -> None:
        call(self)

    def result(self, timeout: float) -> str:
        assert self.arrives.wait(20)
        return "returned"


class Fake(Engine):
    """The two things that are asked of an engine."""

    def __init__(self, results: list[Result]) -> None:
        self.results, self.canceled = results, list[Any]()

    def submit(self, function: object, *given: object, worker: str) -> Any:
        return self.results.pop(0)

    def cancel(self, future: object) -> None:
        self.canceled.append(future)


def test_a_result_that_is_late_holds_up_no_other() -> None:
    late, there = threading.Event(), threading.Event()
    there.set()
    first, second = Result(late), Result(there)
    fake = Fake([first, second])
    errands = Errands(fake)
    for key, address in ("a", "one"), ("b", "two"):
        errands.send(Order(key, {}, MACHINE, {}, None), Worker(address, address, "x"))
    assert [(errand.key, said) for errand, said in errands.back(within=10.0)] == [("b", "returned")]
    assert errands.keys == ["a"]
    errands.call_back("one")
    late.set()
    assert (errands.keys, fake.canceled) == ([], [first])
    assert list(errands.back(within=1.0)) == []
    errands.close()
