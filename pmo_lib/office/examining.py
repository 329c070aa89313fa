"""Examine: the store's own checks, and whether this machine can read what needs Java."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_lib.errors import NotAvailable
from pmo_lib.readers.mpxj import jvm
from pmo_lib.store import Check
from pmo_lib.store import doctor as store_doctor

if TYPE_CHECKING:
    from pmo_lib.store import Workspace


def examine(ws: Workspace, *, fix: bool = False) -> list[Check]:
    """`store.doctor` with a line on Java, which MPP and its kin need."""
    return store_doctor(ws, fix=fix, more=[_java])


def _java() -> Check:
    try:
        found = jvm.find()
    except NotAvailable as error:
        return Check("java", False, str(error), "MPP, MPX and PMXML cannot be read until then; XER and XML can")
    return Check("java", True, f"{found.origin}, version {found.version}: {found.home}")
