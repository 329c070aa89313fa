"""The process in which our own readers run: a fresh interpreter with limits on memory, processor time and clock time.

A time limit cannot be enforced within a process, and a hostile file can fill the memory; so a file is read here, and only `carrier` bytes come
back. One child reads many files. A file that breaks it costs that file only: the next one gets a new child.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import queue
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any

from pmo_lib.errors import PMOError, UnreadableFile

if TYPE_CHECKING:
    from pmo_lib.project import Project

MEGABYTE = 1 << 20
MEMORY = 1024 * MEGABYTE  # [bytes] of address space beyond what the idle child has
SECONDS = 20.0  # [s] a file, and one more for each megabyte
STARTING = 60.0  # [s] for the interpreter to start, on a busy machine
IDLE = 60.0  # [s] after which the shared child is let go
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP", "VIRTUAL_ENV", "LD_LIBRARY_PATH")  # of the environment; secrets are not
REMEDY = "save a fresh copy from the tool that wrote it"
SLOW = f"try again when the machine is less busy, or {REMEDY}"


class Child:
    """The parent's end of the process. It starts with the first file, and afresh after a file that broke it."""

    def __init__(self, *, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        """`seconds` limit each small file; `memory` [bytes] limits what reading may take."""
        self._seconds, self._memory = seconds, memory
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.Queue[bytes | None] = queue.Queue()

    def __enter__(self) -> Child:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def read(self, module: str, path: Path) -> bytes:
        """What the reader in `module` makes of the file, as `carrier` bytes. Raises `UnreadableFile`."""
        if self._process is None or self._process.poll() is not None:
            self._start(path)
        seconds = self._seconds + _size(path) / MEGABYTE
        answer = self._ask({"module": module, "path": str(path.absolute()), "seconds": seconds}, seconds)
        if answer is None:
            reason, remedy = self._why_broken(seconds)
            raise UnreadableFile(path.name, reason, remedy=remedy)
        if answer[:1] == b"{":
            raise UnreadableFile(**json.loads(answer))
        return answer[1:]

    def stop(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                with suppress(OSError):
                    pipe.close()  # type: ignore[union-attr]
            self._process = None

    def _start(self, path: Path) -> None:
        self.stop()
        environment = {name: os.environ[name] for name in KEPT if name in os.environ}
        # a thread pool's stacks and each thread's share of the heap would count against the memory limit
        environment |= {"PYTHONPATH": str(Path(__file__).parents[2]), "POLARS_MAX_THREADS": "1", "MALLOC_ARENA_MAX": "1"}
        # -P: a file named like a module in the current folder must not be imported
        command = [sys.executable, "-P", "-m", "pmo_lib.readers.child", str(self._memory)]
        try:
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)  # noqa: S603  our own interpreter and module
        except OSError as error:
            raise UnreadableFile(path.name, f"the process that reads files cannot be started: {error.strerror}", remedy="see pmo doctor") from None
        self._answers = queue.Queue()
        threading.Thread(target=_forward, args=(self._process.stdout, self._answers), daemon=True).start()
        if self._next(STARTING) is None:
            self.stop()
            raise UnreadableFile(path.name, "the process that reads files did not start", remedy="see pmo doctor")

    def _ask(self, request: dict[str, Any], seconds: float) -> bytes | None:
        assert self._process is not None
        assert self._process.stdin is not None
        try:
            with suppress(OSError):
                self._process.stdin.write(json.dumps(request).encode() + b"\n")
                self._process.stdin.flush()
            return self._next(seconds)
        except BaseException:  # interrupted: an answer that comes later must not be taken for the next file's
            self.stop()
            raise

    def _next(self, seconds: float) -> bytes | None:
        try:
            return self._answers.get(timeout=seconds)
        except queue.Empty:
            return None

    def _why_broken(self, seconds: float) -> tuple[str, str]:
        """Why no answer came, and what to do; ends the process."""
        assert self._process is not None
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=0.5)
        ended = self._process.poll()
        self.stop()
        # a process that used up its processor time is ended with signal 24 (SIGXCPU)
        if ended in (None, -24):
            return f"reading it took longer than {seconds:.0f} s and was stopped", SLOW
        return "its content broke the reader, which was stopped", REMEDY


