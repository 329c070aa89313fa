"""Real files, damaged: each is a valid plan with its findings, or one typed sentence; never a traceback, never a hang."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from pmo_lib.errors import UnreadableFile
from pmo_lib.readers import read_many

pytestmark = pytest.mark.real

FILES = (
    "xer/terminal-building-airport.xer",
    "xer/soulmajor-sample.xer",
    "xer/wllm-edge/comprehensive.xer",
    "mpxj-fixtures/misc/resource-rates-test.xer",
    "mpxj-fixtures/misc/sample.xml",
    "mpxj-fixtures/misc/baselines.xml",
    "mpxj-fixtures/generated/calendar-recurring-exceptions/calendar-recurring-exceptions-project2016-mspdi.xml",
)
ABSURD = (b"1e308", b"-99999999999999999999", b"NaN", b"9999-12-31 23:59", b"0000-00-00", b"2024-02-30T08:00:00", b"", b"\x00", b"-1", b"PT999999999999H0M0S")


def flipped(data: bytearray, chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 8, 64))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def cut(data: bytearray, chance: random.Random) -> bytes:
    return bytes(data[: chance.randrange(len(data))])


def swapped(data: bytearray, chance: random.Random) -> bytes:
    size = chance.choice((16, 512, 4096))
    one, two = sorted(chance.randrange(max(len(data) - size, 1)) for _ in range(2))
    data[one : one + size], data[two : two + size] = data[two : two + size], data[one : one + size]
    return bytes(data)


def without(data: bytearray, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    del data[start : start + chance.choice((1, 100, 5000))]
    return bytes(data)


def repeated(data: bytearray, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    return bytes(data[:start] + data[start : start + 3000] * chance.choice((2, 20)) + data[start:])


def absurd(data: bytearray, chance: random.Random) -> bytes:
    """Numbers and dates replaced by what no plan says; the structure stays whole, so this reaches furthest."""
    values = list(re.finditer(rb"(?<=[\t>])[-\d:.TPHMS ]+(?=[\t\r\n<])", data))
    for match in sorted(chance.sample(values, min(len(values), 30)), key=lambda each: -each.start()):
        data[match.start() : match.end()] = chance.choice(ABSURD)
    return bytes(data)


def test_mutants(real_data: Path, tmp_path: Path) -> None:
    chance = random.Random(20260112)
    mutants = []
    for number in range(60):
        source = real_data / "schedules" / FILES[number % len(FILES)]
        how = (absurd, flipped, cut, swapped, without, repeated)[number % 6]
        path = tmp_path / f"{number:03d}-{how.__name__}{source.suffix}"
        path.write_bytes(how(bytearray(source.read_bytes()), chance))
        mutants.append(path)
    refused = 0
    for path, found in read_many(mutants):
        if isinstance(found, UnreadableFile):
            refused += 1
            # a place where the parser was surprised is a fault of the parser: every kind of damage has its own words
            assert "not what its format says" not in str(found), (path.name, found)
            assert "\n" not in str(found)
        else:
            assert found, path.name
    assert 10 < refused < 50
