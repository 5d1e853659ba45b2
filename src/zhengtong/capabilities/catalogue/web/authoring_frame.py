"""The desk around the pages where items are made: who may open them, what stands beside every page."""

import dataclasses
import uuid
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import api
from zhengtong.capabilities.catalogue.constants import PowerType, VersionStatus
from zhengtong.capabilities.catalogue.models import Item, ItemVersion
from zhengtong.capabilities.catalogue.permissions import may_edit
from zhengtong.capabilities.catalogue.rules import ItemDraft
from zhengtong.capabilities.catalogue.selectors import UnitDirectory, draft_of
from zhengtong.capabilities.catalogue.selectors.desk import READERS, desk_item, item_versions
from zhengtong.capabilities.catalogue.web.authoring_checks import Finding, findings
from zhengtong.capabilities.catalogue.web.authoring_parts import PARTS, is_bundle
from zhengtong.capabilities.forms import api as forms
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.constants import Role
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.models import StoredFile
from zhengtong.kernel.refusals import kept_page, refusal_page
from zhengtong.kernel.ui.formats import cn_day
from zhengtong.kernel.ui.lamps import lamp_of

EDITORS = (Role.ITEM_EDITOR, Role.ITEM_ADMIN)
REVIEWERS = (Role.LEADER, Role.LEGAL_REVIEWER, Role.ITEM_ADMIN)

__all__ = ["EDITORS", "READERS", "REVIEWERS", "Work", "frame", "open_work", "registers", "work_of"]


@dataclasses.dataclass(frozen=True)
class Work:
    """An item on the desk: all its versions, the open one, what it says and what it lacks."""

    item: Item
    versions: list[ItemVersion]
    row: ItemVersion
    draft: ItemDraft
    findings: list[Finding]
    editable: bool

    @property
    def in_force(self) -> ItemVersion | None:
        """The published version."""
        return next((row for row in self.versions if row.status == VersionStatus.PUBLISHED), None)

    @property
    def stops(self) -> list[Finding]:
        """What has to be mended before publication."""
        return [each for each in self.findings if each.weight == "stop"]


def work_of(actor: Actor, item_id: uuid.UUID) -> Work:
    """An item in the actor's reach with its version at work; raises NotFound."""
    item = desk_item(actor, item_id)
    versions = item_versions(item)
    row = versions[0]
    draft = draft_of(row)
    mine = may_edit(actor, org_code=item.org_code)
    return Work(item, versions, row, draft, findings(row, draft), mine and row.status == VersionStatus.DRAFT)


def open_work(actor: Actor, item_id: uuid.UUID) -> Work:
    """An item whose draft the actor may change; raises NotPermitted, Conflict (no draft), NotFound."""
    work = work_of(actor, item_id)
    if not may_edit(actor, org_code=work.item.org_code):
        raise NotPermitted(_("这个事项由%(unit)s编制，您可以查看，不能修改。") % {"unit": work.item.org_name})
    if work.row.status == VersionStatus.REVIEW:
        raise Conflict(_("“%(name)s”正在审核，不能改动。请等审核结束，或者先撤回送审。") % {"name": work.row.name})
    if work.row.status != VersionStatus.DRAFT:
        raise Conflict(
            _("“%(name)s”现在没有暂存的稿子。请在事项页面按“修改”，从已发布的版本开始。") % {"name": work.row.name}
        )
    return work


def registers(actor: Actor, draft: ItemDraft, part: str) -> dict[str, Any]:
    """What the choosers of a part offer: only those it needs are read."""
    found: dict[str, Any] = {}
    if part == "basic":
        county = actor.has_role(Role.ITEM_ADMIN)
        units = [unit for unit in identity.organisations(actor.tenant) if county or unit.code == actor.org_code]
        found["department"] = [(unit.name, unit.name) for unit in units]
        rows = ItemVersion.objects.filter(
            tenant=actor.tenant, status=VersionStatus.PUBLISHED, item__code__isnull=False
        ).exclude(item__code=draft.code)
        rows = rows if county else rows.filter(item__org_code=actor.org_code)
        names = rows.order_by("name").values_list("item__code", "name")
        found["parent_code"] = [("", _("没有主项")), *((code, f"{name}（{code}）") for code, name in names)]
    elif part == "basis":
        found["units"] = unit_choices(actor.tenant)
    elif part == "process":
        found["units"] = unit_choices(actor.tenant)
        automatic = [("", _("自动：按办件类型和联办单位选择"))]
        found["process_key"] = [*automatic, *cases.process_choices(actor.tenant)]
    elif part == "fees":
        units = identity.organisations(actor.tenant)
        found["payees"] = [("", _("本事项的实施部门")), *((unit.name, unit.name) for unit in units)]
        found["quantities"] = [("", _("按 1 计")), *number_choices(actor.tenant, draft)]
    elif part == "form":
        found["form_key"] = form_choices(actor.tenant)
    return found


def unit_choices(tenant: str) -> list[tuple[str, str]]:
    """Every unit of the register by its full name."""
    return [("", _("请选择单位")), *((unit.name, unit.name) for unit in identity.organisations(tenant))]


def number_choices(tenant: str, draft: ItemDraft) -> list[tuple[str, str]]:
    """The questions of the item's form that are answered with a number."""
    try:
        form = forms.form_version(tenant=tenant, key=draft.form_key, version=draft.form_version)
    except NotFound:
        return []
    fields = [field for section in form.definition.sections for field in section.fields]
    return [(field.key, field.label) for field in fields if field.kind in ("number", "computed")]


