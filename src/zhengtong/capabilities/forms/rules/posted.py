"""What a page sends becomes answers, and two who filled in at the same time lose nothing.

Names on the page are paths (``key``, ``group.2.key``, ``period.from``); ``group.row`` lists the rows that are there,
``shown`` the fields the page had, ``seen`` a digest of every answer as the page was given it.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from zhengtong.capabilities.forms.rules.declaration import LIST_KINDS, Definition, Field, Section, is_empty
from zhengtong.capabilities.forms.rules.texts import normalise
from zhengtong.kernel.plain_json import read_json

Posted = Mapping[str, Sequence[str]]
_MOST_ROWS = 500
_MOST_DRAWING = 200_000  # characters of a drawn signature
_PICTURE = "data:image/png;base64,"


def answers_in(section: Section, posted: Posted, *, before: Mapping[str, Any], now: str) -> dict[str, Any]:
    """The answers a page of the section sent; what the page did not show is left out.

    ``before`` are the answers kept so far: only files that stand in them may stay, and an unchanged signature keeps
    its time; ``now`` is the ISO time of a new one.
    """
    files = {file["file"]: file for _path, file in files_in(before)}
    shown = set(" ".join(posted.get("shown", ())).split()) or {field.key for field in section.fields}
    found = {}
    for field in section.fields:
        if field.asks and field.key in shown:
            found[field.key] = _value(field, field.key, posted, before.get(field.key), files, now)
    return found


def row_path(path: str, posted: Posted) -> str:
    """A path as the page numbers its rows, turned into the place in the list of rows: removed rows leave gaps."""
    parts = path.split(".")
    if len(parts) < 2 or parts[1] not in (rows := _rows(parts[0], posted)):
        return path
    return ".".join([parts[0], str(rows.index(parts[1])), *parts[2:]])


def files_in(answers: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every file that stands in the answers, with the path of its attachment."""
    for key, value in answers.items():
        for number, part in enumerate(value if isinstance(value, list) else ()):
            if not isinstance(part, Mapping):
                continue
            if isinstance(part.get("file"), str):
                yield key, part
            else:
                yield from ((f"{key}.{number}.{path}", file) for path, file in files_in(part))


def digests(answers: Mapping[str, Any], fields: Sequence[Field]) -> dict[str, str]:
    """By key a short digest of each answer, the same however an empty one is written."""
    return {field.key: _digest(field, answers.get(field.key)) for field in fields if field.asks}


def merge(
    definition: Definition, mine: Mapping[str, Any], theirs: Mapping[str, Any], seen: Mapping[str, str]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What to keep, and the keys that both sides changed in different ways since ``seen``: these stay as kept."""
    kept, conflicts = {}, []
    for key, value in mine.items():
        field = definition.by_key.get(key)
        if field is None:
            continue
        now, there = _digest(field, value), _digest(field, theirs.get(key))
        base = seen.get(key)
        if base is None or there in (base, now):
            kept[key] = value
        elif now != base:
            conflicts.append(key)
    return kept, tuple(conflicts)


def seen_in(posted: Posted) -> dict[str, str]:
    """The digests a page carries; empty when it carries none or they cannot be read."""
    try:
        found = read_json((posted.get("seen") or ("",))[-1] or "{}")
    except ValueError:
        return {}
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}


def add_row(definition: Definition, answers: Mapping[str, Any], path: str) -> dict[str, Any]:
    """The answers of one group with an empty row more, as long as there is room."""
    field = definition.by_key.get(path)
    if field is None or field.kind not in LIST_KINDS:
        return {}
    rows = list(answers.get(path) or [])
    return {path: [*rows, {}]} if len(rows) < field.max_rows else {}


def drop_row(definition: Definition, answers: Mapping[str, Any], path: str, number: int) -> dict[str, Any]:
    """The answers of one group without the row at a place."""
    field = definition.by_key.get(path)
    rows = list(answers.get(path) or [])
    if field is None or field.kind not in LIST_KINDS or not 0 <= number < len(rows):
        return {}
    return {path: rows[:number] + rows[number + 1 :]}


def with_files(answers: Mapping[str, Any], path: str, files: list[Mapping[str, Any]]) -> dict[str, Any]:
    """The one answer that holds the attachment at a path, with these files."""
    parts = path.split(".")
    if len(parts) == 1:
        return {path: files}
    rows = [dict(row) for row in answers.get(parts[0]) or []]
    number = int(parts[1]) if parts[1].isascii() and parts[1].isdigit() else len(rows)
    if number < len(rows):
        rows[number][parts[2]] = files
    return {parts[0]: rows}


def files_at(answers: Mapping[str, Any], path: str) -> list[Mapping[str, Any]]:
    """The files of the attachment at a path."""
    return [file for place, file in files_in(answers) if place == path]


def _value(
    field: Field, path: str, posted: Posted, before: Any, files: Mapping[str, Mapping[str, Any]], now: str
) -> Any:
    if field.kind in LIST_KINDS:
        kept = before if isinstance(before, list) else []
        found = []
        for index in _rows(path, posted):
            row = kept[int(index)] if int(index) < len(kept) and isinstance(kept[int(index)], Mapping) else {}
            found.append(
                {
                    column.key: _value(column, f"{path}.{index}.{column.key}", posted, row.get(column.key), files, now)
                    for column in field.fields
                    if column.asks
                }
            )
        return found
    if field.kind == "choices":
        return list(dict.fromkeys(posted.get(path, ())))
    if field.kind == "attachment":
        return [dict(files[file]) for file in dict.fromkeys(posted.get(path, ())) if file in files]
    if field.kind == "period":
        return {side: _last(posted, f"{path}.{side}") for side in ("from", "to")}
    if field.kind == "signature":
        return _signature(path, posted, before if isinstance(before, Mapping) else {}, now)
    if field.kind == "division":
        return next((code for code in reversed(posted.get(path, ())) if code), "")
    return _last(posted, path)


def _signature(path: str, posted: Posted, before: Mapping[str, Any], now: str) -> dict[str, str]:
    name, drawn = normalise(_last(posted, f"{path}.name")), _last(posted, f"{path}.drawn")
    if not drawn.startswith(_PICTURE) or len(drawn) > _MOST_DRAWING:
        drawn = ""
    same = (before.get("name"), before.get("drawn") or "") == (name, drawn)
    at = str(before.get("at") or now) if same else now
    return {"name": name, "at": at if name or drawn else "", "drawn": drawn}


def _rows(path: str, posted: Posted) -> list[str]:
    listed = [
        index for index in posted.get(f"{path}.row", ()) if index.isascii() and index.isdigit() and len(index) < 6
    ]
    return list(dict.fromkeys(listed))[:_MOST_ROWS]


def _last(posted: Posted, name: str) -> str:
    values = posted.get(name, ())
    return values[-1] if values else ""


def _digest(field: Field, value: Any) -> str:
    if field.kind in LIST_KINDS and isinstance(value, list):
        asked = {column.key for column in field.fields if column.asks}
        value = [{key: part for key, part in row.items() if key in asked} for row in value if isinstance(row, Mapping)]
    text = json.dumps(_plain(value), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _plain(value: Any) -> Any:
    """One way to write a value: empty parts left out, text as it is kept."""
    if is_empty(value):
        return ""
    if isinstance(value, Mapping):
        return {key: plain for key, part in value.items() if (plain := _plain(part)) != "" and key != "at"}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return normalise(value)


def field_id(path: str) -> str:
    """The id on the page of the question at a path."""
    return f"id_{path.replace('.', '-')}"
