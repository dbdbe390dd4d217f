"""Executor: runs the chunks of a build in this process, in others, or on a Dask cluster.

A chunk is some payloads for a function of module level, which also takes a context that is the same for all
chunks of a build. Payloads and results are values, so that no worker needs the disk of this machine.
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
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, Generic, TypeVar

from jixiao.i18n import message
from jixiao.problems import UserError

Context = TypeVar("Context")
Payload = TypeVar("Payload")
Result = TypeVar("Result")
Label = TypeVar("Label")
Run = Callable[[Context, tuple[Payload, ...]], Iterable[Result]]
Chunk = tuple[tuple[Label, ...], tuple[Payload, ...]]

FEW: Final = 200
"""Declarations for which starting other processes takes longer than doing the work."""
CHUNKS_PER_WORKER: Final = 2
"""Chunks of a worker at a time: one running, one waiting. More only fill memory."""
PATIENCE_SECONDS: Final = 10
"""How long a scheduler may take to answer, and to have a worker."""
RETRIES: Final = 3
"""How often a chunk is run again when its worker is lost."""
_STAGES: Final = [
    f"{__package__}.{name}"
    for name in ("declarations", "page_stages", "download_stages", "search_stage", "history_stage")
]
"""Modules of functions that run on workers."""
_MOST_PROCESSES: Final = 61 if os.name == "nt" else 1_000
"""Processes that one can wait for at once."""


def count_cores() -> int:
    """Count the cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, kw_only=True)
class Executor(Generic[Context]):
    """Runs chunks in this process, one after the other, and yields their results in order."""

    context: Context

    def run(
        self, run: Run[Context, Payload, Result], chunks: Iterable[Chunk[Label, Payload]]
    ) -> Iterator[tuple[Label, Result]]:
        """Run a function on chunks, which are iterated as workers need them.

        Args:
            run: Yields one result for each payload.
            chunks: Labels, which stay here and come back with the results, and as many payloads.
        """
        done = ((labels, run(self.context, payloads)) for labels, payloads in chunks)
        return (pair for labels, results in done for pair in zip(labels, results, strict=True))


@dataclass(frozen=True, kw_only=True)
class PoolExecutor(Executor[Context]):
    """Runs chunks on several workers. The first chunks are handed out at once."""

    workers: int
    submit: Callable[..., Future[Any]]
    """Hands a function and the payloads of a chunk to a worker."""

    def run(
        self, run: Run[Context, Payload, Result], chunks: Iterable[Chunk[Label, Payload]]
    ) -> Iterator[tuple[Label, Result]]:
        """Run a function on chunks, see `Executor.run`."""
        begun = ((labels, self.submit(run, payloads)) for labels, payloads in chunks)
        return _finish(deque(islice(begun, self.workers * CHUNKS_PER_WORKER)), begun)


def _finish(
    running: deque[tuple[tuple[Label, ...], Future[tuple[Result, ...]]]],
    begun: Iterator[tuple[tuple[Label, ...], Future[tuple[Result, ...]]]],
) -> Iterator[tuple[Label, Result]]:
    """Yield the results of each chunk when it is done, and hand out another one for it."""
    try:
        while running:
            labels, future = running.popleft()
            yield from zip(labels, future.result(), strict=True)
            running.extend(islice(begun, 1))
    finally:
        for _, future in running:
            future.cancel()


@contextmanager
def choose_executor(
    context: Context, declarations: int, scheduler: str | None = None
) -> Iterator[Executor[Context]]:
    """Choose an executor for work on so many *declarations*.

    Args:
        context: The first argument of every function that is run.
        declarations: How many need work.
        scheduler: The address of a Dask scheduler; without one the work is done on this machine.

    Raises:
        UserError: There is no cluster at *scheduler*, or a worker ended in the middle of its work.
    """
    try:
        if scheduler is not None:
            with cluster(context, scheduler) as executor:
                yield executor
        elif declarations < FEW or count_cores() == 1:
            yield Executor(context=context)
        else:
            with processes(context, count_cores()) as executor:
                yield executor
    except NoCluster as missing:
        saying = message("没有连上 Dask 集群 {address}；还要安装 jixiao[cluster]", address=scheduler or "")
        raise UserError(saying, str(missing)) from missing
    except BrokenExecutor as broken:
        raise UserError(message("一个工作进程意外结束，可能是内存不足")) from broken


