"""Who plays in the demonstration: generic names, no real persons."""

import dataclasses

from zhengtong.capabilities.identity.api import FirstAccount


@dataclasses.dataclass(frozen=True)
class Citizen:
    """A citizen who signs in with the mobile number; the number's division exists nowhere."""

    name: str
    citizen_number: str
    phone: str


APPLICANT = Citizen("张一", "980723199003070014", "13900000001")
OWNER = Citizen("李二", "980723198511120028", "13900000002")
AGENT = Citizen("王三", "980723197806200039", "13900000003")
COMPANY = ("青禾县一品餐饮有限公司", "91980723MA00000153")

STAFF: tuple[tuple[str, FirstAccount], ...] = tuple(
    (title, FirstAccount(username=username, display_name=name, org_code=unit, post_title=post, roles=roles))
    for title, username, name, unit, post, roles in (
        ("市场监管局 经办", "clerk.market", "经办甲", "G22", "窗口受理岗", ("clerk",)),
        ("市场监管局 审批负责人", "leader.market", "局领导甲", "G22", "分管局领导", ("leader",)),
        ("消防大队 经办", "clerk.fire", "经办乙", "H05", "消防审查岗", ("clerk",)),
        ("城管执法局 经办", "clerk.urban", "经办丙", "G11", "市容审查岗", ("clerk",)),
        ("住建局 经办", "clerk.housing", "经办丁", "G10", "房屋审查岗", ("clerk",)),
        ("烟草局 经办", "clerk.tobacco", "经办戊", "H04", "专卖审查岗", ("clerk",)),
        ("县政府 分管领导", "leader.county", "县领导甲", "C01", "分管县领导", ("leader",)),
        ("监察员", "supervisor", "监察员甲", "A02", "效能监察岗", ("supervisor",)),
        ("监察员（批准）", "supervisor.second", "监察员乙", "A02", "效能监察复核岗", ("supervisor",)),
        ("监察机构 负责人", "leader.supervision", "监察负责人甲", "A02", "监察机构负责人岗", ("supervisor", "leader")),
        ("政务大厅 管理员", "hall.manager", "大厅管理员甲", "K01", "大厅管理岗", ("hall_manager",)),
        ("政务大厅 窗口", "hall.window", "窗口员甲", "K01", "大厅窗口岗", ("counter",)),
        ("东河镇 便民服务中心", "counter.town", "镇收件员甲", "T02", "便民服务岗", ("counter",)),
        ("系统管理员", "sysadmin", "管理员甲", "G26", "系统管理岗", ("sys_admin",)),
        ("安全管理员", "secadmin", "管理员乙", "G26", "安全管理岗", ("sec_admin",)),
        ("审计管理员", "auditadmin", "管理员丙", "G26", "审计管理岗", ("audit_admin",)),
        ("市场监管局 事项编制", "editor.market", "编制员甲", "G22", "事项编制岗", ("item_editor",)),
        ("司法局 合法性审核", "legal.reviewer", "审核员甲", "G06", "合法性审核岗", ("legal_reviewer",)),
        ("编办 权力清单管理", "item.admin", "清单员甲", "A09", "权力清单管理岗", ("item_admin",)),
        ("流程管理员", "process.admin", "流程员甲", "G25", "流程管理岗", ("process_admin",)),
        ("流程管理员（批准）", "process.second", "流程员乙", "G25", "流程复核岗", ("process_admin",)),
        ("县政府办 网站群管理", "site.admin", "站群管理员甲", "C02", "网站群管理岗", ("site_admin", "site_publisher")),
        ("市场监管局 网站编辑", "site.editor", "网站编辑甲", "G22", "信息编辑岗", ("site_editor",)),
        ("市场监管局 网站签发", "site.publisher", "网站签发人甲", "G22", "信息签发岗", ("site_publisher",)),
        ("市场监管局 网站初审", "site.reviewer", "网站审核人甲", "G22", "信息初审岗", ("reviewer",)),
        ("应用操作员", "operator.app", "操作员甲", "G26", "应用运行岗", ("application_operator",)),
    )
)

#: the one-stop window and the decision desk serve all units whose own people are not in the play
WINDOW = FirstAccount(
    username="window", display_name="综窗员甲", org_code="", post_title="综合窗口岗", roles=("clerk",)
)
WINDOW_LEADER = FirstAccount(
    username="leader.window", display_name="审批员甲", org_code="", post_title="审批决定岗", roles=("leader",)
)
