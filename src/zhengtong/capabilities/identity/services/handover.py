"""What a person has in hand goes to a colleague before he leaves a post."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity.models import Post
from zhengtong.capabilities.identity.permissions import require_ending_appointments
from zhengtong.capabilities.identity.registry import person_work
from zhengtong.capabilities.identity.selectors.open_work import open_personal_work
from zhengtong.capabilities.identity.selectors.people import current_appointments
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import Invalid, NotFound


def hand_over_personal_work(
    *, actor: Actor, person_id: uuid.UUID, post_id: uuid.UUID, receiver_id: uuid.UUID | None, reason: str
) -> int:
    """Give what a person has in hand in the post's organisation to a colleague there; returns how many matters.

    Nothing happens without open work, or while he holds a further post in the same organisation. Raises Invalid
    when there is open work and no receiver, or the receiver holds no post there, NotFound for an unknown post.
    """
    require_ending_appointments(actor)
    post = Post.objects.select_related("organisation").filter(tenant=actor.tenant, pk=post_id).first()
    if post is None:
        raise NotFound(_("没有这个岗位。请刷新页面后重新选择。"))
    held = current_appointments().filter(tenant=actor.tenant, post__organisation_id=post.organisation_id)
    if held.filter(person_id=person_id).exclude(post_id=post_id).exists():
        return 0
    work = open_personal_work(actor.tenant, person_id, post.organisation_id)
    if not work:
        return 0
    if receiver_id is None:
        what = "、".join(_("%(label)s %(n)d 件") % {"label": w.label, "n": w.count} for w in work)
        raise Invalid(
            _("此人在%(org)s还有%(what)s没有办完。请先选择承接人，再结束任职。")
            % {"org": post.organisation.name, "what": what},
            field="receiver",
        )
    if receiver_id == person_id or not held.filter(person_id=receiver_id).exists():
        raise Invalid(_("承接人必须是同一单位的在岗人员。请另选一位。"), field="receiver")
    with transaction.atomic():
        moved = sum(
            kind.hand_over(
                actor=actor,
                person_id=person_id,
                org_id=post.organisation_id,
                to_person_id=receiver_id,
                reason=reason,
            )
            for _key, kind in person_work.items()
        )
        ledger.append(
            actor=actor,
            act="identity.personal_work_handed_over",
            object_ref=ObjectRef(kind="person", id=str(person_id)),
            payload={
                "post": str(post_id),
                "receiver": str(receiver_id),
                "count": moved,
                "work": {w.label: w.count for w in work},
                "reason": reason,
            },
        )
    return moved
