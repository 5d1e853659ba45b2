"""Who may change people, posts and roles: the three administrators, each his part."""

import uuid

from django.utils.translation import gettext as _

from zhengtong.capabilities.identity.constants import RESPONSIBLE_ADMINISTRATORS, Role
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotPermitted

#: roles of people who have the papers of a relation in their hands
RELATION_ROLES = (Role.COUNTER, Role.CLERK, Role.REVIEWER)


def may_manage_organisations(actor: Actor) -> bool:
    """Organisations, posts, persons and accounts belong to the system administrator."""
    return actor.kind == "system" or actor.has_role(Role.SYS_ADMIN)


def may_authorise(actor: Actor) -> bool:
    """Roles, appointments, locks and second factors belong to the security administrator."""
    return actor.kind == "system" or actor.has_role(Role.SEC_ADMIN)


def may_end_appointments(actor: Actor) -> bool:
    """Taking rights away may be done at once by either of the two who give them together."""
    return may_manage_organisations(actor) or may_authorise(actor)


def may_revoke(actor: Actor, role: str) -> bool:
    """The security administrator takes any role away, the responsible administrator his operating roles."""
    responsible = RESPONSIBLE_ADMINISTRATORS.get(role)
    return may_authorise(actor) or (responsible is not None and actor.has_role(responsible))


def may_verify_relations(actor: Actor) -> bool:
    """Who receives applications, at a counter or in a unit, sees the papers; administrators see no business data."""
    return actor.kind == "official" and actor.has_role(*RELATION_ROLES)


def require_ending_appointments(actor: Actor) -> None:
    """Raises NotPermitted for everybody but the system and the security administrator."""
    if not may_end_appointments(actor):
        raise NotPermitted(_("结束任职由系统管理员或安全管理员办理，您没有这项权限。"))


def require_system_administrator(actor: Actor) -> None:
    """Raises NotPermitted for everybody else."""
    if not may_manage_organisations(actor):
        raise NotPermitted(_("机构、岗位和账户由系统管理员维护，您没有这项权限。请联系系统管理员办理。"))


def require_security_administrator(actor: Actor) -> None:
    """Raises NotPermitted for everybody else."""
    if not may_authorise(actor):
        raise NotPermitted(_("任职、角色和解锁由安全管理员办理，您没有这项权限。请联系安全管理员办理。"))


def is_second_person(actor: Actor, first_id: uuid.UUID | None, stood_for_id: uuid.UUID | None) -> bool:
    """Whether another person acts than who acted first: neither he, nor his deputy, nor whom he stood in for then.

    ``stood_for_id`` is the ``delegator_id`` of the first actor, kept with what he proposed.
    """
    firsts = {first_id, stood_for_id} - {None}
    return actor.person_id is not None and firsts.isdisjoint({actor.person_id, actor.hands_id})


def check_second_person(actor: Actor, first_id: uuid.UUID | None, stood_for_id: uuid.UUID | None, own: str) -> None:
    """Raises NotPermitted unless ``is_second_person``; ``own`` is the sentence for the first person himself."""
    if actor.person_id is None or actor.person_id == first_id:
        raise NotPermitted(own)
    if not is_second_person(actor, first_id, stood_for_id):
        raise NotPermitted(_("须由另一人决定：提出的人、他当时所代的人和代他办理的人都不能自己批准，请由其他人办理。"))
