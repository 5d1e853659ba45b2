"""Materials of a case for officials: their files, what was told about them, what the applicant changed since."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.capabilities.forms import api as form_api
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.rules import Words, offered
from zhengtong.systems.service_hall.web.desk_forms import TaskForm

_PROBLEMS = 20  # usual problems offered beside a material
_MATERIALS = {
    "given": ("ready", gettext_lazy("已提交")),
    "online": ("accepted", gettext_lazy("网上填写")),
    "shared": ("reused", gettext_lazy("数据共享，免提交")),
    "missing": ("missing", gettext_lazy("未提交")),
    "may_follow": ("missing", gettext_lazy("可容缺后补")),
    "promised": ("reused", gettext_lazy("以承诺代替")),
    "if_applies": ("missing", gettext_lazy("未提交，符合情形的才交")),
    "not_needed": ("reused", gettext_lazy("按填写的内容不需要")),
}


@dataclasses.dataclass(frozen=True)
class FileRow:
    """A file of a material; ``fresh`` when it came after the last notice, ``origin`` where it was taken from."""

    name: str
    url: str
    look: str
    size: int
    at: dt.datetime
    fresh: bool
    replaced: bool
    origin: str = ""


@dataclasses.dataclass(frozen=True)
class MaterialRow:
    """A material with its files; ``barred`` says why a notice cannot name it."""

    key: str
    name: str
    note: str
    state: str
    word: str
    fresh: bool
    told: str
    files: tuple[FileRow, ...]
    barred: str
    ticked: bool = False
    typed: str = ""
    problems: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class ChangeRow:
    """Something that is not as it was handed in before: an answer in words, or files."""

    label: str
    before: str = ""
    after: str = ""
    old_files: tuple[FileRow, ...] = ()
    new_files: tuple[FileRow, ...] = ()


def material_rows(view: api.ApplicationView) -> list[MaterialRow]:
    """Materials with their files; what came after the last notice is marked."""
    last = view.notices[-1] if view.notices else None
    told = {key: reason for key, _name, reason in last.points} if last else {}
    first = {key for key, _name, _reason in view.notices[0].points} if view.notices else None
    rows = []
    for material in view.materials:
        files = tuple(_file_row(view, file, last) for file in material.files)
        fresh = any(file.fresh and not file.replaced for file in files)
        state, word = _MATERIALS[material.state]
        rows.append(
            MaterialRow(
                key=material.key,
                name=material.name,
                note="，".join(filter(None, [material.form, material.condition, material.accept_standard])),
                state=state,
                word=_("新补交") if fresh else str(word),
                fresh=fresh,
                told=told.get(material.key, ""),
                files=files,
                barred=_barred(material, first),
            )
        )
    return rows


def with_points(
    rows: Iterable[MaterialRow], form: TaskForm, phrases: Sequence[Words], item_code: str
) -> list[MaterialRow]:
    """The materials with what was ticked and typed for the notice, and the usual problems of each."""
    return [
        dataclasses.replace(
            row,
            ticked=row.key in form.ticked,
            typed=form.reasons.get(row.key, ""),
            problems=tuple(offered(phrases, use="notice", item_code=item_code, material=row.name, most=_PROBLEMS)),
        )
        for row in rows
    ]


def change_rows(view: api.ApplicationView) -> list[ChangeRow]:
    """What the applicant changed since the last notice: answers in words, and the files that replaced others."""
    if not view.notices or not view.form.frozen:
        return []
    last = view.notices[-1]
    changed = form_api.changes_since_return(tenant=view.row.tenant, submission_id=view.row.form_submission_id)
    found = [ChangeRow(one.label, before=one.before, after=one.after) for one in changed]
    for material in view.materials:
        files = [_file_row(view, file, last) for file in material.files]
        fresh = tuple(file for file in files if file.fresh and not file.replaced)
        if fresh:
            old = tuple(file for file in files if not file.fresh)
            found.append(ChangeRow(material.name, old_files=old, new_files=fresh))
    return found


def notice_rows(view: api.ApplicationView) -> list[dict[str, Any]]:
    """Earlier one-time notices, newest first."""
    return [
        {
            "no": notice.no,
            "told_at": notice.told_at,
            "due_at": notice.due_at - dt.timedelta(seconds=1) if notice.due_at else None,
            "answered_at": notice.answered_at,
            "points": [(name, reason) for _key, name, reason in notice.points],
        }
        for notice in reversed(view.notices)
    ]


def _file_row(view: api.ApplicationView, file: api.FileView, last: api.NoticeView | None) -> FileRow:
    return FileRow(
        name=file.name,
        url=reverse("service_hall:desk-file", args=[view.id, file.id]),
        look=reverse("service_hall:desk-look", args=[view.id, file.id]),
        size=file.size,
        at=file.uploaded_at,
        fresh=last is not None and file.uploaded_at > last.told_at,
        replaced=file.replaced,
        origin=_("使用已有材料：%(origin)s") % {"origin": file.origin} if file.origin else "",
    )


def _barred(material: api.MaterialView, first: set[str] | None) -> str:
    if material.state == "shared":
        return _("能通过数据共享取得，不得要求申请人提交。")
    if first is not None and material.key not in first:
        return _("首次告知没有提出，不能再要求补正。")
    return ""
