"""The guarded door: whatever comes in, out comes a plan or one sentence; and the children that read keep their limits."""

from __future__ import annotations

import os
import pickle
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pmo_lib.errors import NotFound, UnreadableFile
from pmo_lib.readers import READERS, carrier, child, door, read, read_all, read_many
from pmo_lib.readers.xer import reader as xer

XER = (
    "ERMHDR\t23.12\t2026-01-05\tProject\tana\tAna\tdb\tProject Management\tEUR\n"
    "%T\tPROJECT\n%F\tproj_id\tproj_short_name\tlast_recalc_date\n%R\t1\tBRIDGE\t2026-01-05 08:00\n%R\t2\tROAD\t2026-01-05 08:00\n"
    "%T\tTASK\n%F\ttask_id\tproj_id\ttask_code\ttask_name\ttarget_drtn_hr_cnt\tremain_drtn_hr_cnt\n"
    "%R\t10\t1\tA10\tPiers\t80\t80\n%R\t11\t1\tA20\tDeck\t40\t40\n%R\t20\t2\tB10\tSurface\t16\t16\n%E\n"
)
MSPDI = '<?xml version="1.0"?>{prolog}<Project xmlns="http://schemas.microsoft.com/project"><Name>{name}</Name><Tasks><Task><UID>1</UID><Name>Dig</Name></Task></Tasks></Project>'


def _bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 40_000_000)


