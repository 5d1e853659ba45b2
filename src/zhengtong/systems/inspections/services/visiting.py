"""On the spot: a visit begins, each point is saved at once, both inspectors sign, findings are made."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.contracts.inspections import Closed, FindingMade, VisitDone
from zhengtong.kernel import storage
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.outbox import publish
from zhengtong.kernel.uploads import CheckedUpload, checked_upload
from zhengtong.systems.inspections.constants import (
    PHOTOS_MAX,
    PLACE_MAX,
    TEXT_MAX,
    ActKind,
    Ending,
    Result,
    VisitState,
)
from zhengtong.systems.inspections.models import CheckPoint, Finding, PointPhoto, PointResult, Visit
from zhengtong.systems.inspections.permissions import person_of
from zhengtong.systems.inspections.services.answering import after_close
from zhengtong.systems.inspections.services.taking import said, take_visit
from zhengtong.systems.inspections.services.telling import (
    note_visit,
    record_visit,
    tell_inspectors,
    tell_unit,
    visit_fields,
    words_of,
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class PointWords:
    """What an inspector notes at a point; ``seen`` is the version he had before him (0: none).

    ``noted_at`` is when he wrote it, where it could not be sent at once. ``photos`` are (name, content).
    """

    result: str
    serious: bool = False
    remark: str = ""
    place: str = ""
    seen: int = 0
    noted_at: dt.datetime | None = None
    photos: Sequence[tuple[str, bytes]] = ()


@transaction.atomic
def start_visit(*, actor: Actor, visit_id: uuid.UUID, place: str) -> Visit:
    """开始检查, with where it is."""
    visit = take_visit(actor, visit_id, "start")
    visit.place = said(place, field="place", least=2, most=PLACE_MAX)
    visit.state, visit.started_at = VisitState.GOING, now()
    visit.save(update_fields=["place", "state", "started_at"])
    note_visit(actor, visit, "inspections.start_visit", ActKind.START, visit.place)
    return visit


def record_point(*, actor: Actor, visit_id: uuid.UUID, no: int, words: PointWords) -> PointResult:
    """One point, saved at once. The same sent twice changes nothing, for the answer to the first may have been lost.

    A changed point needs both signatures anew. Raises NotFound, Invalid, Conflict (a colleague wrote in between).
    """
    photos, wrong = _photos(words)
    with transaction.atomic():
        visit = take_visit(actor, visit_id, "record")
        point = CheckPoint.objects.filter(plan_id=visit.plan_id, no=no).first()
        if point is None:
            raise NotFound(_("没有这一条检查要点。"))
        checked = _checked(words, visit, wrong)
        row = visit.results.filter(point=point).first()
        if (
            row is not None
            and row.version != words.seen
            and row.person_id != actor.person_id
            and not _same(row, checked)
        ):
            raise Conflict(
                _("%(who)s刚才已经记录了这一条：%(result)s。%(remark)s 您填的还在，再保存一次就改写他的。")
                % {"who": row.person_name, "result": row.get_result_display(), "remark": row.remark}
            )
        if row is None or not _same(row, checked):
            row = _written(actor, visit, point, row, checked)
        _keep_photos(actor, row, photos)
    return row


@transaction.atomic
def sign_visit(*, actor: Actor, visit_id: uuid.UUID) -> Visit:
    """签字: with the last signature the visit is done, findings are made, the unit is told.

    Raises Conflict while points are open.
    """
    visit = take_visit(actor, visit_id, "sign")
    missing = CheckPoint.objects.filter(plan_id=visit.plan_id).exclude(pk__in=visit.results.values("point_id"))
    left = list(missing.order_by("no").values_list("no", flat=True))
    if left:
        numbers = "、".join(map(str, left))
        raise Conflict(_("第 %(numbers)s 条还没有记录，全部记录以后才能签字。") % {"numbers": numbers})
    visit.inspectors.filter(person_id=person_of(actor)).update(signed_at=now())
    note_visit(actor, visit, "inspections.sign_visit", ActKind.SIGN)
    if not visit.inspectors.filter(recused_at__isnull=True, signed_at__isnull=True).exists():
        _finish(actor, visit)
    else:
        body = _("%(what)s的另一名检查人员已经签字，请核对后签字。") % {"what": words_of(visit)}
        tell_inspectors(visit, title=_("检查记录待签字"), body=body)
    return visit


def close_visit(actor: Actor, visit: Visit, ending: Ending, *, in_time: bool | None = None) -> None:
    """办结: the caller has the lock and says how it ended."""
    visit.state, visit.ending, visit.closed_at = VisitState.CLOSED, ending, now()
    visit.save(update_fields=["state", "ending", "closed_at"])
    note_visit(actor, visit, "inspections.close_visit", ActKind.CLOSE, str(ending.label), ending=ending.value)
    count = visit.findings.count()
    publish(Closed(**visit_fields(visit), ending=ending.value, findings=count, in_time=in_time))
    after_close(actor, visit)


def _finish(actor: Actor, visit: Visit) -> None:
    visit.state, visit.done_at = VisitState.DONE, now()
    visit.save(update_fields=["state", "done_at"])
    results = list(visit.results.select_related("point").order_by("point__no"))
    bad = [one for one in results if one.result == Result.BAD]
    looked = sum(one.result != Result.NONE for one in results)
    note_visit(actor, visit, "inspections.sign_visit", ActKind.DONE, _found_words(looked, len(bad)), findings=len(bad))
    publish(VisitDone(**visit_fields(visit), points=looked, findings=len(bad)))
    for no, one in enumerate(bad, start=1):
        row = Finding.objects.create(
            tenant=visit.tenant,
            visit=visit,
            result=one,
            no=no,
            title=one.point.title,
            text=one.remark,
            serious=one.serious,
        )
        publish(FindingMade(**visit_fields(visit), finding_id=row.id, point=row.title, serious=row.serious))
    if not bad:
        close_visit(actor, visit, Ending.CLEAN)
        body = _("%(what)s已经完成，没有发现问题。") % {"what": words_of(visit)}
        tell_unit(visit, title=_("督查检查结果"), body=body)


def _found_words(points: int, bad: int) -> str:
    return _("检查 %(n)d 条，不合格 %(bad)d 条。") % {"n": points, "bad": bad}


def _photos(words: PointWords) -> tuple[list[CheckedUpload], dict[str, str]]:
    """The photographs that may come in, and what is wrong with the others."""
    photos: list[CheckedUpload] = []
    errors: dict[str, str] = {}
    if len(words.photos) > PHOTOS_MAX:
        errors["photos"] = _("一条最多 %(n)d 张照片。") % {"n": PHOTOS_MAX}
    for name, content in words.photos[:PHOTOS_MAX]:
        try:
            photos.append(checked_upload(name, content))
            if not photos[-1].is_picture:
                errors["photos"] = _("这里只收照片（JPG 或者 PNG）。")
        except Invalid as refusal:
            errors["photos"] = refusal.message
    return photos, errors


def _checked(words: PointWords, visit: Visit, errors: dict[str, str]) -> PointWords:
    remark, place = words.remark.replace("\x00", "").strip(), words.place.replace("\x00", "").strip()
    if words.result not in Result.values:
        errors["result"] = _("请选择合格、不合格还是不适用。")
    if words.result == Result.BAD and len(remark) < 4:
        errors["remark"] = _("不合格的，请写明看到什么（至少 4 个字），整改通知照这里写。")
    if len(remark) > TEXT_MAX or len(place) > PLACE_MAX:
        errors["remark"] = _("情况说明最多 %(n)d 个字，位置最多 %(m)d 个字。") % {"n": TEXT_MAX, "m": PLACE_MAX}
    if errors:
        raise Invalid(" ".join(errors.values()), errors=errors)
    at = words.noted_at or now()
    since = visit.started_at or now()
    return dataclasses.replace(
        words,
        remark=remark,
        place=place,
        serious=words.serious and words.result == Result.BAD,
        noted_at=max(min(at, now()), since),
    )


def _same(row: PointResult, words: PointWords) -> bool:
    kept = (row.result, row.serious, row.remark, row.place)
    return kept == (words.result, words.serious, words.remark, words.place)


def _written(actor: Actor, visit: Visit, point: CheckPoint, row: PointResult | None, words: PointWords) -> PointResult:
    row = row or PointResult(tenant=visit.tenant, visit=visit, point=point, version=0)
    row.result, row.serious, row.remark, row.place = words.result, words.serious, words.remark, words.place
    row.noted_at, row.saved_at = words.noted_at or now(), now()
    row.version += 1
    row.person_id, row.person_name = person_of(actor), actor.name
    row.save()
    visit.inspectors.filter(signed_at__isnull=False).update(signed_at=None)
    said_now: dict[str, Any] = {"point": point.no, "result": row.result, "remark": row.remark, "noted_at": row.noted_at}
    record_visit(actor, visit, "inspections.record_point", version=row.version, serious=row.serious, **said_now)
    return row


def _keep_photos(actor: Actor, row: PointResult, photos: Sequence[CheckedUpload]) -> None:
    known = set(row.photos.values_list("digest", flat=True))
    fresh = []
    for photo in photos:
        file = storage.store_upload(tenant=row.tenant, upload=photo)
        if file.digest not in known:
            known.add(file.digest)
            fresh.append(file)
    if len(known) > PHOTOS_MAX:
        raise Invalid(_("一条最多 %(n)d 张照片。") % {"n": PHOTOS_MAX}, field="photos")
    if fresh:
        row.visit.inspectors.filter(signed_at__isnull=False).update(signed_at=None)
    for file in fresh:
        PointPhoto.objects.create(
            tenant=row.tenant, result=row, file_id=file.id, digest=file.digest, name=file.name, taken_by=actor.name
        )
        kept: dict[str, Any] = {"point": row.point.no, "sha256": file.digest}
        record_visit(actor, row.visit, "inspections.record_point", **kept)