def threads(context: Context) -> PoolExecutor[Context]:
    """Return an executor of threads, one a core: for work that waits for another program."""
    return PoolExecutor(
        context=context,
        workers=count_cores(),
        submit=lambda run, payloads: _THREADS.submit(_run_with, context, run, payloads),
    )


@contextmanager
def processes(context: Context, count: int) -> Iterator[Executor[Context]]:
    """Run chunks in *count* processes of this machine while the block runs."""
    # A server that forks: it has imported everything and, unlike this process, runs no threads.
    method = multiprocessing.get_context("forkserver" if hasattr(os, "fork") else "spawn")
    method.set_forkserver_preload(_STAGES)
    count = min(count, _MOST_PROCESSES)
    pickled = pickle.dumps(context, pickle.HIGHEST_PROTOCOL)
    with ProcessPoolExecutor(count, mp_context=method, initializer=_begin, initargs=(pickled,)) as pool:
        try:
            yield PoolExecutor(
                context=context,
                workers=count,
                submit=lambda run, payloads: pool.submit(_run_in_process, run, payloads),
            )
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


class NoCluster(Exception):  # noqa: N818 - named for what is missing
    """There is no worker to be had; holds the reason in words of the library."""


@contextmanager
def cluster(context: Context, address: str) -> Iterator[Executor[Context]]:
    """Run chunks on the Dask cluster whose scheduler is at *address* while the block runs.

    Payloads and results travel through the scheduler. Dask runs the chunks of a lost worker on another one.

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
        # Payloads travel whole, so that no worker needs our disk: ten megabytes for an index are meant.
        warnings.filterwarnings("ignore", message="Sending large graph", category=UserWarning)
        # A task and no scattered value: when the only worker that holds it is lost, Dask makes it again.
        held = client.submit(_pass, context, pure=False, retries=RETRIES)
        pool = client.get_executor(pure=False, retries=RETRIES)
        yield PoolExecutor(
            context=context,
            workers=len(client.scheduler_info(n_workers=-1)["workers"]),
            submit=lambda run, payloads: pool.submit(_run_with, held, run, payloads),
        )


def chunks(
    pairs: Iterable[tuple[Label, Payload]], size: int, weigh: Callable[[Payload], int]
) -> Iterator[Chunk[Label, Payload]]:
    """Put labelled payloads together until they weigh *size*."""
    labels: list[Label] = []
    payloads: list[Payload] = []
    weight = 0
    for label, payload in pairs:
        labels.append(label)
        payloads.append(payload)
        weight += weigh(payload)
        if weight >= size:
            yield tuple(labels), tuple(payloads)
            labels, payloads, weight = [], [], 0
    if labels:
        yield tuple(labels), tuple(payloads)


def tune_gc() -> None:
    """Collect garbage seldom: trees and pages go with their last user, and all else is kept for good.

    The collector would walk a hundred thousand summaries again and again, which took half of a check.
    """
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


_THREADS = ThreadPoolExecutor(count_cores())
_context: Any = None
"""The context, in a worker process."""


def _begin(pickled: bytes) -> None:
    """Set a worker process up."""
    global _context  # noqa: PLW0603 - a process of the pool lives for one context
    tune_gc()
    _context = pickle.loads(pickled)  # noqa: S301 - written by the process that has started this one
    # Ctrl+C goes to all processes; the one that has started the others decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_exit_with_parent, daemon=True).start()


def _exit_with_parent() -> None:
    """End when the parent has been killed: nobody else would end this process."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _pass(context: Context) -> Context:
    return context


def _run_with(
    context: Context, run: Run[Context, Payload, Result], payloads: tuple[Payload, ...]
) -> tuple[Result, ...]:
    return tuple(run(context, payloads))


def _run_in_process(run: Run[Any, Payload, Result], payloads: tuple[Payload, ...]) -> tuple[Result, ...]:
    return tuple(run(_context, payloads))
