"""The documentation tells the truth: what it names is there, and what is there is named."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import typer.main

from pmo_lib.cli import app

COMMANDS = sorted(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def tracked(root: Path) -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=root, capture_output=True, text=True, check=False).stdout.split("\n")
    return [root / name for name in listed if name and (root / name).is_file()]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented_with_its_options(command: str, root: Path) -> None:
    pages = "".join((root / page).read_text() for page in ("README.md", "docs/commands.md", "docs/connecting.md"))
    assert f"pmo {command}" in pages
    options = [name for parameter in typer.main.get_command(app).commands[command].params for name in parameter.opts]  # type: ignore[attr-defined]
    assert [name for name in options if name.startswith("--") and name not in pages] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example(command: str) -> None:
    known = typer.main.get_command(app).commands[command]  # type: ignore[attr-defined]
    assert f"pmo {command}" in (known.help or "")


def test_rooms_that_contributing_names_exist(root: Path) -> None:
    table = (root / "CONTRIBUTING.md").read_text().split("## How to add")[0]
    named = re.findall(r"`((?:pmo_lib|dashboards|notebooks|data|tests|benchmarks|docs)/[\w/.-]*)`", table)
    assert named
    assert [name for name in named if not (root / name).exists()] == []


def test_nothing_names_one_machine_or_a_registry(root: Path) -> None:
    # put together from parts, so that this page names none of them itself
    hosts = [".".join(parts) for parts in (("pypi", "org"), ("registry", "npmjs"), ("deb", "debian", "org"))] + ["python" + "hosted"]
    forbidden = re.compile("|".join([r"/(?:work|root)/", *map(re.escape, hosts)]))
    texts = {file: file.read_text(errors="ignore") for file in tracked(root) if file.suffix not in {".xlsx", ".jar", ".woff2", ".ttf", ".png"}}
    assert [str(file.relative_to(root)) for file, text in texts.items() if forbidden.search(text)] == []


def test_make_lists_its_targets(root: Path) -> None:
    listed = subprocess.run(["make", "-s"], cwd=root, capture_output=True, text=True, check=True).stdout
    assert all(target in listed for target in ("demo", "test", "prove", "lint", "bench", "serve", "lab"))
