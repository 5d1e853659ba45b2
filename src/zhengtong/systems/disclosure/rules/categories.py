"""主动公开目录的类别: the fifteen of Article 20 and what counties and towns add by Article 21."""

import dataclasses
from typing import Final


@dataclasses.dataclass(frozen=True)
class Line:
    """One category: its code for ever, its words in the version of a year, the law, whom it is for."""

    code: str
    title: str
    article: str
    level: str = "all"


def _of_twenty() -> tuple[Line, ...]:
    titles = (
        "行政法规、规章和规范性文件",
        "机关职能、机构设置、办公地址、办公时间、联系方式、负责人姓名",
        "国民经济和社会发展规划、专项规划、区域规划及相关政策",
        "国民经济和社会发展统计信息",
        "办理行政许可和其他对外管理服务事项的依据、条件、程序以及办理结果",
        "实施行政处罚、行政强制的依据、条件、程序以及有一定社会影响的行政处罚决定",
        "财政预算、决算信息",
        "行政事业性收费项目及其依据、标准",
        "政府集中采购项目的目录、标准及实施情况",
        "重大建设项目的批准和实施情况",
        "扶贫、教育、医疗、社会保障、促进就业等方面的政策、措施及其实施情况",
        "突发公共事件的应急预案、预警信息及应对情况",
        "环境保护、公共卫生、安全生产、食品药品、产品质量的监督检查情况",
        "公务员招考的职位、名额、报考条件等事项以及录用结果",
        "法律、法规、规章和国家有关规定规定应当主动公开的其他政府信息",
    )
    return tuple(
        Line(f"20-{no:02d}", title, f"第二十条第（{_CHINESE[no - 1]}）项") for no, title in enumerate(titles, start=1)
    )


_CHINESE: Final = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四", "十五"]
_COUNTY: Final = ("市政建设", "公共服务", "公益事业", "土地征收", "房屋征收", "治安管理", "社会救助")
_TOWN: Final = (
    "贯彻落实农业农村工作政策",
    "农田水利工程建设运营",
    "农村土地承包经营权流转",
    "宅基地使用情况审核",
    "土地征收、房屋征收",
    "筹资筹劳",
    "社会救助",
)
STATUTORY: Final = (
    *_of_twenty(),
    *(Line(f"21-C{no}", title, "第二十一条（县级）", "county") for no, title in enumerate(_COUNTY, start=1)),
    *(Line(f"21-T{no}", title, "第二十一条（乡镇）", "town") for no, title in enumerate(_TOWN, start=1)),
)


def index_number(unit: str, year: int, sequence: int) -> str:
    """索引号: the unit, the year, the place in its series, as sites of the government write it."""
    return f"{unit}/{year}-{sequence:05d}"
