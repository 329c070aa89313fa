"""Which summary task each MSPDI task belongs to: by outline numbers where those of the file are whole, or else by outline levels in the file's order."""

from __future__ import annotations

from pmo_lib.readers.mspdi.values import Item


def level(item: Item) -> int:
    """The outline level; what states none stands at the level of its outline number, or else at the first. The project's own row, UID 0, is above all."""
    stated = item.whole("OutlineLevel")
    if stated is not None:
        return stated
    number = item.text("OutlineNumber")
    return 0 if item.text("UID") == "0" else number.count(".") + 1


def parents(tasks: list[Item]) -> dict[str, str | None]:
    """The UID of each task's summary task."""
    unplaced = [item for item in tasks if not item.text("OutlineLevel") and not item.text("OutlineNumber") and item.text("UID") != "0"]
    for item in unplaced:
        item.notes.add("info", "outline-missing", item.place, "a task without an outline level was taken as one of the first level")
    numbered = {} if unplaced else _numbered(tasks)
    found: dict[str, str | None] = {}
    stack: list[tuple[int, str]] = []
    for item in tasks:
        own, uid = level(item), item.text("UID")
        while stack and stack[-1][0] >= own:
            stack.pop()
        found[uid] = stack[-1][1] if stack else None
        stack.append((own, uid))
    return found | numbered


def _numbered(tasks: list[Item]) -> dict[str, str | None]:
    """By outline numbers, as where rows are not in their order; nothing where a number lacks, repeats, has no parent or is none of its level."""
    whole = next((item.text("UID") for item in tasks if level(item) == 0), None)
    rows = {item.text("OutlineNumber"): item for item in tasks if level(item) > 0}
    sound = len(rows) + (whole is not None) == len(tasks) and all(
        number and number.count(".") + 1 == level(item) and ("." not in number or number.rpartition(".")[0] in rows) for number, item in rows.items()
    )
    if not sound:
        return {}
    return {item.text("UID"): rows[number.rpartition(".")[0]].text("UID") if "." in number else whole for number, item in rows.items()}


def summaries(tasks: list[Item], above: dict[str, str | None]) -> set[str]:
    """The UIDs of summary tasks: those with tasks below them, the project's own row, and what is flagged in a file that tells no outline."""
    found = {uid for uid in above.values() if uid is not None}
    for item in tasks:
        uid = item.text("UID")
        if uid in found or not (uid == "0" or item.flag("Summary")):
            continue
        if uid == "0" or not (item.text("OutlineLevel") or item.text("OutlineNumber")):
            found.add(uid)
        else:
            item.notes.add("info", "summary-empty", item.place, "a summary task to which nothing belongs was taken as a task")
    return found
