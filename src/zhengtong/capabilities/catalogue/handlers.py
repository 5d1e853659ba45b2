"""What the catalogue hears from others, and from itself."""

from django.utils.translation import gettext as _

from zhengtong.capabilities.catalogue.services import count_use, follow_review, list_orphans, tell_watchers
from zhengtong.capabilities.identity.constants import OrganisationChangeKind
from zhengtong.contracts.cases import CaseEvent, CaseOpened
from zhengtong.contracts.catalogue import ItemPublished, ItemRetired
from zhengtong.contracts.identity import OrganisationChanged


def case_opened(event: CaseOpened) -> None:
    """Somebody applied for an item."""
    count_use(tenant=event.tenant, code=event.item_code)


def review_moved(event: CaseEvent) -> None:
    """A review was moved by another hand than ours (a jump, a return, a hand-over): its version follows."""
    follow_review(tenant=event.tenant, case_id=event.case_id)


def organisation_changed(event: OrganisationChanged) -> None:
    """A unit is no more: its items wait for who keeps the list to say who carries them on."""
    if event.kind in (OrganisationChangeKind.MERGED, OrganisationChangeKind.ABOLISHED):
        list_orphans(tenant=event.tenant, org_id=event.org_id, since=event.effective_on)


def item_published(event: ItemPublished) -> None:
    """A version came into force: whoever watches the item is told, not at its first publication."""
    if event.version > 1:
        tell_watchers(
            tenant=event.tenant,
            item_id=event.item_id,
            title=_("您关注的事项有变动：%(name)s") % {"name": event.name},
            body=_("%(org)s公布了第 %(version)d 版。现在的条件、材料和时限见办事指南；已经受理的办件仍按原版本办理。")
            % {"org": event.org_name, "version": event.version},
            link=f"/items/{event.code}/",
        )


def item_retired(event: ItemRetired) -> None:
    """An item was taken out of use."""
    tell_watchers(
        tenant=event.tenant,
        item_id=event.item_id,
        title=_("您关注的事项已停用：%(name)s") % {"name": event.name},
        body=_("%(org)s停用了这个事项，不再接受新的申请；已经受理的办件继续办理。") % {"org": event.org_name},
        link="/items/",
    )
