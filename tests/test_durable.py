"""Files that are there whole or not at all."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from pmo_lib.durable import whole


def test_a_file_takes_its_name_once_it_is_whole(tmp_path: Path) -> None:
    with whole(tmp_path / "plan", mode=0o600) as file:
        file.write(b"half")
        assert not (tmp_path / "plan").exists()
        file.write(b" and half")
    assert [path.name for path in tmp_path.iterdir()] == ["plan"]
    assert (tmp_path / "plan").read_bytes() == b"half and half"
    assert stat.S_IMODE((tmp_path / "plan").stat().st_mode) == 0o600


def _write(path: Path, content: bytes, fault: type[BaseException] | None = None) -> None:
    with whole(path) as file:
        file.write(content)
        if fault is not None:
            raise fault


@pytest.mark.parametrize("fault", [ValueError, OSError, KeyboardInterrupt])
def test_after_a_fault_the_old_file_stays_and_nothing_else(tmp_path: Path, fault: type[BaseException]) -> None:
    (tmp_path / "plan").write_bytes(b"old")
    with pytest.raises(fault):
        _write(tmp_path / "plan", b"new", fault)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("plan", b"old")]


def test_a_name_that_cannot_be_taken_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "plan").mkdir()
    with pytest.raises(IsADirectoryError):
        _write(tmp_path / "plan", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["plan"]
