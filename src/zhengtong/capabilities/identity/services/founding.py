"""The first three administrators of a real installation, who make everybody else."""

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity.constants import Role
from zhengtong.capabilities.identity.models import Appointment
from zhengtong.capabilities.identity.services.accounts import FirstAccount, FirstAccountSecret, create_first_accounts
from zhengtong.capabilities.identity.services.organisations import OrganisationRow, import_organisations
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict

#: role → user name; three people, because the three exclude one another
ADMINISTRATORS = {Role.SYS_ADMIN: "sys.admin", Role.SEC_ADMIN: "sec.admin", Role.AUDIT_ADMIN: "audit.admin"}


@transaction.atomic
def found_administration(*, actor: Actor, unit: OrganisationRow) -> list[FirstAccountSecret]:
    """Make the unit and its three administrators; their secrets are shown once, passwords changed at first sign-in.

    ``actor`` is the platform itself. Raises NotPermitted for everybody else, Conflict once somebody holds a post.
    """
    if Appointment.objects.filter(tenant=actor.tenant).exists():
        raise Conflict(_("这里已经有工作人员，不能再建立首批管理员。新的账户由系统管理员在“机构与权限”里建立。"))
    rows = [
        FirstAccount(
            username=name,
            display_name=str(role.label),
            org_code=unit.org_code,
            post_title=str(role.label),
            roles=(role.value,),
        )
        for role, name in ADMINISTRATORS.items()
    ]
    import_organisations(actor=actor, rows=[unit])
    return create_first_accounts(actor=actor, rows=rows)