def _size(path: Path) -> int:
    """[bytes] of a file, or of all files in a folder."""
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) if path.is_dir() else path.stat().st_size


_lock = threading.Lock()
_shared: list[Child] = []
_timer: list[threading.Timer] = []


def read_shared(module: str, path: Path) -> bytes:
    """As `Child.read`, in one child that this process keeps warm for a minute."""
    with _lock:
        for timer in _timer:
            timer.cancel()
        if not _shared:
            _shared.append(Child())
            atexit.register(_let_go)
        try:
            return _shared[0].read(module, path)
        finally:
            _timer[:] = [threading.Timer(IDLE, _let_go)]
            _timer[0].daemon = True
            _timer[0].start()


def _let_go() -> None:
    with _lock:
        for child in _shared:
            child.stop()


def _forward(pipe: IO[bytes], answers: queue.Queue[bytes | None]) -> None:
    """The child's answers into a queue that can be waited on with a time limit; None when the pipe ends."""
    with suppress(ValueError, OSError):
        while len(size := pipe.read(8)) == 8 and (length := int.from_bytes(size, "little")) <= 2 * MEMORY:
            answers.put(pipe.read(length))
    answers.put(None)


# what follows runs in the child


def main() -> None:
    """Answer requests, one a line of JSON, until standard input ends."""
    pipe = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not mix with the answers
    _warm_up()
    _confine(int(sys.argv[1]))
    _send(pipe, b"ready")
    for line in sys.stdin.buffer:
        request = json.loads(line)
        _limit_processor_time(request["seconds"])
        _send(pipe, _answer(request["module"], Path(request["path"])))


def _warm_up() -> None:
    """Load what readers need and use it once: Polars takes address space for its threads at first use, which is no file's fault."""
    from pmo_lib.project import Project, ProjectInfo
    from pmo_lib.readers import building, carrier, notes

    activity = {"activity": "1", "name": "1", "duration": 0, "remaining_duration": 0}
    tables = building.tables_from({"activities": [activity]}, notes.Notes())
    carrier.pack([Project(ProjectInfo(key="1", name="1", source="warm-up"), tables)])


def _send(pipe: IO[bytes], answer: bytes) -> None:
    pipe.write(len(answer).to_bytes(8, "little") + answer)
    pipe.flush()


def _answer(module: str, path: Path) -> bytes:
    from pmo_lib.readers import carrier

    try:
        return b"P" + carrier.pack([_scheduled(plan) for plan in importlib.import_module(module).parse(path)])
    except UnreadableFile as refusal:
        return _refusal(refusal)
    except PMOError as fault:
        return _refusal(UnreadableFile(path.name, str(fault).removeprefix(f"{path.name}: ")))
    except MemoryError:
        return _refusal(UnreadableFile(path.name, "reading it needs more memory than a plan may take", remedy=REMEDY))
    except Exception as error:  # noqa: BLE001  whatever a parser did not foresee is the file's fault for its user
        return _refusal(UnreadableFile(path.name, f"its content is not what its format says ({type(error).__name__})", place=_place(error), remedy=REMEDY))


def _scheduled(plan: Project) -> Project:
    """The plan; a board that says enough of dates and of what waits for what with a network too."""
    from pmo_lib.board_network import can_be_network, with_network

    return with_network(plan) if can_be_network(plan) else plan


def _refusal(refusal: UnreadableFile) -> bytes:
    return json.dumps({"file": refusal.file, "reason": refusal.reason, "place": refusal.place, "remedy": refusal.remedy}).encode()


def _place(error: BaseException) -> str | None:
    """Where in the file the parser was: its readers keep that in a variable `place`."""
    found, trace = None, error.__traceback__
    while trace is not None:
        local = trace.tb_frame.f_locals
        place = local.get("place") or getattr(local.get("item"), "place", None)
        found, trace = place if isinstance(place, str) else found, trace.tb_next
    return found


def _confine(memory: int) -> None:
    """No more address space than `memory` [bytes] beyond now, no core file, no file written; where the system has such limits."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _limit_processor_time(seconds: float) -> None:
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime + seconds) + 2, hard))


if __name__ == "__main__":
    main()
