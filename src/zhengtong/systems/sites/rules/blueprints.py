"""What a new site has from its first minute: columns by the kind of site, and the modules of its home.

The columns are those the national guide for government sites asks of every site (政府网站发展指引, 国办发〔2017〕47号:
机构职能、信息公开、新闻动态、政务服务、互动交流、数据发布、解读回应), fewer for towns and institutions (待核实).
"""

import dataclasses
from typing import Any, Final


@dataclasses.dataclass(frozen=True)
class ColumnPlan:
    """A column of a new site: ``slug`` in the address, then words of ``ColumnKind`` and of ``Takes``."""

    slug: str
    title: str
    kind: str
    takes: str = "none"


@dataclasses.dataclass(frozen=True)
class Blueprint:
    """What a new site of one kind is made of; ``modules`` are those of its home, as the page stores them."""

    theme: str
    columns: tuple[ColumnPlan, ...]
    modules: tuple[dict[str, Any], ...]


_NEWS = ColumnPlan("news", "工作动态", "news")
_NOTICES = ColumnPlan("notices", "通知公告", "notices")
#: the portal, towns and topics live on what departments offer; their signer decides on each
_NOTICES_OF_ALL = dataclasses.replace(_NOTICES, takes="asks")
_POLICIES = ColumnPlan("policies", "政策文件", "policies")
_OPEN = ColumnPlan("disclosure", "信息公开", "disclosure")
_ABOUT = ColumnPlan("about", "机构职能", "about")
_SERVICES = ColumnPlan("services", "政务服务", "services")
_TALK = ColumnPlan("interaction", "互动交流", "interaction")


def _module(word: str, /, **fields: Any) -> dict[str, Any]:
    return {"type": word, "value": fields}


#: fields of a module that name a column; a blueprint says its slug
COLUMN_FIELDS: Final = ("column", "policies", "reading")

_LEAD = _module("news", heading="工作动态", column="news", layout="lead", frame="open", number=7)
_NOTICE_LIST = _module("news", heading="通知公告", column="notices", layout="days", frame="open", number=5)
_POLICY_LIST = _module("policies", heading="政策文件", column="policies", layout="dated", frame="open", number=6)
_SERVICE_TILES = _module("services", heading="政务服务", layout="tiles", frame="banded", number=8)
_ABOUT_TEXT = _module("about", heading="机构职能", layout="plain", frame="boxed", column="about")
_ENTRANCES = _module("entrances", heading="互动交流", layout="tiles", frame="open")
_COUNTY_NEWS = _module("portal_news", heading="县内要闻", layout="dated", frame="open", number=6)
_CONTACT = _module("contact", heading="联系我们", layout="card", frame="boxed", hours="工作日 8:30 至 17:30")
_OPEN_TABS = _module("branch", heading="信息公开", column="disclosure", layout="table", frame="open", number=6)

BLUEPRINTS: Final = {
    "portal": Blueprint(
        theme="red",
        columns=(
            ColumnPlan("news", "政务要闻", "news", "asks"),
            _NOTICES_OF_ALL,
            _POLICIES,
            ColumnPlan("reading", "解读回应", "policies"),
            _OPEN,
            _SERVICES,
            _TALK,
            ColumnPlan("data", "数据发布", "special"),
            ColumnPlan("about", "县情概况", "about"),
        ),
        modules=(
            _module("ticker", heading="最新公告", column="notices", layout="three", frame="side", number=3),
            _module("news", heading="政务要闻", column="news", layout="lead", frame="open", number=7),
            _NOTICE_LIST,
            _module("popular", heading="热门办理", layout="tiles", frame="banded", number=8),
            _module("life_events", heading="我要办", layout="columns", frame="open", number=8),
            _module("group_news", heading="部门动态", kind="department", layout="table", frame="open", number=8),
            _module("group_news", heading="乡镇动态", kind="township", layout="summaries", frame="open", number=5),
            _module(
                "interpretation",
                heading="政策与解读",
                policies="policies",
                reading="reading",
                layout="columns",
                frame="boxed",
                number=5,
            ),
            _OPEN_TABS,
            _ENTRANCES,
            _module("site_list", heading="部门网站", layout="columns", frame="foot", kind="department"),
            _module("site_list", heading="乡镇（街道）网站", layout="columns", frame="foot", kind="township"),
        ),
    ),
    "department": Blueprint(
        theme="blue",
        columns=(_NEWS, _NOTICES, _POLICIES, _OPEN, _SERVICES, _TALK, _ABOUT),
        modules=(
            _LEAD,
            _NOTICE_LIST,
            _SERVICE_TILES,
            _POLICY_LIST,
            _ABOUT_TEXT,
            _OPEN_TABS,
            _ENTRANCES,
            _COUNTY_NEWS,
            _CONTACT,
        ),
    ),
    "township": Blueprint(
        theme="green",
        columns=(_NEWS, _NOTICES_OF_ALL, _OPEN, _SERVICES, _TALK, ColumnPlan("about", "镇情概况", "about")),
        modules=(
            _module("headline", heading="今日头条", column="news", layout="summary", frame="boxed", number=1),
            _module("news", heading="工作动态", column="news", layout="cards", frame="open", number=6),
            _NOTICE_LIST,
            _COUNTY_NEWS,
            _SERVICE_TILES,
            _module("about", heading="镇情概况", layout="plain", frame="boxed", column="about"),
            _ENTRANCES,
            _CONTACT,
        ),
    ),
    "topic": Blueprint(
        theme="brown",
        columns=(
            ColumnPlan("news", "专题动态", "news", "asks"),
            ColumnPlan("policies", "相关政策", "policies"),
            ColumnPlan("about", "专题介绍", "about"),
        ),
        modules=(
            _module("headline", heading="专题要闻", column="news", layout="summary", frame="boxed", number=1),
            _module("news", heading="专题动态", column="news", layout="cards", frame="open", number=6),
            _POLICY_LIST,
            _module("about", heading="专题介绍", layout="plain", frame="boxed", column="about"),
            _module("site_list", heading="相关部门网站", layout="columns", frame="foot", kind="department"),
        ),
    ),
    "institution": Blueprint(
        theme="teal",
        columns=(_NEWS, _NOTICES, _OPEN, _ABOUT),
        modules=(
            _module("news", heading="工作动态", column="news", layout="timeline", frame="open", number=6),
            _NOTICE_LIST,
            _ABOUT_TEXT,
            _CONTACT,
        ),
    ),
}

#: words of a unit's kind in the list of organisations → kind of its site; what is not named gets an institution's
_BY_UNIT = (
    ("乡镇", "township"),
    ("镇", "township"),
    ("街道", "township"),
    ("部门", "department"),
    ("机关", "department"),
)


def kind_of_site(unit_kind: str, unit_name: str) -> str:
    """The kind of site a unit gets by its kind and name, a word of ``BLUEPRINTS``.

    >>> kind_of_site("政府工作部门", "青禾县民政局"), kind_of_site("乡镇政府", "东河镇人民政府")
    ('department', 'township')
    """
    for word, kind in _BY_UNIT:
        if word in unit_kind:
            return kind
    return "township" if unit_name.endswith(("镇人民政府", "乡人民政府", "街道办事处")) else "institution"
