"""Telling those who keep the county's list of what waits for them."""

from zhengtong.capabilities.catalogue.constants import ITEM_KIND
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.constants import Role
from zhengtong.capabilities.notify import api as notify
from zhengtong.kernel.actors import ObjectRef


def tell_keepers(tenant: str, *, title: str, body: str, object_id: str) -> None:
    """A site message to every keeper of the list, in the caller's transaction."""
    for unit in identity.units_with_role(tenant, Role.ITEM_ADMIN):
        for person in identity.people_in(tenant, unit.id, Role.ITEM_ADMIN):
            notify.send_message(
                tenant=tenant,
                person_id=person.person_id,
                title=title,
                body=body,
                object_ref=ObjectRef(kind=ITEM_KIND, id=object_id),
            )
