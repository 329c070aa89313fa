"""What can go wrong, as types. A message names the thing, the rule and the remedy, in one sentence or two."""

from __future__ import annotations

from functools import partial


class PMOError(Exception):
    """Anything that a user can put right; the command line prints it and leaves with exit code 2."""


class UnreadableFile(PMOError):
    """A file that the door refused; nothing of it was kept.

    `place` is where in the file (line, row, sheet, table), `reason` why, `remedy` what to do.
    """

    def __init__(self, file: str, reason: str, *, place: str | None = None, remedy: str | None = None) -> None:
        self.file, self.reason, self.place, self.remedy = file, reason, place, remedy
        where = f"{file} ({place})" if place else file
        super().__init__(f"{where}: {reason}" + (f"; {remedy}" if remedy else ""))

    def __reduce__(self) -> tuple[object, ...]:
        """By its parts: the message alone would not make it again in another process."""
        return partial(UnreadableFile, place=self.place, remedy=self.remedy), (self.file, self.reason)


class NotAvailable(PMOError):
    """A verb asked for a table or a field that this project lacks; the message says which and why."""


class NotSchedulable(PMOError):
    """A network that has no dates: a loop, or a calendar without working time; the message names it."""


class InvalidInput(PMOError):
    """A parameter, an estimate or a setting that breaks its rule."""


class NotFound(PMOError):
    """No such project, snapshot or workspace. Reads the same for what the user may not see."""


class StoreError(PMOError):
    """The workspace cannot do what was asked: newer schema, damaged facts, a conflict of versions."""


class ServiceFault(PMOError):
    """A service, as Jira or Asana, that cannot be reached, refuses, or answers what its interface does not promise; no snapshot was made.

    `status` is the HTTP status of its answer, where there was one.
    """

    def __init__(self, message: str, *, status: int | None = None) -> None:
        self.status = status
        super().__init__(message)
