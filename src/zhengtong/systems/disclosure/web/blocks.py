"""Ways into disclosure from pages of others: the counter."""

from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.systems.disclosure.constants import INTAKE_ROLES


def counter_place(actor: Actor) -> tuple[str, str] | None:
    """At the counter: a request said or handed over there is taken down there."""
    may = actor.kind == "official" and actor.has_role(*INTAKE_ROLES)
    return (_("登记信息公开申请"), reverse("disclosure:intake")) if may else None
