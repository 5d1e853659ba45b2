"""A complaint comes in: by the portal, signed in or not, or typed by an official at a window or on the telephone."""

import dataclasses
import datetime as dt
import unicodedata
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.contracts.complaints import ComplaintSubmitted
from zhengtong.kernel import storage
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Invalid, NotFound
from zhengtong.kernel.fields import blind_index
from zhengtong.kernel.ids import query_code
from zhengtong.kernel.outbox import publish
from zhengtong.kernel.uploads import CheckedUpload, checked_upload
from zhengtong.systems.complaints import permissions
from zhengtong.systems.complaints.constants import (
    FILES_MAX,
    NAME_MAX,
    TEXT_MAX,
    TEXT_MIN,
    TITLE_MAX,
    ActKind,
    Channel,
    ClockKind,
    Kind,
    Protection,
)
from zhengtong.systems.complaints.models import Complaint, ComplaintFile
from zhengtong.systems.complaints.selectors.about import Subject
from zhengtong.systems.complaints.services import clocks
from zhengtong.systems.complaints.services.telling import event_fields, record, tell_office, words_of, write_act

_CODE_LENGTH = 10
_INVISIBLE = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})  # categories of signs that show nothing
_PHONE_MAX = 20
_ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Words:
    """What a person wrote and who he says he is; ``files`` are (name, content)."""

    kind: str
    protection: str
    title: str
    content: str
    wish: str = ""
    happened_on: dt.date | None = None
    name: str = ""
    phone: str = ""
    citizen_number: str = ""
    address: str = ""
    may_publish: bool = False
    files: Sequence[tuple[str, bytes]] = ()


@dataclasses.dataclass(frozen=True)
class Receipt:
    """A complaint that was taken in, and the code to ask after it, which is shown once and kept nowhere."""

    row: Complaint
    code: str


def submit(*, actor: Actor, subject: Subject, words: Words) -> Receipt:
    """A citizen, or a stranger, hands in; of an anonymous one nothing is kept that names him, signed in or not.

    Raises Invalid with a sentence for each field.
    """
    files, wrong = _files(words)
    with transaction.atomic():
        own = actor.signed_in and actor.kind != "official"
        checked = _checked(_with_account(actor, words) if own else words, wrong)
        row = _row(actor.tenant, subject, checked, Channel.PORTAL)
        if own and checked.protection != Protection.ANONYMOUS:
            row.person_id = actor.person_id
            row.represents = actor.on_behalf_of
        return _save(actor, row, files, ActKind.SUBMIT, "complaints.submit")


def take_in(
    *, actor: Actor, subject: Subject, words: Words, channel: str, received_at: dt.datetime, note: str
) -> Receipt:
    """A window or the supervisor's office types what somebody said or sent; the limit runs from ``received_at``.

    Raises NotPermitted for other roles, Invalid with a sentence for each field.
    """
    permissions.check_takes_in(actor)
    files, errors = _files(words)
    if channel not in (Channel.COUNTER, Channel.PHONE, Channel.LETTER):
        errors["channel"] = _("请选择是窗口、电话还是来信。")
    if received_at > now():
        errors["received_at"] = _("收到的时间不能晚于现在。")
    if not note.strip():
        errors["note"] = _("请写明怎样收到的，例如“到 3 号窗口当面反映”。")
    with transaction.atomic():
        checked = _checked(words, errors)
        row = _row(actor.tenant, subject, checked, channel)
        row.received_at, row.received_note = received_at, note.strip()[:200]
        row.taken_by, row.taken_by_id = actor.name, actor.person_id
        return _save(actor, row, files, ActKind.TAKE_IN, "complaints.take_in")


def find_by_code(*, tenant: str, number: str, code: str) -> Complaint:
    """The complaint with that number and code; raises NotFound with one sentence for both being wrong."""
    row = Complaint.objects.filter(tenant=tenant, number="".join(number.split()).upper()).first()
    given = _digest("".join(code.split()).upper())
    if row is None or not constant_time_compare(row.code_digest, given):
        raise NotFound(_("编号和查询码对不上。请照回执核对；查询码只显示过一次，遗失后不能找回。"))
    return row


def _with_account(actor: Actor, words: Words) -> Words:
    """Name and telephone of the account stand in where a signed-in person left them out."""
    if words.protection == Protection.ANONYMOUS or actor.person_id is None or (words.name and words.phone):
        return words
    known = identity.person_contact(actor.person_id, actor=actor, purpose=_("提交咨询投诉时填写本人联系方式"))
    return dataclasses.replace(words, name=words.name or known.name, phone=words.phone or known.phone)


def _files(words: Words) -> tuple[list[CheckedUpload], dict[str, str]]:
    """The files that may come in, and what is wrong with the others."""
    files: list[CheckedUpload] = []
    errors: dict[str, str] = {}
    if len(words.files) > FILES_MAX:
        errors["attachments"] = _("附件最多 %(n)d 个。") % {"n": FILES_MAX}
    for name, content in words.files[:FILES_MAX]:
        try:
            files.append(checked_upload(name, content))
        except Invalid as refusal:
            errors["attachments"] = refusal.message
    return files, errors


