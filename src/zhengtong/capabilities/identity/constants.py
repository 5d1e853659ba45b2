"""Words of identity that other apps may use: roles, kinds, states."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel import retention
from zhengtong.kernel.inventory import BACKUP_COPY, LEDGER_COPY, Activity, Basis


class Role(models.TextChoices):
    """What a person may do; held by a post, or by everybody who acts for himself or for a legal person."""

    CITIZEN = "citizen", _("个人")
    AGENT = "agent", _("法人代理人")
    CLERK = "clerk", _("经办人")
    COUNTER = "counter", _("窗口收件员")
    HALL_MANAGER = "hall_manager", _("政务大厅管理员")
    REVIEWER = "reviewer", _("审查人")
    LEADER = "leader", _("审批负责人")
    SUPERVISOR = "supervisor", _("监察员")
    SYS_ADMIN = "sys_admin", _("系统管理员")
    SEC_ADMIN = "sec_admin", _("安全管理员")
    AUDIT_ADMIN = "audit_admin", _("审计管理员")
    PROCESS_ADMIN = "process_admin", _("流程管理员")
    ITEM_EDITOR = "item_editor", _("事项编制人")
    LEGAL_REVIEWER = "legal_reviewer", _("合法性审核人")
    ITEM_ADMIN = "item_admin", _("权力清单管理员")
    SITE_EDITOR = "site_editor", _("网站编辑")
    SITE_PUBLISHER = "site_publisher", _("网站签发人")
    SITE_ADMIN = "site_admin", _("网站群管理员")
    HOST_OPERATOR = "host_operator", _("主机操作员")
    NETWORK_OPERATOR = "network_operator", _("网络操作员")
    DATABASE_OPERATOR = "database_operator", _("数据库操作员")
    APPLICATION_OPERATOR = "application_operator", _("应用操作员")
    SECURITY_OPERATOR = "security_operator", _("安全操作员")


class Scope(models.TextChoices):
    """How far a role reaches."""

    OWN = "own", _("本人经办")
    UNIT = "unit", _("本单位")
    SUBTREE = "subtree", _("本单位及下级")
    COUNTY = "county", _("全县")


#: roles whose default reach is not the own unit: they watch over or administer the whole county, or take in for all
DEFAULT_SCOPES = {
    Role.COUNTER.value: Scope.COUNTY.value,
    Role.SUPERVISOR.value: Scope.COUNTY.value,
    Role.SYS_ADMIN.value: Scope.COUNTY.value,
    Role.SEC_ADMIN.value: Scope.COUNTY.value,
    Role.AUDIT_ADMIN.value: Scope.COUNTY.value,
    Role.PROCESS_ADMIN.value: Scope.COUNTY.value,
    Role.LEGAL_REVIEWER.value: Scope.COUNTY.value,
    Role.ITEM_ADMIN.value: Scope.COUNTY.value,
    Role.SITE_ADMIN.value: Scope.COUNTY.value,
    Role.HOST_OPERATOR.value: Scope.COUNTY.value,
    Role.NETWORK_OPERATOR.value: Scope.COUNTY.value,
    Role.DATABASE_OPERATOR.value: Scope.COUNTY.value,
    Role.APPLICATION_OPERATOR.value: Scope.COUNTY.value,
    Role.SECURITY_OPERATOR.value: Scope.COUNTY.value,
}


def default_scope(role: str) -> str:
    """How far a role reaches when nothing else is said: the own unit, the county for those who watch over it."""
    return DEFAULT_SCOPES.get(role, Scope.UNIT.value)


#: operating role (五类管理员: 主机 网络 数据库 应用 安全, plan J-85) → the administrator who answers for it; the plan
#: names the five without saying whom they are under, so 系统管理 and 安全管理 of GB/T 22239 §8.1.5 decide (待核实)
RESPONSIBLE_ADMINISTRATORS = {
    Role.HOST_OPERATOR.value: Role.SYS_ADMIN.value,
    Role.NETWORK_OPERATOR.value: Role.SYS_ADMIN.value,
    Role.DATABASE_OPERATOR.value: Role.SYS_ADMIN.value,
    Role.APPLICATION_OPERATOR.value: Role.SYS_ADMIN.value,
    Role.SECURITY_OPERATOR.value: Role.SEC_ADMIN.value,
}


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


class OrganisationChangeKind(models.TextChoices):
    """What happened to an organisation."""

    FOUNDED = "founded", _("设立")
    RENAMED = "renamed", _("更名")
    MOVED = "moved", _("调整隶属关系")
    MERGED = "merged", _("并入")
    ABOLISHED = "abolished", _("撤销")


class RequestKind(models.TextChoices):
    """What right is asked for."""

    APPOINT = "appoint", _("任职")
    GRANT = "grant", _("授予角色")
    REVOKE = "revoke", _("收回角色")
    DISABLE = "disable", _("停用管理员账户")


class RequestState(models.TextChoices):
    """Where a request for a right stands."""

    PENDING = "pending", _("待审批")
    APPROVED = "approved", _("已批准")
    REFUSED = "refused", _("未批准")
    WITHDRAWN = "withdrawn", _("已撤回")


class AgencyRole(models.TextChoices):
    """In what capacity a person acts for a legal person."""

    LEGAL_REPRESENTATIVE = "legal_representative", _("法定代表人")
    AGENT = "agent", _("经办人")


class SignInOutcome(models.TextChoices):
    """How an attempt to sign in ended."""

    SIGNED_IN = "signed_in", _("登录成功")
    WRONG_PASSWORD = "wrong_password", _("密码错误")
    WRONG_CODE = "wrong_code", _("动态口令错误")
    CERTIFICATE = "certificate", _("证书登录成功")
    WRONG_CERTIFICATE = "wrong_certificate", _("证书验证失败")
    SINGLE_SIGN_ON = "single_sign_on", _("单点登录到接入应用")


class GuardKind(models.TextChoices):
    """What failures to sign in are counted for, apart from the account."""

    SOURCE = "source", _("来源地址")
    NAME = "name", _("输入的账号")


class RelyingPartyState(models.TextChoices):
    """Where an application that wants to use our sign-in stands."""

    PENDING = "pending", _("待批准")
    APPROVED = "approved", _("已接入")
    REFUSED = "refused", _("未批准")
    DISABLED = "disabled", _("已停用")


class GuardianshipEvidence(models.TextChoices):
    """What proves that somebody is a guardian (民法典第二十七条至第三十二条)."""

    HOUSEHOLD_REGISTER = "household_register", _("户口簿")
    BIRTH_CERTIFICATE = "birth_certificate", _("出生医学证明")
    ADOPTION = "adoption", _("收养登记证")
    NOTARISED = "notarised", _("监护公证书")
    APPOINTED = "appointed", _("居（村）民委员会或民政部门指定")
    JUDGMENT = "judgment", _("人民法院判决书")


class GuardianshipState(models.TextChoices):
    """Where a guardianship stands; only a verified one that nobody contests lets the guardian act."""

    DECLARED = "declared", _("等待窗口核验")
    VERIFIED = "verified", _("已核验")
    CONTESTED = "contested", _("有异议，已暂停使用")
    REFUSED = "refused", _("核验未通过")
    EXPIRED = "expired", _("已到期")
    ENDED = "ended", _("已终止")


class MergeState(models.TextChoices):
    """Where the merging of two records of one person stands."""

    PENDING = "pending", _("待确认")
    DONE = "done", _("已合并")
    REFUSED = "refused", _("未通过")
    UNDONE = "undone", _("已撤销")


PRIVACY_NOTICE_VERSION = "2026-11"

#: acts in the ledger → Chinese words
ACT_LABELS = {
    "identity.account_created": "建立账户",
    "identity.account_disabled": "停用账户",
    "identity.account_enabled": "启用账户",
    "identity.account_locked": "锁定账户",
    "identity.account_unlocked": "解锁账户",
    "identity.agency_confirmed": "确认授权委托",
    "identity.agency_declared": "登记授权委托",
    "identity.agency_ended": "终止授权委托",
    "identity.appointment_ended": "结束任职",
    "identity.certificate_bound": "绑定登录证书",
    "identity.certificate_ended": "解除登录证书",
    "identity.citizen_registered": "群众注册",
    "identity.contact_read": "查阅联系方式",
    "identity.delegation_granted": "委托代理",
    "identity.delegation_revoked": "收回委托",
    "identity.factor_confirmed": "敏感操作再次验证",
    "identity.factor_reset_confirmed": "确认重置第二因素",
    "identity.factor_reset_refused": "不同意重置第二因素",
    "identity.factor_reset_requested": "申请重置第二因素",
    "identity.guardianship_contested": "对监护关系提出异议",
    "identity.guardianship_declared": "登记监护关系",
    "identity.guardianship_ended": "终止监护关系",
    "identity.guardianship_read": "查看监护关系",
    "identity.guardianship_refused": "监护关系核验未通过",
    "identity.guardianship_verified": "核验监护关系",
    "identity.identity_chosen": "选择身份",
    "identity.merge_refused": "不同意合并账户",
    "identity.merge_requested": "申请合并账户",
    "identity.merge_undone": "撤销账户合并",
    "identity.organisation_abolished": "撤销机构",
    "identity.organisation_founded": "设立机构",
    "identity.organisation_merged": "并入其他机构",
    "identity.organisation_moved": "调整机构隶属关系",
    "identity.organisation_renamed": "机构更名",
    "identity.organisations_imported": "导入机构",
    "identity.party_agreed": "同意应用取得本人信息",
    "identity.party_agreement_withdrawn": "收回对应用的同意",
    "identity.party_approved": "批准接入应用",
    "identity.party_disabled": "停用接入应用",
    "identity.party_refused": "不批准接入应用",
    "identity.party_registered": "登记接入应用",
    "identity.party_secret_renewed": "更换应用密钥",
    "identity.passkey_added": "添加通行密钥",
    "identity.passkey_removed": "删除通行密钥",
    "identity.password_changed": "修改密码",
    "identity.password_recovered": "找回密码",
    "identity.password_recovery_sent": "发送找回密码验证码",
    "identity.confirmation_sent": "发送本人确认的验证码",
    "identity.phone_verified": "核验手机号",
    "identity.password_reset": "重置密码",
    "identity.person_appointed": "任职",
    "identity.person_looked_up": "按公民身份号码查找人员",
    "identity.person_taken_in": "窗口登记办事人员",
    "identity.personal_work_handed_over": "移交在办事项",
    "identity.persons_merged": "合并重复账户",
    "identity.post_created": "建立岗位",
    "identity.right_approved": "批准权限申请",
    "identity.right_refused": "不批准权限申请",
    "identity.right_requested": "申请权限",
    "identity.right_withdrawn": "撤回权限申请",
    "identity.role_granted": "授予角色",
    "identity.role_revoked": "收回角色",
    "identity.second_factor_enrolled": "绑定动态口令",
    "identity.second_factor_reset": "重置动态口令",
    "identity.retention_kept": "删除超过保存期限的数据",
    "identity.session_ended": "结束登录会话",
    "identity.sign_in_failed": "登录失败",
    "identity.signed_in": "登录",
    "identity.signed_on": "单点登录",
    "identity.signed_out": "退出登录",
    "identity.sign_on_revoked": "作废单点登录续期凭证",
    "identity.source_locked": "锁定来源地址",
    "identity.source_unlocked": "解除来源地址锁定",
    "identity.staff_created": "登记工作人员",
    "identity.tenant_saved": "登记租户",
}

#: kinds of objects in the ledger → Chinese words
OBJECT_LABELS = {
    "retention": "保存期限",
    "account": "账户",
    "agency": "授权委托",
    "delegation": "委托代理",
    "factor_reset": "第二因素重置",
    "guardianship": "监护关系",
    "legal_person": "法人",
    "organisation": "机构",
    "person": "自然人",
    "person_merge": "重复账户合并",
    "post": "岗位",
    "relying_party": "接入应用",
    "right_request": "权限申请",
    "source": "来源地址",
    "tenant": "租户",
}

#: what identity processes data of persons for
REGISTRATION = Activity(
    purpose="确认办事的是本人，登录平台，办事时替本人填好表格",
    basis=Basis.CONSENT,
    kept="账户存续期间，办件、来件都办结以后可以申请删除",
    copies=(LEDGER_COPY, BACKUP_COPY),
)
SIGN_INS = Activity(
    purpose="发现冒用账户和攻击",
    basis=Basis.DUTY,
    kept="登录以后",
    period=retention.days(
        "sign_ins", 183, label="登录记录保留时间", source="网络安全法第二十一条（不少于六个月）", confirmed=True
    ),
    stays="网络安全法要求留存不少于六个月，期满自动删除",
)
ONE_TIME_CODES = Activity(
    purpose="确认操作的是本人",
    basis=Basis.CONSENT,
    kept="发出以后",
    period=retention.days("one_time_codes", 30, label="一次性验证码记录保留时间", source="本平台设定（待核实）"),
)
SIGN_IN_GUARDS = Activity(
    purpose="限制反复试密码",
    basis=Basis.DUTY,
    kept="最后一次计数以后",
    period=retention.days("sign_in_guards", 1, label="登录限制计数保留时间", source="本平台设定（待核实）"),
    stays="不记姓名，期满自动删除",
)
RELATIONS = Activity(
    purpose="核对谁可以替谁办事",
    basis=Basis.DUTY,
    kept="与用到它的办件一起保存",
    stays="是已经办结的办件中代理、监护权限的证据，只留代号",
)
CONSENTS = Activity(
    purpose="证明本人同意过哪一版告知书",
    basis=Basis.DUTY,
    kept="撤回或者账户注销以后",
    period=retention.days("consents", 1096, label="同意记录保留时间", source="本地办事规则（待核实）"),
    stays="证明处理合法的证据，只留代号，期满自动删除",
)
EVIDENCE = Activity(
    purpose="证明账户、记录由谁按什么依据变更",
    basis=Basis.DUTY,
    kept="与责任认定账本一起保存",
    stays="账户安全事项的证据，只留代号",
)
SESSIONS = Activity(
    purpose="单点登录，退出时一并退出",
    basis=Basis.CONSENT,
    kept="登录结束以后",
    period=retention.days("sign_ons", 30, label="单点登录记录保留时间", source="本平台设定（待核实）"),
)
EXPIRED_SESSIONS = retention.days("sessions", 1, label="过期会话保留时间", source="本平台设定（待核实）")
#: what the keeping of periods is entered under
RETENTION_KIND = "retention"