def _crowd(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(door.ENTRIES + 1):
            archive.writestr(f"{number}.xml", "")


def _cut_archive(path: Path) -> None:
    _bomb(path)
    path.write_bytes(path.read_bytes()[:2_000])


BAD: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "missing": ("plan.xer", lambda path: None, "no such file"),
    "folder": ("plan.xer", Path.mkdir, "it is a folder"),
    "empty": ("plan.xer", lambda path: path.write_bytes(b""), "it is empty"),
    "blank": ("plan.xer", lambda path: path.write_bytes(b"\r\n \x00" * 9), "it is empty"),
    "text": ("plan.xer", lambda path: path.write_text("Dear all, the plan is attached."), "no format that is read here"),
    "html": ("plan.xml", lambda path: path.write_text("<html><body>Sign in</body></html>"), "no format that is read here .it looks like XML or HTML"),
    "rubbish": ("plan.xer", lambda path: path.write_bytes(bytes(range(256)) * 40), "it looks like a binary file"),
    "pdf": ("plan.mpp", lambda path: path.write_bytes(b"%PDF-1.7\n"), "it looks like PDF"),
    "no project": ("plan.xer", lambda path: path.write_text(XER[: XER.index("%T")] + "%E\n"), "it holds no project"),
    "cut XER": ("plan.xer", lambda path: path.write_text(XER[: XER.index("Deck") + 2]), r"line 9.*breaks off in the middle of a row"),
    "cut XML": ("plan.xml", lambda path: path.write_text(MSPDI.format(prolog="", name="Dig")[:-20]), r"line 1, column \d+.*not well-formed"),
    "entities": ("plan.xml", lambda path: path.write_text(MSPDI.format(prolog='<!DOCTYPE p [<!ENTITY a "lol">]>', name="&a;&a;")), "document type or entities"),
    "outside": (
        "plan.xml",
        lambda path: path.write_text(MSPDI.format(prolog='<!DOCTYPE p SYSTEM "file:///etc/passwd">', name="")),
        "document type or entities",
    ),
    "unknown encoding": ("plan.xml", lambda path: path.write_text(MSPDI.format(prolog="", name="").replace('"1.0"', '"1.0" encoding="klingon"')), "encoding"),
    "bomb": ("plan.xlsx", _bomb, "would unpack to"),
    "crowd": ("plan.xlsx", _crowd, "parts"),
    "cut archive": ("plan.xlsx", _cut_archive, "damaged or breaks off"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_sentence(case: str, tmp_path: Path) -> None:
    name, make, reason = BAD[case]
    path = tmp_path / name
    make(path)
    with pytest.raises(UnreadableFile, match=reason) as caught:
        read(path)
    message = str(caught.value)
    assert message.startswith(name)
    assert caught.value.remedy
    assert len(message) < 300
    assert not re.search(r"Traceback|Error\b|\n", message)
    elsewhere = pickle.loads(pickle.dumps(caught.value))  # as another process of a batch receives it
    assert (str(elsewhere), vars(elsewhere)) == (message, vars(caught.value))


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes are POSIX")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "plan.xer")
    with pytest.raises(UnreadableFile, match="not a regular file"):
        read(tmp_path / "plan.xer")


def test_a_name_that_is_none() -> None:
    with pytest.raises(UnreadableFile, match=r"cannot be reached|no such file"):
        read("plan\x00.xer")


def test_size_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "LARGEST", 100)
    (tmp_path / "plan.xer").write_text(XER)
    with pytest.raises(UnreadableFile, match="larger than"):
        read(tmp_path / "plan.xer")


def test_content_decides_and_not_the_suffix(tmp_path: Path) -> None:
    (tmp_path / "plan.mpp").write_text(XER)
    (tmp_path / "plan.csv").write_text(MSPDI.format(prolog="", name="Dig"))
    assert read(tmp_path / "plan.mpp").info.source == "xer"
    assert read(tmp_path / "plan.csv").info.source == "mspdi"


def test_the_largest_project_is_meant_and_the_others_are_named(tmp_path: Path) -> None:
    path = tmp_path / "two.xer"
    path.write_text(XER)
    plan = read(path)
    assert plan.info.key == "BRIDGE"
    assert "ROAD" in plan.findings.filter(code="several-projects")["message"].item()
    assert [each.info.key for each in read_all(path)] == ["BRIDGE", "ROAD"]
    assert read(path, project="ROAD").tables["activities"]["activity"].to_list() == ["B10"]
    with pytest.raises(NotFound, match=r"two\.xer holds no project 'CANAL'; it holds BRIDGE, ROAD"):
        read(path, project="CANAL")


def test_as_of_is_the_data_date_where_the_source_has_none(tmp_path: Path) -> None:
    from datetime import datetime

    (tmp_path / "plan.xml").write_text(MSPDI.format(prolog="", name="Dig"))
    (tmp_path / "plan.xer").write_text(XER)
    asked = datetime(2026, 3, 2)
    assert read(tmp_path / "plan.xml", as_of=asked).info.data_date == asked
    kept = read(tmp_path / "plan.xer", as_of=asked)
    assert kept.info.data_date == datetime(2026, 1, 5, 8)
    assert "as-of-ignored" in kept.findings["code"]


def test_one_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.xer").write_text(XER)
    (tmp_path / "b.xer").write_text("rubbish")
    (tmp_path / "c.xml").write_text(MSPDI.format(prolog="", name="Dig"))
    found = dict(read_many(sorted(tmp_path.iterdir())))
    assert [type(each).__name__ for each in found.values()] == ["list", "UnreadableFile", "list"]


# readers that misbehave: the child imports them by name, as it does the real ones
FAULTS = {
    "loops": ("import time\ndef parse(path):\n    time.sleep(60)\n", "longer than 2 s"),
    "burns": ("def parse(path):\n    while True: pass\n", "longer than 2 s"),
    "fills": ("def parse(path):\n    return [bytearray(1 << 25) for _ in range(64)]\n", "more memory"),
    "dies": ("import os\ndef parse(path):\n    os.kill(os.getpid(), 9)\n", "broke the reader"),
    "surprises": (
        "def parse(path):\n    place = 'TASK, line 7'\n    return {}['task_id']\n",
        r"TASK, line 7\): its content is not what its format says .KeyError",
    ),
    "complains": (
        "from pmo_lib.errors import InvalidInput\ndef parse(path):\n    raise InvalidInput('the mapping names no column')\n",
        "good.xer: the mapping names no column",
    ),
    "prints": ("def parse(path):\n    print('x' * 100000)\n    raise ValueError\n", "not what its format says"),
}


@pytest.fixture
def faulty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of readers that the child can import."""
    for name, (source, _) in FAULTS.items():
        (tmp_path / f"faulty_{name}.py").write_text(source)
    original = subprocess.Popen

    def with_path(command: list[str], **options: object) -> subprocess.Popen[bytes]:
        environment = dict(options.pop("env"))  # type: ignore[call-overload]
        environment["PYTHONPATH"] += os.pathsep + str(tmp_path)
        return original(command, env=environment, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(child.subprocess, "Popen", with_path)
    return tmp_path


def test_a_file_that_breaks_its_reader_costs_that_file_only(faulty: Path) -> None:
    good = faulty / "good.xer"
    good.write_text(XER)
    with child.Child(seconds=2, memory=256 << 20) as process:
        for name, (_, reason) in FAULTS.items():
            if name == "fills" and sys.platform != "linux":  # no other system limits memory
                continue
            process._seconds = 2 if "longer" in reason else 30  # a busy machine may need long to fill the memory
            began = time.monotonic()
            with pytest.raises(UnreadableFile, match=reason):
                process.read(f"faulty_{name}", good)
            assert time.monotonic() - began < 60
        process._seconds = 20
        assert process.read(READERS["xer"], good)


def test_an_interrupted_file_s_answer_is_not_the_next_one_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "first.xer").write_text(XER)
    (tmp_path / "second.xer").write_text(XER.replace("BRIDGE", "TUNNEL"))

    def interrupted(seconds: float) -> bytes | None:
        raise KeyboardInterrupt

    with child.Child() as process:
        process.read(READERS["xer"], tmp_path / "first.xer")
        with monkeypatch.context() as patched:
            patched.setattr(process, "_next", interrupted)
            with pytest.raises(KeyboardInterrupt):
                process.read(READERS["xer"], tmp_path / "first.xer")
        assert [plan.info.key for plan in carrier.unpack(process.read(READERS["xer"], tmp_path / "second.xer"))] == ["TUNNEL", "ROAD"]


def test_the_child_sees_no_secrets(faulty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PMO_JIRA_TOKEN", "hush")
    (faulty / "faulty_tells.py").write_text("import os\ndef parse(path):\n    raise KeyError if 'PMO_JIRA_TOKEN' in os.environ else IndexError\n")
    (faulty / "good.xer").write_text(XER)
    with child.Child() as process, pytest.raises(UnreadableFile, match="IndexError"):
        process.read("faulty_tells", faulty / "good.xer")


@pytest.mark.skipif(sys.platform == "win32", reason="the system has no such limit")
def test_the_child_writes_no_file(faulty: Path) -> None:
    (faulty / "faulty_writes.py").write_text("def parse(path):\n    path.with_name('written').write_text('x')\n")
    (faulty / "good.xer").write_text(XER)
    with child.Child() as process, pytest.raises(UnreadableFile, match="OSError"):
        process.read("faulty_writes", faulty / "good.xer")
    written = faulty / "written"
    assert not written.exists() or written.stat().st_size == 0


def test_a_plan_comes_back_from_the_child_as_it_was_read(tmp_path: Path) -> None:
    path = tmp_path / "plan.xer"
    path.write_text(XER)
    direct = xer.parse(path)
    for plan, there in zip(carrier.unpack(carrier.pack(direct)), direct, strict=True):
        assert plan.info == there.info
        assert plan.findings.equals(there.findings)
        assert {name: frame.schema for name, frame in plan.tables.items()} == {name: frame.schema for name, frame in there.tables.items()}
        assert all(frame.equals(there.tables[name]) for name, frame in plan.tables.items())


def test_every_reader_has_the_family_s_shape() -> None:
    import importlib

    for name, module in READERS.items():
        reader = importlib.import_module(module)
        assert reader.RUNS_IN in ("child", "jvm"), name
        assert reader.VERSION.startswith(reader.NAME), name
        assert reader.matches(b"", Path("nothing")) is False, name
        assert callable(reader.parse), name


def test_every_reader_is_in_the_index() -> None:
    folder = Path(door.__file__).parent
    modules = {".".join(path.relative_to(folder).with_suffix("").parts): path.read_text(encoding="utf-8") for path in folder.rglob("*.py")}
    readers = {f"pmo_lib.readers.{name}" for name, text in modules.items() if re.search(r"^RUNS_IN = ", text, re.MULTILINE)}
    assert readers == set(READERS.values())
