"""A draft follows its item: when a newer version is published, it moves there with everything that still fits.

What was handed in never moves: it is judged by the version it began with.
"""

import dataclasses
import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.forms import api as forms
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import Conflict, NotFound
from zhengtong.systems.service_hall import selectors
from zhengtong.systems.service_hall.constants import OBJECT_KIND, ApplicationStatus
from zhengtong.systems.service_hall.models import Application
from zhengtong.systems.service_hall.services import assisting
from zhengtong.systems.service_hall.services.licence_claims import form_of


@dataclasses.dataclass(frozen=True)
class Moved:
    """What became of a draft: how many answers went along, which found no place, files no material asks for now."""

    carried_over: int
    left_over: tuple[forms.LeftOver, ...]
    files: tuple[selectors.LooseFile, ...]


@transaction.atomic
def move_draft(*, actor: Actor, application_id: uuid.UUID) -> Moved:
    """Move a draft to the published version of its item, answers and files included; nothing is thrown away.

    Raises Conflict for what was handed in, NotPermitted when the newer version may not be applied for.
    """
    found = selectors.application_to_fill(actor=actor, application_id=application_id)
    row = Application.objects.select_for_update().get(pk=found.pk)
    if row.status != ApplicationStatus.DRAFT:
        raise Conflict(_("这份申请已经提交，按提交时的办事指南办理，不需要更新。"))
    item = newer_item(row)
    if item is None:
        return Moved(0, (), ())
    assisting.check_may_go_on(actor, row, item)
    old = str(row.item_version_id)
    moved = _move_form(row, item)
    row.item_version_id, row.item_name = item.id, item.name
    row.org_id, row.org_name = item.org_id, item.org_name
    row.save(update_fields=["item_version_id", "item_name", "org_id", "org_name"])
    files = tuple(selectors.loose_files(row, item))
    ledger.append(
        actor=actor,
        act="service_hall.move",
        object_ref=ObjectRef(kind=OBJECT_KIND, id=str(row.id)),
        payload={"item": item.code, "from": old, "to": str(item.id), "left_over": len(moved.left_over)},
    )
    return Moved(len(moved.carried_over), moved.left_over, files)


def newer_item(row: Application) -> catalogue.ItemVersionView | None:
    """The version in force when it is another than the draft's; None for what was handed in or cannot move."""
    if row.status != ApplicationStatus.DRAFT:
        return None
    try:
        item = catalogue.find_item(row.tenant, row.item_code)
    except NotFound:
        return None
    return item if item.id != row.item_version_id else None


def check_current(row: Application) -> None:
    """Conflict when the draft's item has a newer version: the applicant sees it before he hands in."""
    if newer_item(row) is not None:
        raise Conflict(
            _("“%(name)s”的办事指南已经更新，申请还没有提交。请打开草稿，看过更新后再提交，填写的内容都还在。")
            % {"name": row.item_name}
        )


def material_changes(row: Application, item: catalogue.ItemVersionView) -> tuple[Sequence[str], Sequence[str]]:
    """Names of the materials the newer version asks for in addition, and of those it no longer asks for."""
    before = catalogue.item_version(tenant=row.tenant, version_id=row.item_version_id)
    old = {material["key"]: material["name"] for material in before.materials}
    new = {material["key"]: material["name"] for material in item.materials}
    return (
        [name for key, name in new.items() if key not in old],
        [name for key, name in old.items() if key not in new],
    )


def _move_form(row: Application, item: catalogue.ItemVersionView) -> forms.Upgrade:
    """The answers on the form of the newer version; a short form about a licence stays what it is."""
    key, version = form_of(item, row.purpose)
    return forms.upgrade_submission(tenant=row.tenant, submission_id=row.form_submission_id, key=key, version=version)
