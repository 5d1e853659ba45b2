"""Who answers for a site or a column, who stands in for him, and how often it must be renewed."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.systems.sites import permissions
from zhengtong.systems.sites.constants import STAFF_ROLES
from zhengtong.systems.sites.models import Duty, GovernmentSite
from zhengtong.systems.sites.services.review_plans import column_of, site_to_keep
from zhengtong.systems.sites.services.telling import record, site_ref

_LONGEST = 366


@transaction.atomic
def set_duty(
    *,
    actor: Actor,
    site_id: uuid.UUID,
    column_id: int | None,
    person_id: uuid.UUID,
    backup_id: uuid.UUID | None = None,
    cycle_days: int | None = None,
) -> Duty:
    """Name who answers for a site or one of its columns. Raises Invalid, NotFound, NotPermitted."""
    site = site_to_keep(actor, site_id)
    permissions.check_may_publish(actor, site)
    column = column_of(site, column_id)
    names = candidates(site)
    if person_id not in names:
        raise Invalid(_("责任人须是主办单位的网站编辑或者签发人。"), field="person_id")
    if backup_id is not None and (backup_id not in names or backup_id == person_id):
        raise Invalid(_("替补人须是主办单位的另一位网站编辑或者签发人。"), field="backup_id")
    if cycle_days is not None and not 1 <= cycle_days <= _LONGEST:
        raise Invalid(_("更新周期从 1 天到 %(n)d 天。") % {"n": _LONGEST}, field="cycle_days")
    values = {
        "person_id": person_id,
        "person": names[person_id],
        "backup_id": backup_id,
        "backup": names[backup_id] if backup_id is not None else "",
        "cycle_days": cycle_days,
    }
    row, _new = Duty.objects.update_or_create(
        site=site, column=column, defaults=values, create_defaults={**values, "tenant": site.tenant}
    )
    where = site.name if column is None else column.title
    told = {"where": where, "person": row.person, "backup": row.backup, "cycle_days": cycle_days}
    record(actor, "sites.set_duty", site_ref(site), **told)
    return row


@transaction.atomic
def end_duty(*, actor: Actor, site_id: uuid.UUID, column_id: int | None) -> None:
    """Nobody answers by name any more. Raises Conflict, NotFound, NotPermitted."""
    site = site_to_keep(actor, site_id)
    permissions.check_may_publish(actor, site)
    row = Duty.objects.filter(site=site, column=column_of(site, column_id)).first()
    if row is None:
        raise Conflict(_("没有设定责任人，不用取消。"))
    where = site.name if row.column is None else row.column.title
    record(actor, "sites.end_duty", site_ref(site), where=where, person=row.person)
    row.delete()


def candidates(site: GovernmentSite) -> dict[uuid.UUID, str]:
    """Who may answer for a site: those of its unit who keep it, with their names."""
    return {
        one.person_id: one.name for role in STAFF_ROLES for one in identity.people_in(site.tenant, site.org_id, role)
    }