def _checked(words: Words, errors: dict[str, str]) -> Words:
    title, content = _clean(words.title), _clean(words.content)
    if words.kind not in Kind.values:
        errors["kind"] = _("请选择咨询、投诉、举报还是建议。")
    if words.protection not in Protection.values:
        errors["protection"] = _("请选择怎样保护您的身份。")
    if not 2 <= len(title) <= TITLE_MAX:
        errors["title"] = _("请用 2 到 %(n)d 个字写明标题。") % {"n": TITLE_MAX}
    if not TEXT_MIN <= len(content) <= TEXT_MAX:
        errors["content"] = _("请写明内容，%(a)d 到 %(b)d 个字。") % {"a": TEXT_MIN, "b": TEXT_MAX}
    if len(words.wish) > TEXT_MAX:
        errors["wish"] = _("诉求超过 %(n)d 个字，请删减。") % {"n": TEXT_MAX}
    if words.happened_on is not None and words.happened_on > local_date():
        errors["happened_on"] = _("发生日期不能晚于今天。")
    anonymous = words.protection == Protection.ANONYMOUS
    phone = "" if anonymous else _phone(words.phone, errors)
    name = "" if anonymous else _clean(words.name)[:NAME_MAX]
    if not anonymous and words.protection in Protection.values:
        if not name:
            errors["name"] = _("请写姓名。不愿意写的，请选“匿名”。")
        if not words.phone.strip():
            errors["phone"] = _("请写联系电话。不愿意写的，请选“匿名”。")
    if errors:
        raise Invalid(_("还有 %(n)d 处需要改正，已填写的内容都在。") % {"n": len(errors)}, errors=errors)
    return dataclasses.replace(
        words,
        title=title,
        content=content,
        wish=_clean(words.wish),
        name=name,
        phone=phone,
        citizen_number="" if anonymous else "".join(words.citizen_number.split()).upper()[:18],
        address="" if anonymous else _clean(words.address)[:200],
    )


def _phone(text: str, errors: dict[str, str]) -> str:
    phone = "".join(sign for sign in text if sign.isdigit() or sign in "+-")
    if text.strip() and not 5 <= len(phone) <= _PHONE_MAX:
        errors["phone"] = _("联系电话写得不对。请写手机号或者座机号。")
    return phone


def _clean(text: str) -> str:
    """The text without NUL; empty where nothing of it can be seen."""
    kept = text.replace("\x00", "").strip()
    return kept if any(unicodedata.category(sign) not in _INVISIBLE for sign in kept) else ""


def _row(tenant: str, subject: Subject, words: Words, channel: str) -> Complaint:
    org = subject.org
    return Complaint(
        tenant=tenant,
        kind=words.kind,
        protection=words.protection,
        channel=channel,
        about=subject.about,
        subject_kind=subject.ref.kind if subject.ref else "",
        subject_id=subject.ref.id if subject.ref else "",
        subject_number=subject.number[:80],
        subject_title=subject.title[:200],
        item_code=subject.item_code,
        case_id=subject.case_id,
        accused_org_id=org.id if org else None,
        accused_org_name=org.name if org else "",
        accused_org_path=org.path if org else "",
        accused_post_id=subject.post_id,
        accused_post_name=subject.post_name,
        accused_leads=subject.leads,
        accused_people=list(subject.people),
        title=words.title,
        content=words.content,
        wish=words.wish,
        happened_on=words.happened_on,
        name=words.name,
        phone=words.phone,
        phone_index=blind_index(words.phone),
        citizen_number=words.citizen_number,
        address=words.address,
        may_publish=words.may_publish,
        received_at=now(),
    )


def _save(actor: Actor, row: Complaint, files: Sequence[CheckedUpload], kind: str, act: str) -> Receipt:
    code = query_code(_CODE_LENGTH)
    row.number, row.code_digest = _next_number(row.tenant), _digest(code)
    row.save(force_insert=True)
    for no, upload in enumerate(files, start=1):
        _store(row, no, upload)
    clock = clocks.begin(row, ClockKind.ACCEPT, on=local_date(row.received_at))
    write_act(row, actor, kind, row.received_note, told=True)
    payload: dict[str, Any] = {"kind": row.kind, "about": row.about, "channel": row.channel, "files": len(files)}
    record(actor, row, act, payload)
    publish(ComplaintSubmitted(**event_fields(row), due_at=clock.due_at))
    body = _("收到%(what)s，请在期限内决定是否受理。") % {"what": words_of(row)}
    tell_office(row, title=_("收到咨询投诉"), body=body, but=actor.person_id if actor.kind == "official" else None)
    return Receipt(row, code)


def _store(row: Complaint, no: int, upload: CheckedUpload) -> None:
    """The stored file bears a neutral name; the person's own, which may name him, stands encrypted."""
    ending = _ENDINGS[upload.content_type]
    label = _("附件 %(no)d") % {"no": no}
    neutral = dataclasses.replace(upload, name=f"{row.number}-{no}.{ending}")
    file = storage.store_upload(tenant=row.tenant, upload=neutral)
    ComplaintFile.objects.create(
        tenant=row.tenant,
        complaint=row,
        no=no,
        file_id=file.id,
        name=upload.name,
        label=f"{label}（{ending.upper()}）",
        content_type=file.content_type,
    )


def _next_number(tenant: str) -> str:
    day = local_date()
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into complaints_complaintcounter as c (tenant, day, last) values (%s, %s, 1)"
            " on conflict (tenant, day) do update set last = c.last + 1 returning last",
            [tenant, day],
        )
        return f"TS{day:%Y%m%d}{cursor.fetchone()[0]:04d}"


def _digest(code: str) -> str:
    return salted_hmac("complaints.code", code, algorithm="sha256").hexdigest()
