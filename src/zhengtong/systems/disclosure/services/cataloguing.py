"""The catalogue: written, reviewed before it is open, published by another person, ended, withdrawn."""

import dataclasses
import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.search import api as search
from zhengtong.contracts.disclosure import EntryPublished, EntryWithdrawn
from zhengtong.contracts.sites import PageEvent, PagePublished
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotPermitted
from zhengtong.kernel.outbox import publish
from zhengtong.systems.disclosure.constants import (
    AUTHORITY,
    CATEGORY,
    ENTRY,
    GUIDE,
    PUBLISH_LIMIT,
    SIGNERS,
    WRITERS,
    EntryKind,
    EntryState,
    ReviewResult,
    Validity,
)
from zhengtong.systems.disclosure.models import CatalogueEntry, DisclosureCategory, DisclosureGuide, SitePageSeen
from zhengtong.systems.disclosure.rules.categories import STATUTORY, index_number
from zhengtong.systems.disclosure.selectors.catalogue import categories, desk_entry, found_entry, index_prefix
from zhengtong.systems.disclosure.selectors.clocks import last_day
from zhengtong.systems.disclosure.services.submitting import clean, next_number
from zhengtong.systems.disclosure.services.taking import words_in

_OPEN_TO_CHANGE = (EntryState.DRAFT, EntryState.REVIEWED)
_GUIDE_FIELDS = {
    "classification": 2000,
    "arrangement": 2000,
    "obtaining": 2000,
    "office": 120,
    "address": 200,
    "hours": 120,
    "phone": 60,
    "internet": 200,
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class EntryWords:
    """What an officer writes of a piece of information."""

    category: str
    title: str
    summary: str
    address: str
    made_on: dt.date
    maker: str = ""
    kind: str = EntryKind.OTHER
    document_number: str = ""
    subject: str = ""
    responsible: str = ""


@transaction.atomic
def open_year(*, actor: Actor, year: int) -> int:
    """Lay down the categories of a year: last year's, or the law's where there are none. Returns how many."""
    if not (actor.kind == "system" or (actor.kind == "official" and actor.has_role(AUTHORITY))):
        raise NotPermitted(_("公开类别由县政府信息公开主管部门编制。"))
    if DisclosureCategory.objects.filter(tenant=actor.tenant, year=year).exists():
        return 0
    before = [(one.code, one.title, one.article, one.level) for one in categories(actor.tenant, year)]
    lines = before or [(one.code, one.title, one.article, one.level) for one in STATUTORY]
    DisclosureCategory.objects.bulk_create(
        DisclosureCategory(
            tenant=actor.tenant, year=year, code=code, title=title, article=article, level=level, place=place
        )
        for place, (code, title, article, level) in enumerate(lines, start=1)
    )
    _record(actor, "disclosure.categories", ObjectRef(kind=CATEGORY, id=str(year)), {"n": len(lines)})
    return len(lines)


@transaction.atomic
def write_entry(*, actor: Actor, words: EntryWords, entry_id: uuid.UUID | None = None) -> CatalogueEntry:
    """Begin an entry, which gives it its index number, or change one that is not open yet. Raises Invalid, Conflict.

    An address on a site of the county ties the entry to that page.
    """
    if actor.org_id is None or actor.person_id is None or not actor.has_role(*WRITERS):
        raise NotPermitted(_("目录条目由本单位的信息公开工作人员编制。"))
    given = _checked(actor.tenant, words)
    row = _locked(actor, entry_id) if entry_id else _begun(actor, words.made_on.year)
    if row.state not in _OPEN_TO_CHANGE:
        raise Conflict(_("已经公开或者撤下的条目不能再改。内容有变更的，另编一条并标明替代。"))
    for name, value in given.items():
        setattr(row, name, value)
    page = SitePageSeen.objects.filter(tenant=actor.tenant, path=row.address, live=True).first()
    row.page_id = page.page_id if page else ""
    row.maker = row.maker or row.org_name
    row.due_on = last_day(row.tenant, row.made_on, PUBLISH_LIMIT)
    row.written_by, row.written_by_id, row.stood_for_id = actor.name, actor.person_id, actor.delegator_id
    # what was reviewed is not what stands there now
    row.state, row.review, row.review_note, row.reviewed_by, row.reviewed_at = EntryState.DRAFT, "", "", "", None
    row.save()
    _record(actor, "disclosure.entry", _ref(row), {"index": row.index_number, "category": row.category})
    return row


@transaction.atomic
def review_entry(*, actor: Actor, entry_id: uuid.UUID, result: str, note: str) -> CatalogueEntry:
    """公开前审查 (第十七条): may it be open at all? Raises Invalid, Conflict, NotPermitted."""
    row = _signed_for(actor, entry_id)
    if row.state not in _OPEN_TO_CHANGE:
        raise Conflict(_("这个条目已经公开或者撤下。"))
    if result not in ReviewResult.values:
        raise Invalid(_("请选择审查结论。"), field="result")
    said = clean(note)[:300]
    if result != ReviewResult.OPEN and len(said) < 5:
        raise Invalid(_("不予公开、不能确定的，请写明依据或者报请哪个部门确定。"), field="note")
    row.review, row.review_note, row.reviewed_by, row.reviewed_at = result, said, actor.name, now()
    row.state = EntryState.REVIEWED if result == ReviewResult.OPEN else EntryState.DRAFT
    row.save(update_fields=["review", "review_note", "reviewed_by", "reviewed_at", "state"])
    _record(actor, "disclosure.entry_review", _ref(row), {"index": row.index_number, "result": result})
    return row


@transaction.atomic
def publish_entry(*, actor: Actor, entry_id: uuid.UUID) -> CatalogueEntry:
    """Open it to everybody: reviewed, and by another person than wrote it. Raises Conflict, NotPermitted."""
    row = _signed_for(actor, entry_id)
    if row.state != EntryState.REVIEWED:
        raise Conflict(_("先作公开前审查，结论为“可以公开”的才能发布。"))
    # locked, so that a withdrawal told at the same moment waits and then finds the entry published
    page = SitePageSeen.objects.select_for_update().filter(tenant=row.tenant, page_id=row.page_id).first()
    if row.page_id and (page is None or not page.live):
        raise Conflict(_("它指向的网页已经撤下，请改写网址。"))
    row.state, row.published_at, row.published_by_id = EntryState.PUBLISHED, now(), actor.person_id
    row.save(update_fields=["state", "published_at", "published_by_id"])
    _record(actor, "disclosure.entry_publish", _ref(row), {"index": row.index_number, "title": row.title})
    publish(EntryPublished(**_event_fields(row), in_time=local_date() <= row.due_on))
    search.index_many(tenant=row.tenant, entries=[found_entry(row)])
    return row


@transaction.atomic
def withdraw_entry(*, actor: Actor, entry_id: uuid.UUID, reason: str) -> CatalogueEntry:
    """Take it out of the catalogue, with the reason; it is found nowhere any more."""
    row = _signed_for(actor, entry_id)
    if row.state != EntryState.PUBLISHED:
        raise Conflict(_("这个条目没有公开，不用撤下。"))
    _take_out(actor, row, words_in(reason, field="reason", most=300))
    return row


@transaction.atomic
def end_entry(
    *, actor: Actor, entry_id: uuid.UUID, validity: str, ended_on: dt.date, replaced_by: str = ""
) -> CatalogueEntry:
    """It was abolished or has lapsed; it stays in the catalogue and says so, and what takes its place."""
    row = _signed_for(actor, entry_id)
    if row.state != EntryState.PUBLISHED or row.validity != Validity.VALID:
        raise Conflict(_("只有已经公开、还有效的才能标明废止或者失效。"))
    if validity not in (Validity.ABOLISHED, Validity.LAPSED):
        raise Invalid(_("请选择废止还是失效。"), field="validity")
    if not row.made_on <= ended_on <= local_date():
        raise Invalid(_("废止、失效日期在生成日期和今天之间。"), field="ended_on")
    heir = None
    if replaced_by.strip():
        rows = CatalogueEntry.objects.filter(tenant=row.tenant, index_number=replaced_by.strip())
        heir = rows.exclude(pk=row.pk).first()
        if heir is None:
            raise Invalid(_("没有这个索引号的条目。"), field="replaced_by")
    row.validity, row.ended_on, row.replaced_by = validity, ended_on, heir
    row.save(update_fields=["validity", "ended_on", "replaced_by"])
    _record(actor, "disclosure.entry_end", _ref(row), {"index": row.index_number, "validity": validity})
    return row


@transaction.atomic
def see_page(event: PageEvent) -> None:
    """A page of the sites was published or taken down; with the page go the entries that point to it."""
    live = isinstance(event, PagePublished)
    known = {"path": event.path, "org_code": event.org_code, "column": event.column, "live": live}
    SitePageSeen.objects.update_or_create(tenant=event.tenant, page_id=event.object_ref.id, defaults=known)
    if live:
        return
    rows = CatalogueEntry.objects.select_for_update().filter(tenant=event.tenant, page_id=event.object_ref.id)
    for row in rows.filter(state=EntryState.PUBLISHED):
        _take_out(system(event.tenant), row, _("所指向的网页已经撤下"))


@transaction.atomic
def publish_guide(*, actor: Actor, words: dict[str, str]) -> DisclosureGuide:
    """The unit's guide as Article 12 wants it; the one before stays as it was. Raises Invalid, NotPermitted."""
    if actor.org_id is None or not actor.has_role(*SIGNERS):
        raise NotPermitted(_("信息公开指南由本单位负责人公布。"))
    given = {name: clean(words.get(name, "")) for name in (*_GUIDE_FIELDS, "fax")}
    errors = {
        name: _("请填写，最多 %(n)d 个字。") % {"n": most}
        for name, most in _GUIDE_FIELDS.items()
        if not 2 <= len(given[name]) <= most
    }
    if len(given["fax"]) > 60:
        errors["fax"] = _("最多 60 个字。")
    if errors:
        raise Invalid(_("还有 %(n)d 处需要改正，已填写的内容都在。") % {"n": len(errors)}, errors=errors)
    rows = DisclosureGuide.objects.select_for_update().filter(tenant=actor.tenant, org_code=actor.org_code)
    for old in rows.filter(ended_at__isnull=True):
        old.ended_at = now()
        old.save(update_fields=["ended_at"])
    made = DisclosureGuide.objects.create(
        tenant=actor.tenant, org_code=actor.org_code, org_name=actor.org_name, published_by=actor.name, **given
    )
    _record(actor, "disclosure.guide", ObjectRef(kind=GUIDE, id=str(made.id)), {"org": actor.org_code})
    return made


def _begun(actor: Actor, year: int) -> CatalogueEntry:
    org = identity.organisation(actor.tenant, actor.org_code)
    prefix = index_prefix(org)
    number = index_number(prefix, year, next_number(actor.tenant, f"entry/{prefix}/{year}"))
    return CatalogueEntry(tenant=actor.tenant, index_number=number, org_id=org.id, org_code=org.code, org_name=org.name)


def _checked(tenant: str, words: EntryWords) -> dict[str, Any]:
    errors = {}
    given: dict[str, Any] = dataclasses.asdict(words)
    for name, most in (("maker", 120), ("document_number", 80), ("subject", 80), ("responsible", 60)):
        given[name] = clean(given[name])[:most]
    for name, most in (("title", 200), ("summary", 500), ("address", 500)):
        given[name] = clean(given[name])
        if not 2 <= len(given[name]) <= most:
            errors[name] = _("请填写，2 到 %(n)d 个字。") % {"n": most}
    if not given["address"].startswith(("/", "https://", "http://")):
        errors["address"] = _("请写全文的网址，以 / 或者 https:// 开头。")
    if words.category not in {one.code for one in categories(tenant)}:
        errors["category"] = _("请选择类别。")
    if words.kind not in EntryKind.values:
        errors["kind"] = _("请选择种类。")
    if words.made_on > local_date():
        errors["made_on"] = _("生成日期不能晚于今天。")
    if errors:
        raise Invalid(_("还有 %(n)d 处需要改正，已填写的内容都在。") % {"n": len(errors)}, errors=errors)
    return given


def _take_out(actor: Actor, row: CatalogueEntry, why: str) -> None:
    row.state, row.withdrawn_at, row.withdrawn_why = EntryState.WITHDRAWN, now(), why
    row.save(update_fields=["state", "withdrawn_at", "withdrawn_why"])
    _record(actor, "disclosure.entry_withdraw", _ref(row), {"index": row.index_number, "reason": why})
    publish(EntryWithdrawn(**_event_fields(row)))
    search.remove(tenant=row.tenant, kind=ENTRY, object_id=str(row.pk))


def _locked(actor: Actor, entry_id: uuid.UUID) -> CatalogueEntry:
    row = CatalogueEntry.objects.select_for_update().get(pk=desk_entry(actor, entry_id).pk)
    if row.org_id != actor.org_id:
        raise NotPermitted(_("这个条目由%(org)s编制。") % {"org": row.org_name})
    return row


def _signed_for(actor: Actor, entry_id: uuid.UUID) -> CatalogueEntry:
    row = _locked(actor, entry_id)
    if not actor.has_role(*SIGNERS):
        raise NotPermitted(_("这一步由本单位的负责人或者签发人办理。"))
    own = _("由另一位负责人审查和发布，编制人不能审查自己编的条目。")
    identity.check_second_person(actor, row.written_by_id, row.stood_for_id, own)
    return row


def _ref(row: CatalogueEntry) -> ObjectRef:
    return ObjectRef(kind=ENTRY, id=str(row.pk))


def _event_fields(row: CatalogueEntry) -> dict[str, Any]:
    return {
        "tenant": row.tenant,
        "object_ref": _ref(row),
        "at": now(),
        "index_number": row.index_number,
        "category": row.category,
        "org_code": row.org_code,
        "org_name": row.org_name,
        "page_id": row.page_id,
    }


def _record(actor: Actor, act: str, ref: ObjectRef, payload: dict[str, Any]) -> None:
    ledger.append(actor=actor, act=act, object_ref=ref, payload=payload)
