"""Words of identity that other apps may use: roles, kinds, states."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person may do; held by a post, or by everybody who acts for himself or for a legal person."""

    CITIZEN = "citizen", _("个人")
    AGENT = "agent", _("法人代理人")
    CLERK = "clerk", _("经办人")
    REVIEWER = "reviewer", _("审查人")
    LEADER = "leader", _("审批负责人")
    SUPERVISOR = "supervisor", _("监察员")
    SYS_ADMIN = "sys_admin", _("系统管理员")
    SEC_ADMIN = "sec_admin", _("安全管理员")
    AUDIT_ADMIN = "audit_admin", _("审计管理员")
    PROCESS_ADMIN = "process_admin", _("流程管理员")


# Roles nobody gets by a post: they follow from acting for oneself or for a legal person.
PERSONAL_ROLES = frozenset({"citizen", "agent"})


class PersonKind(models.TextChoices):
    """Why the platform knows a person."""

    CITIZEN = "citizen", _("群众")
    STAFF = "staff", _("工作人员")


class Assurance(models.TextChoices):
    """How sure the platform is that a person is who he says."""

    DECLARED = "declared", _("本人申报，未经核验")
    VERIFIED = "verified", _("已经核验")


class OrganisationStatus(models.TextChoices):
    """Whether an organisation exists today."""

    ACTIVE = "active", _("在用")
    ABOLISHED = "abolished", _("撤销")


class AgencyRole(models.TextChoices):
    """In what capacity a person acts for a legal person."""

    LEGAL_REPRESENTATIVE = "legal_representative", _("法定代表人")
    AGENT = "agent", _("经办人")


class SignInOutcome(models.TextChoices):
    """How an attempt to sign in ended."""

    SIGNED_IN = "signed_in", _("登录成功")
    WRONG_PASSWORD = "wrong_password", _("密码错误")
    WRONG_CODE = "wrong_code", _("动态口令错误")


PRIVACY_NOTICE_VERSION = "2026-11"
