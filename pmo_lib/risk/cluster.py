"""The same iterations on other processes, by Dask distributed: the network is lowered once, its arrays are sent once, and blocks come back as columns.

Every number is addressed, so it does not matter who draws it: the result is that of one process, bit by bit. A plan leaves this machine only over TLS.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

from pmo_lib.errors import InvalidInput, NotAvailable

if TYPE_CHECKING:
    from pmo_lib.risk.engine.block import Output
    from pmo_lib.risk.engine.effects import EffectScratch
    from pmo_lib.risk.engine.run import Run
    from pmo_lib.risk.engine.running import Cancel, Progress
    from pmo_lib.risk.execution import Runner

CHUNKS = 4  # for each worker, so that none waits long for another
PATIENCE = 0.2  # seconds between two looks at `cancel`


@contextmanager
def runner(scheduler: Any, here: Runner) -> Iterator[Runner]:
    """What runs blocks: `here` without a scheduler, else the scheduler's workers."""
    if scheduler is None:
        yield here
        return
    with connected(scheduler) as client:
        yield lambda *given: run_on(client, *given)


@contextmanager
def connected(scheduler: Any) -> Iterator[Any]:
    """A client of the scheduler: "local" (one process a processor, for as long as this lasts), an address, or a client, which stays open.

    Raises `InvalidInput` for an address that is neither on this machine nor guarded by TLS, `NotAvailable` where nobody answers.
    """
    distributed = _needed()
    if isinstance(scheduler, distributed.Client):
        yield scheduler
    elif scheduler == "local":
        with _local() as cluster, distributed.Client(cluster, set_as_default=False) as client:
            yield client
    else:
        address = checked(scheduler)
        try:
            client = distributed.Client(address, set_as_default=False, timeout="3s")
        except OSError as error:
            raise NotAvailable(f"no Dask scheduler answers at {address}; start one with dask scheduler, or take scheduler='local'") from error
        with client:
            yield client


def checked(address: Any) -> str:
    """The address of a scheduler that a plan may be sent to."""
    parts = urlsplit(address) if isinstance(address, str) else urlsplit("")
    try:
        known = parts.scheme in ("tcp", "tls") and parts.hostname and parts.port
    except ValueError:
        known = False
    if not known:
        raise InvalidInput(f"scheduler is 'local', tcp://127.0.0.1:PORT, tls://HOST:PORT or a Dask client, and is {address!r}")
    if parts.scheme == "tcp" and not _loopback(str(parts.hostname)):
        raise InvalidInput(f"scheduler {address} is on another machine, and a plan is sent there only over TLS; give a tls:// address with Dask's TLS settings")
    return str(address)


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _needed() -> Any:
    try:
        import distributed
    except ModuleNotFoundError as error:
        raise NotAvailable("simulate: scheduler needs Dask; install the package distributed, or leave scheduler out") from error
    return distributed


def _local() -> Any:
    from distributed import LocalCluster

    from pmo_lib.risk.engine.running import available

    # processes are spawned (Dask's default), listen on this machine alone and serve no dashboard
    return LocalCluster(
        n_workers=available(),
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        worker_dashboard_address="127.0.0.1:0",
        silence_logs=40,
    )


def run_on(
    client: Any,
    run: Run,
    out: Output,
    criticality: str = "longest_path",
    progress: Progress | None = None,
    cancel: Cancel | None = None,
    tally: list[EffectScratch] | None = None,
    *,
    chunks: int | None = None,
) -> np.ndarray:
    """As `running.run_into`, on the client's workers, in so many chunks."""
    count = chunks or CHUNKS * max(len(client.scheduler_info(n_workers=-1)["workers"]), 1)
    lean = replace(run, blocks=run.blocks[:0], threads=1, spare={True: [], False: []})
    (sent,) = client.scatter([lean], broadcast=True, hash=False)  # a list: of a bare dict the keys would become the tasks' names
    tasks = {}
    for rows in np.array_split(run.blocks, min(count, len(run.blocks))):
        first = int(rows[0, 4])
        shifted = rows - [0, 0, 0, 0, first]
        floors = out.latest[:, first].copy()
        tasks[client.submit(work, sent, shifted, out.watched_from, out.watched, floors, criticality, pure=False)] = first
    with client.as_current():
        return _gathered(client, tasks, out, run.fixed.size, progress, cancel, [] if tally is None else tally)


def work(run: Run, rows: np.ndarray, watched_from: np.ndarray, watched: np.ndarray, floors: np.ndarray, criticality: str) -> tuple[Any, ...]:
    """On a worker: finish [iterations], latest [groups, iterations], how often each row was critical [n], and what was counted of risks and branches."""
    from pmo_lib.risk.engine.effects import without_room
    from pmo_lib.risk.engine.running import output, run_into

    iterations = int(rows[:, 2].sum())
    room = output(iterations)
    room = room._replace(watched_from=watched_from, watched=watched, latest=np.repeat(floors[:, None], iterations, axis=1))
    counted: list[EffectScratch] = []
    critical = run_into(replace(run, blocks=rows), room, criticality, tally=counted)
    return (
        room.finish,
        room.latest,
        critical,
        [without_room(one) for one in counted],
    )


def _gathered(
    client: Any, tasks: dict[Any, int], out: Output, n: int, progress: Progress | None, cancel: Cancel | None, tally: list[EffectScratch]
) -> np.ndarray:
    """Every chunk into its columns as it arrives."""
    import distributed

    from pmo_lib.risk.engine.running import Cancelled

    wait: Any = distributed.wait
    critical, left, done = np.zeros(n, np.int64), set(tasks), 0
    while left:
        try:
            ended, left = wait(left, timeout=PATIENCE if cancel else None, return_when="FIRST_COMPLETED")
        except TimeoutError:
            ended = set()
        for task in ended:
            finish, latest, own, counted = task.result()
            first, size = tasks[task], finish.size
            out.finish[first : first + size], out.latest[:, first : first + size] = finish, latest
            critical += own
            tally.extend(counted)
            done += size
        if progress is not None and ended:
            progress(done, out.finish.size, "iterations")
        if left and cancel is not None and cancel():
            client.cancel(list(left))
            raise Cancelled(f"the simulation was called off after {done:,} of {out.finish.size:,} iterations")
    return critical
