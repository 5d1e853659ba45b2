"""The frame of the staff pages of trust."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity.constants import PERSONAL_ROLES, Role
from zhengtong.capabilities.trust.constants import ApplicationStatus
from zhengtong.capabilities.trust.selectors import visible_applications, visible_person_applications
from zhengtong.kernel.actors import Actor

MANAGER = Role.SEC_ADMIN.value
USERS = (Role.LEADER.value, Role.CLERK.value)
#: every official; nobody holds these roles without a post
OFFICIALS = tuple(role for role in Role.values if role not in PERSONAL_ROLES)


def frame(actor: Actor, *, here: str, crumbs: list[dict[str, str]]) -> dict[str, Any]:
    """Title, navigation and breadcrumbs; ``here`` is the name of the page's address."""
    nav: list[dict[str, Any]] = []
    if actor.has_role(MANAGER, *USERS):
        waiting = visible_applications(actor).filter(status=ApplicationStatus.WAITING).count()
        nav.append({"label": _("电子印章"), "url": reverse("trust:seals"), "count": waiting, "active": here == "seals"})
    if actor.has_role(*USERS):
        nav.append({"label": _("申请印章"), "url": reverse("trust:apply"), "active": here == "apply"})
    persons = visible_person_applications(actor).filter(status=ApplicationStatus.WAITING).count()
    nav.append({"label": _("人员证书"), "url": reverse("trust:persons"), "count": persons, "active": here == "persons"})
    if actor.has_role(MANAGER):
        nav.append({"label": _("数字证书"), "url": reverse("trust:certificates"), "active": here == "certificates"})
    nav.append({"label": _("证书服务（公开）"), "url": reverse("trust:authority")})
    return {
        "desk_title": _("安全认证"),
        "desk_user": {"unit": actor.org_name, "post": actor.post_name, "name": actor.name},
        "desk_nav": nav,
        "breadcrumbs": [{"label": _("安全认证"), "url": nav[0]["url"]}, *crumbs],
    }
