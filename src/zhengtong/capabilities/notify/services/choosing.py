"""A person's own choice of channels."""

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.notify.models import ChannelChoice
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import NotPermitted


@transaction.atomic
def choose_channels(*, actor: Actor, mail: bool, sms: bool) -> ChannelChoice:
    """Switch mail and short messages on or off for oneself; the site's own messages always come."""
    if actor.person_id is None:
        raise NotPermitted(_("请先登录。"))
    chosen = {"tenant": actor.tenant, "person_id": actor.person_id, "mail": mail, "sms": sms}
    known = ChannelChoice.objects.filter(**chosen).first()
    if known is not None:
        return known  # a second press on the button
    row, _made = ChannelChoice.objects.update_or_create(
        tenant=actor.tenant,
        person_id=actor.person_id,
        defaults={"mail": mail, "sms": sms, "changed_at": now()},
    )
    ledger.append(
        actor=actor,
        act="notify.channels_chosen",
        object_ref=ObjectRef(kind="person", id=str(actor.person_id)),
        payload={"mail": mail, "sms": sms},
    )
    return row
