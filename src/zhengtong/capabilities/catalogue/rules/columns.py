"""事项表的列：how an office writes materials, joint departments and special steps in one cell.

``名称[原件,可容缺];名称[数据共享]``, ``单位(5 WD);单位(NONE)``, ``听证(stop_clock=yes,max=20 WD);公示(stop_clock=no)``
"""

import re
from collections.abc import Mapping

from zhengtong.capabilities.catalogue.rules.drafts import JointUnit, Material, SpecialStep
from zhengtong.capabilities.catalogue.rules.limits import is_limit

POWER_TYPES: Mapping[str, str] = {
    "行政许可": "01",
    "行政处罚": "02",
    "行政强制": "03",
    "行政征收": "04",
    "行政给付": "05",
    "行政检查": "06",
    "行政确认": "07",
    "行政奖励": "08",
    "行政裁决": "09",
    "其他行政权力": "10",
    "公共服务": "20",
}
APPLICANTS: Mapping[str, str] = {"自然人": "person", "法人": "legal", "both": "both", "自然人和法人": "both"}
HANDLING_KINDS: Mapping[str, str] = {"即办件": "1", "承诺件": "2", "其他": "9"}
DEPTHS: Mapping[str, str] = {"I 窗口办理": "I", "II 网上预审": "II", "III 网上受理": "III", "IV 全程网办": "IV"}

_MATERIAL = re.compile(r"(?P<name>[^\[\]]+)\[(?P<form>原件|复印件|数据共享)(?P<tolerable>,可容缺)?\]")
_JOINT = re.compile(r"(?P<name>.+)\((?P<limit>[^()]+)\)")
_STEP = re.compile(r"(?P<name>[^()]+)\((?P<facts>[^()]+)\)")
_EXAMPLE_UNIT = re.compile(r".*\(以(?P<unit>.+)为例\)")


def texts(cell: str) -> list[str]:
    """The entries of a cell that are not empty."""
    return [entry.strip() for entry in cell.split(";") if entry.strip()]


def materials(cell: str) -> tuple[Material, ...]:
    """Materials with keys ``m01``, ``m02``, … by their place; ValueError (Chinese) names the entry that is unclear."""
    found = []
    for number, entry in enumerate(texts(cell), start=1):
        match = _MATERIAL.fullmatch(entry)
        if match is None:
            raise ValueError(f"材料“{entry}”没有写明形式。请写成“名称[原件]”“名称[复印件]”或“名称[数据共享]”。")
        found.append(
            Material(
                key=f"m{number:02d}",
                name=match["name"].strip(),
                form=match["form"],
                tolerable=match["tolerable"] is not None,
            )
        )
    return tuple(found)


def joint_units(cell: str) -> tuple[JointUnit, ...]:
    """Units with the limit of each; ValueError (Chinese) names the entry that is unclear."""
    found = []
    for entry in texts(cell):
        match = _JOINT.fullmatch(entry)
        if match is None or not is_limit(match["limit"]):
            raise ValueError(f"联办单位“{entry}”没有写明时限。请写成“单位名称(5 WD)”，没有规定的写“单位名称(NONE)”。")
        found.append(JointUnit(name=match["name"].strip(), limit=match["limit"]))
    return tuple(found)


def special_steps(cell: str) -> tuple[SpecialStep, ...]:
    """Special steps; a fixed period is the step's length. ValueError (Chinese) names the entry that is unclear."""
    found = []
    for entry in texts(cell):
        match = _STEP.fullmatch(entry)
        facts = dict(fact.partition("=")[::2] for fact in match["facts"].split(",")) if match else {}
        lengths = [facts.get(name, "") for name in ("max", "length", "fixed_period")]
        if match is None or facts.get("stop_clock") not in ("yes", "no") or not all(map(_limit_or_empty, lengths)):
            raise ValueError(f"特别环节“{entry}”不清楚。请写明是否停止计时，例如“听证(stop_clock=yes)”。")
        found.append(
            SpecialStep(
                name=match["name"].strip(),
                stops_clock=facts["stop_clock"] == "yes",
                longest=lengths[0],
                length=lengths[1] or lengths[2],
            )
        )
    return tuple(found)


def unit_names(name: str) -> tuple[str, ...]:
    """Names under which a unit may be registered: as written, or the one given as the example of many.

    ``乡镇人民政府(以城关镇人民政府为例)`` → also 城关镇人民政府 and 城关镇.
    """
    match = _EXAMPLE_UNIT.fullmatch(name)
    if match is None:
        return (name,)
    return (name, match["unit"], match["unit"].removesuffix("人民政府"))


def _limit_or_empty(text: str) -> bool:
    return not text or is_limit(text)
