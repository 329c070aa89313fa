#!/bin/sh
# Builds macroman.jar beside this script. Needs a JDK (11 or later) and Python 3; the jar is committed, so only a change of the source needs this.
set -eu
cd "$(dirname "$0")"
classes="$(mktemp -d)"
trap 'rm -rf "$classes"' EXIT
javac --release 11 -g:none -d "$classes" src/pmo/charset/MacRomanProvider.java
cp -r META-INF "$classes/"
# written by Python with fixed times, so that the same source gives the same bytes
python3 - "$classes" macroman.jar <<'PYTHON'
import sys, zipfile
from pathlib import Path
root = Path(sys.argv[1])
with zipfile.ZipFile(sys.argv[2], "w", zipfile.ZIP_DEFLATED) as jar:
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        jar.writestr(zipfile.ZipInfo(path.relative_to(root).as_posix(), (1980, 1, 1, 0, 0, 0)), path.read_bytes(), zipfile.ZIP_DEFLATED)
PYTHON
