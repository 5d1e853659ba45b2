"""As whom a person goes on: himself, a post, a legal person."""

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity.models import Person
from zhengtong.capabilities.identity.selectors import list_choices, standing_of
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import Invalid, NotPermitted


def choose_identity(*, actor: Actor, choice: str) -> Actor:
    """The actor under the identity chosen; raises Invalid for one that is not open to the person today.

    The caller keeps ``choice`` in the session.
    """
    person = Person.objects.filter(tenant=actor.tenant, pk=actor.person_id).first() if actor.person_id else None
    if person is None:
        raise NotPermitted(_("请先登录，再选择身份。"))
    if all(option.key != choice for option in list_choices(person)):
        raise Invalid(
            _("请选择一个身份。原来的任职或授权可能已经到期，请联系本单位管理员或法定代表人。"), field="choice"
        )
    chosen = standing_of(person, choice).actor
    with transaction.atomic():
        ledger.append(
            actor=chosen,
            act="identity.identity_chosen",
            object_ref=ObjectRef(kind="person", id=str(person.id)),
            payload={"choice": choice},
        )
    return chosen
