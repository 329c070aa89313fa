"""The built wheel, in an environment that has nothing else of ours, runs the demo."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path

UV = Path(sys.executable).with_name("uv")


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, f"{command}: {done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done.stdout


def beside_the_pinned_packages(venv: Path) -> None:
    """Gives `venv` the packages that this run has. Their folder's own .pth files, of which one names the repository, are not followed from another."""
    packages = venv / "lib" / f"python3.{sys.version_info[1]}" / "site-packages"
    (packages / "pinned.pth").write_text(sysconfig.get_path("purelib") + "\n")
    (venv / "share").symlink_to(Path(sys.prefix) / "share")


def test_the_wheel_runs_the_demo(root: Path, tmp_path: Path) -> None:
    run(UV, "build", "--quiet", "--wheel", "--no-build-isolation", "--python", sys.executable, "--out-dir", tmp_path / "dist", root, cwd=root)
    wheel = next((tmp_path / "dist").glob("*.whl"))
    run(UV, "venv", "--quiet", "--python", sys.executable, tmp_path / "venv", cwd=tmp_path)
    python = tmp_path / "venv/bin/python"
    run(UV, "pip", "install", "--quiet", "--python", python, "--no-deps", wheel, cwd=tmp_path)
    beside_the_pinned_packages(tmp_path / "venv")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    where = run(python, "-c", "import pmo_lib, pmo_dashboards; print(pmo_lib.__file__)", cwd=elsewhere)
    assert str(tmp_path / "venv") in where, "the wheel, not the repository, must be what runs"
    run(tmp_path / "venv/bin/pmo", "demo", "--no-serve", cwd=elsewhere)
    workspace = elsewhere / "demo-workspace"
    assert (workspace / "pmo.db").exists()
    assert len(list((workspace / "reports").rglob("status.pdf"))) >= 9
