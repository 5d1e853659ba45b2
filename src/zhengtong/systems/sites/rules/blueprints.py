"""What a new site has from its first minute: columns by the kind of site, and the modules of its home.

The columns are those the national guide for government sites asks of every site (政府网站发展指引, 国办发〔2017〕47号:
机构职能、信息公开、新闻动态、政务服务、互动交流、数据发布、解读回应), fewer for towns and institutions (待核实).
"""

import dataclasses
from typing import Any, Final


@dataclasses.dataclass(frozen=True)
class ColumnPlan:
    """A column of a new site: ``slug`` in the address, ``kind`` a word of ``ColumnKind``."""

    slug: str
    title: str
    kind: str


@dataclasses.dataclass(frozen=True)
class Blueprint:
    """What a new site of one kind is made of; ``modules`` are those of its home, as the page stores them."""

    theme: str
    columns: tuple[ColumnPlan, ...]
    modules: tuple[dict[str, Any], ...]


_NEWS = ColumnPlan("news", "工作动态", "news")
_NOTICES = ColumnPlan("notices", "通知公告", "notices")
_POLICIES = ColumnPlan("policies", "政策文件", "policies")
_OPEN = ColumnPlan("disclosure", "信息公开", "disclosure")
_ABOUT = ColumnPlan("about", "机构职能", "about")
_SERVICES = ColumnPlan("services", "政务服务", "services")
_TALK = ColumnPlan("interaction", "互动交流", "interaction")


def _module(word: str, /, **fields: Any) -> dict[str, Any]:
    return {"type": word, "value": fields}


_NEWS_MODULE = _module("news", heading="工作动态", column="news", layout="lead", number=7)
_NOTICES_MODULE = _module("news", heading="通知公告", column="notices", layout="dated", number=7)
_POLICY_MODULE = _module("news", heading="政策文件", column="policies", layout="dated", number=6)
_SERVICE_MODULE = _module("services", heading="政务服务", layout="tiles", number=8)
_ABOUT_MODULE = _module("about", heading="机构职能", layout="plain", column="about")
_ENTRANCES = _module("entrances", heading="互动交流", layout="tiles")

BLUEPRINTS: Final = {
    "portal": Blueprint(
        theme="red",
        columns=(
            ColumnPlan("news", "政务要闻", "news"),
            _NOTICES,
            _POLICIES,
            ColumnPlan("reading", "解读回应", "policies"),
            _OPEN,
            _SERVICES,
            _TALK,
            ColumnPlan("data", "数据发布", "special"),
            ColumnPlan("about", "县情概况", "about"),
        ),
        modules=(
            _module("news", heading="政务要闻", column="news", layout="lead", number=7),
            _NOTICES_MODULE,
            _SERVICE_MODULE,
            _POLICY_MODULE,
            _module("news", heading="解读回应", column="reading", layout="dated", number=6),
            _ENTRANCES,
            _module("site_list", heading="部门网站", layout="columns", kind="department"),
            _module("site_list", heading="乡镇（街道）网站", layout="columns", kind="township"),
        ),
    ),
    "department": Blueprint(
        theme="blue",
        columns=(_NEWS, _NOTICES, _POLICIES, _OPEN, _SERVICES, _TALK, _ABOUT),
        modules=(_NEWS_MODULE, _NOTICES_MODULE, _SERVICE_MODULE, _POLICY_MODULE, _ABOUT_MODULE, _ENTRANCES),
    ),
    "township": Blueprint(
        theme="green",
        columns=(_NEWS, _NOTICES, _OPEN, _SERVICES, _TALK, ColumnPlan("about", "镇情概况", "about")),
        modules=(
            _NEWS_MODULE,
            _NOTICES_MODULE,
            _SERVICE_MODULE,
            _module("about", heading="镇情概况", layout="plain", column="about"),
            _ENTRANCES,
        ),
    ),
    "institution": Blueprint(
        theme="teal",
        columns=(_NEWS, _NOTICES, _OPEN, _ABOUT),
        modules=(_NEWS_MODULE, _NOTICES_MODULE, _ABOUT_MODULE),
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