def directory(actor: Actor) -> UnitDirectory:
    """The units of the tenant by name."""
    return UnitDirectory(actor.tenant)


def frame(request: HttpRequest, actor: Actor, *, work: Work | None = None, part: str = "") -> dict[str, Any]:
    """Navigation of the desk, and of the parts of an item while its draft is edited."""
    here = request.path
    nav: list[dict[str, Any]] = [{"label": _("权力清单")}]
    nav.append(_link(_("全部事项"), "catalogue_desk:desk", here))
    if actor.has_role(*REVIEWERS):
        mine = len(api.review_tasks(actor=actor)) or None
        nav.append({**_link(_("待我审核"), "catalogue_desk:desk_reviews", here), "count": mine})
    if actor.has_role(*EDITORS):
        nav.append(_link(_("新建事项"), "catalogue_desk:desk_new", here))
        nav.append(_link(_("新建一件事"), "catalogue_desk:desk_new_bundle", here))
        if importing := address("catalogue:import"):
            nav.append({"label": _("导入表格"), "url": importing})
    if actor.has_role(Role.ITEM_ADMIN) and (waiting := len(api.successions(actor=actor))):
        nav.append({**_link(_("事项承接"), "catalogue_desk:desk_successions", here), "count": waiting})
    if work is not None and work.editable:
        nav.append({"label": _("本事项")})
        nav += part_links(work, part)
    crumbs = [{"label": _("事项编制"), "url": reverse("catalogue_desk:desk")}]
    if work is not None:
        crumbs.append({"label": work.row.name, "url": reverse("catalogue_desk:desk_item", args=[work.item.id])})
    return {
        "desk_title": _("事项编制"),
        "desk_nav": nav,
        "desk_user": {"unit": actor.org_name, "post": actor.post_name, "name": actor.name},
        "breadcrumbs": crumbs,
        "work": work,
        "may_edit": actor.has_role(*EDITORS),
    }


def part_links(work: Work, part: str = "") -> list[dict[str, Any]]:
    """The parts of an item with the number of things each still lacks."""
    keys = [(each.key, str(each.title)) for each in PARTS]
    if is_bundle(work.draft):
        keys.insert(3, ("members", _("成员事项")))
    lacking = [each.part for each in work.findings if each.weight in ("stop", "gap")]
    return [
        {
            "label": title,
            "url": part_url(work.item.id, key),
            "count": lacking.count(key) or None,
            "active": key == part,
        }
        for key, title in keys
    ]


def part_url(item_id: uuid.UUID, part: str) -> str:
    """Where a part is edited."""
    if part == "members":
        return reverse("catalogue_desk:desk_members", args=[item_id])
    return reverse("catalogue_desk:desk_edit", args=[item_id, part])


def standing(actor: Actor, row: ItemVersion) -> list[dict[str, Any]]:
    """At whom a review is, since when, each with its lamp."""
    if not row.under_review or row.case_id is None:
        return []
    return [standing_of(task) for task in cases.open_tasks(tenant=actor.tenant, case_ids=[row.case_id])]


def standing_of(task: cases.WorkItemView) -> dict[str, Any]:
    """One open task of a review in words."""
    who = f"{task.org_name} {task.holder}".strip()
    said = _("%(step)s：%(who)s，%(day)s起")
    return {
        "text": said % {"step": task.step, "who": who, "day": cn_day(task.opened_at)},
        "lamp": lamp_of(task.lamp).key,
    }


def may_retire(actor: Actor, item: Item) -> bool:
    """Whether the actor may take an item out of use; the service asks again."""
    return actor.has_role(Role.ITEM_ADMIN) or (actor.has_role(Role.LEADER) and actor.org_code == item.org_code)


def item_url(work: Work, page: str = "item") -> str:
    """A page of an item on the desk: item, preview, submit…"""
    return reverse(f"catalogue_desk:desk_{page}", args=[work.item.id])


def file_links(item: Item, file_ids: Iterable[str]) -> dict[str, dict[str, str]]:
    """Name and address of the files of materials, by the id in the draft; those that are not stored are left out."""
    rows = StoredFile.objects.filter(tenant=item.tenant, pk__in=[each for each in file_ids if each])
    return {
        str(row.id): {"name": row.name, "url": reverse("catalogue_desk:desk_file", args=[item.id, row.id])}
        for row in rows
    }


def address(name: str) -> str:
    """The address of a page that may not be installed, else empty."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def type_choices() -> list[tuple[str, str]]:
    """Types of items."""
    return [(str(value), str(label)) for value, label in PowerType.choices]


def form_choices(tenant: str) -> list[tuple[str, str]]:
    """Forms that are in use, by key."""
    return [(form.key, form.title) for form in forms.form_keys(tenant=tenant)]


def refused(request: HttpRequest, refusal: Conflict) -> HttpResponse:
    """The answer to what cannot be kept here any more: the sentence, and everything that was typed."""
    return kept_page(request, refusal.message, status=409) or refusal_page(request, refusal)


def written(request: HttpRequest, name: str) -> str:
    """A text as it was typed, its line breaks counted as the browser counts them."""
    return request.POST.get(name, "").replace("\r\n", "\n").strip()


def check_length(text: str, most: int, field: str = "reason") -> None:
    """Invalid for what is too long: cut short it would say something else than its author."""
    if len(text) > most:
        raise Invalid(_("最多 %(most)d 个字，现在有 %(n)d 个，请精简。") % {"most": most, "n": len(text)}, field=field)


def _link(label: str, name: str, here: str) -> dict[str, Any]:
    url = reverse(name)
    return {"label": label, "url": url, "active": url == here}
