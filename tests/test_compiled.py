"""The cache of compiled kernels: never stale, and not needed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CALLED = "from pmo_lib.compiled import kernel\n\n@kernel\ndef called(x):\n    return x + {added}\n"
CALLING = "from pmo_lib.compiled import kernel\nfrom pmo_lib.schedule.called import called\n\n@kernel\ndef calling(x):\n    return called(x) * 10\n"
RUN = """
import sys; sys.path.insert(0, sys.argv[1])
from pmo_lib.risk.calling import calling
from pmo_lib.compiled import cache_folder, compiled_before
before = compiled_before('risk')
print(calling(1), cache_folder('risk'), calling._cache.__class__.__name__, before, sum(calling.stats.cache_hits.values()))
"""


@pytest.fixture
def package(tmp_path: Path, root: Path) -> Path:
    """A small package of the same shape: a kernel in one room, called by one in the next."""
    rooms = tmp_path / "install" / "pmo_lib"
    for room in (rooms, rooms / "schedule", rooms / "risk"):
        room.mkdir(parents=True)
        (room / "__init__.py").touch()
    shutil.copy(root / "pmo_lib" / "compiled.py", rooms)
    (rooms / "schedule" / "called.py").write_text(CALLED.format(added=1))
    (rooms / "risk" / "calling.py").write_text(CALLING)
    return rooms


def run(package: Path, home: Path | None) -> list[str]:
    environment = {name: value for name, value in os.environ.items() if name not in ("HOME", "XDG_CACHE_HOME", "NUMBA_CACHE_DIR", "USERPROFILE")}
    if home is not None:
        environment["HOME"] = str(home)
    done = subprocess.run(
        [sys.executable, "-I", "-c", RUN, str(package.parent)], env=environment, capture_output=True, text=True, timeout=120, cwd=package.parent
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_an_edited_callee_is_compiled_anew(package: Path, tmp_path: Path) -> None:
    first = run(package, tmp_path)
    assert first[::3] == ["20", "False"]
    package = package.parent.rename(tmp_path / "another") / "pmo_lib"
    assert run(package, tmp_path) == [*first[:3], "True", "1"], "a package that only moved is not compiled anew"
    assert list(Path(first[1]).rglob("*.nbc"))
    (package / "schedule" / "called.py").write_text(CALLED.format(added=2))
    second = run(package, tmp_path)
    assert second[::3] == ["30", "False"]
    assert second[1] != first[1]


def test_nowhere_to_write_runs_uncached(package: Path) -> None:
    assert run(package, home=None) == ["20", "None", "NullCache", "False", "0"]
    assert not list(package.rglob("*.nbi"))
