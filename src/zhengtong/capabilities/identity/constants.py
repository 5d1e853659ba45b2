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

#: acts in the ledger → Chinese words
ACT_LABELS = {
    "identity.account_created": "建立账户",
    "identity.account_locked": "锁定账户",
    "identity.account_unlocked": "解锁账户",
    "identity.agency_declared": "登记授权委托",
    "identity.appointment_ended": "结束任职",
    "identity.citizen_registered": "群众注册",
    "identity.contact_read": "查阅联系方式",
    "identity.identity_chosen": "选择身份",
    "identity.organisations_imported": "导入机构",
    "identity.password_changed": "修改密码",
    "identity.person_appointed": "任职",
    "identity.post_created": "建立岗位",
    "identity.role_granted": "授予角色",
    "identity.role_revoked": "收回角色",
    "identity.second_factor_enrolled": "绑定动态口令",
    "identity.second_factor_reset": "重置动态口令",
    "identity.sign_in_failed": "登录失败",
    "identity.signed_in": "登录",
    "identity.signed_out": "退出登录",
    "identity.staff_created": "登记工作人员",
    "identity.tenant_saved": "登记租户",
}

#: kinds of objects in the ledger → Chinese words
OBJECT_LABELS = {
    "account": "账户",
    "legal_person": "法人",
    "person": "自然人",
    "post": "岗位",
    "tenant": "租户",
}
