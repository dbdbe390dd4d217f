"""The crew: whoever does the batches of a build, in this process, in others, or on a cluster.

A batch is a function of the module level, a context that is the same for all batches of a build, and an
order. Orders and results are values, so that no worker needs the disk of this machine.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import signal
import threading
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, Generic, TypeVar

Context = TypeVar("Context")
Order = TypeVar("Order")
Result = TypeVar("Result")

UNDER_WAY = 2
"""Batches for each worker that are handed out at a time: one in work, one waiting. More only fill memory."""
PATIENCE_SECONDS = 10
"""How long a scheduler may take to answer, and to have a worker."""
RETRIES = 3
"""How often a batch is begun anew when its worker is lost."""


@dataclass(frozen=True, kw_only=True)
class Crew(Generic[Context]):
    """Does batches, and gives their results in the order in which they were handed out."""

    context: Context
    workers: int = 1
    submit: Callable[..., Future[Any]] | None = None
    """Hands a function and an order to a worker; `None` works in this process, one order after the other."""

    def run(
        self, work: Callable[[Context, Order], Result], orders: Iterable[Order]
    ) -> Iterator[tuple[Order, Result]]:
        """Do *work* on each order. Orders are made as they are needed; the first are handed out at once."""
        if self.submit is None:
            return ((order, work(self.context, order)) for order in orders)
        submit = self.submit
        begun = ((order, submit(work, order)) for order in orders)
        return _finished(deque(islice(begun, self.workers * UNDER_WAY)), begun)


def _finished(
    under_way: deque[tuple[Order, Future[Result]]], begun: Iterator[tuple[Order, Future[Result]]]
) -> Iterator[tuple[Order, Result]]:
    """Give each result when it is there, and begin another for it."""
    try:
        while under_way:
            order, future = under_way.popleft()
            yield order, future.result()
            under_way.extend(islice(begun, 1))
    finally:
        for _, future in under_way:
            future.cancel()


def threads() -> Crew[None]:
    """Work in threads of this process, one a core: for work that is waiting for another program."""
    return Crew(context=None, workers=cores(), submit=lambda work, order: _THREADS.submit(work, None, order))


@contextmanager
def alone(context: Context) -> Iterator[Crew[Context]]:
    """Work in this process: for little work, of which starting others would take longer."""
    yield Crew(context=context)


@contextmanager
def processes(context: Context, count: int) -> Iterator[Crew[Context]]:
    """Work in *count* processes of this machine while the block runs."""
    # A server that forks: it has imported everything and, unlike this process, runs no threads.
    method = multiprocessing.get_context("forkserver" if hasattr(os, "fork") else "spawn")
    method.set_forkserver_preload(["jixiao.batch"])
    count = min(count, _MOST)
    held = pickle.dumps(context, pickle.HIGHEST_PROTOCOL)
    with ProcessPoolExecutor(count, mp_context=method, initializer=_begin, initargs=(held,)) as executor:
        try:
            yield Crew(
                context=context,
                workers=count,
                submit=lambda work, order: executor.submit(_do, work, order),
            )
        finally:
            executor.shutdown(wait=False, cancel_futures=True)


class NoCluster(Exception):  # noqa: N818 - named for what is missing
    """There is nobody to work; says why, in words of the library."""


@contextmanager
def cluster(context: Context, address: str) -> Iterator[Crew[Context]]:
    """Work on the Dask cluster whose scheduler is at *address* while the block runs.

    Orders and results travel through the scheduler. Dask does the batches of a lost worker again on another.

    Raises:
        NoCluster: The extra `cluster` is not installed, nobody answers, or there is no worker.
    """
    try:
        from distributed import Client  # noqa: PLC0415 - an extra that most installations do not have

        client = Client(address, timeout=PATIENCE_SECONDS, set_as_default=False)
        client.wait_for_workers(1, timeout=PATIENCE_SECONDS)
    except (ImportError, OSError, TimeoutError, ValueError) as error:
        raise NoCluster(str(error)) from error
    with client, warnings.catch_warnings():
        # Orders travel whole, so that no worker needs our disk: ten megabytes for an index are meant.
        warnings.filterwarnings("ignore", message="Sending large graph", category=UserWarning)
        # A task and no scattered value: when the only worker that holds it is lost, Dask makes it again.
        held = client.submit(_same, context, pure=False, retries=RETRIES)
        executor = client.get_executor(pure=False, retries=RETRIES)
        yield Crew(
            context=context,
            workers=len(client.scheduler_info(n_workers=-1)["workers"]),
            submit=lambda work, order: executor.submit(work, held, order),
        )


def in_batches(
    ones: Iterable[Order], size: int, weight: Callable[[Order], int] = lambda _: 1
) -> Iterator[tuple[Order, ...]]:
    """Put orders together until they weigh *size*; by default each weighs 1."""
    batch: list[Order] = []
    together = 0
    for one in ones:
        batch.append(one)
        together += weight(one)
        if together >= size:
            yield tuple(batch)
            batch, together = [], 0
    if batch:
        yield tuple(batch)


def cores() -> int:
    """Count the cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def spare_the_collector() -> None:
    """Look for rubbish seldom: trees and pages go with their last user, and what is left is kept for good.

    The collector would walk a hundred thousand entries again and again, which took half of a check.
    """
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


_MOST = 61 if os.name == "nt" else 1_000
"""Processes that one can wait for at once."""
_THREADS = ThreadPoolExecutor(cores())
_held: Any = None
"""The context, in a worker process."""


def _begin(held: bytes) -> None:
    """Set a worker process up."""
    global _held  # noqa: PLW0603 - a process of the pool lives for one context
    spare_the_collector()
    _held = pickle.loads(held)  # noqa: S301 - written by the process that has started this one
    # Ctrl+C goes to all processes; the one that has started the others decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End when the parent has been killed: nobody would ever tell this process to."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _same(context: Context) -> Context:
    return context


def _do(work: Callable[[Any, Order], Result], order: Order) -> Result:
    return work(_held, order)
