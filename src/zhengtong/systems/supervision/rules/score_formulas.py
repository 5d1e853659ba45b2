"""A formula of scores as data: what it must say, the models that ship, and how two differ."""

from collections.abc import Collection, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from zhengtong.systems.supervision.rules.scores import decimal_of

_PARTS = (
    ("disclosure", "政务公开", "10"),
    ("process", "流程规范", "14"),
    ("limits", "期限合法", "14"),
    ("fees", "收费合理", "8"),
    ("satisfaction", "满意度", "10"),
    ("attitude", "服务态度", "10"),
    ("inspection", "监督检查", "14"),
    ("liability", "法律责任", "10"),
    ("integrity", "廉洁行政", "10"),
)
_DISCIPLINE = (
    ("warning", "警告", "10"),
    ("demerit", "记过", "15"),
    ("major_demerit", "记大过", "20"),
    ("demotion", "降级", "30"),
    ("removal", "撤职", "40"),
    ("expulsion", "开除", "50"),
)
_GRADES = (("优秀", "90"), ("良好", "80"), ("合格", "60"), ("不合格", "0"))
MODELS = {"A": "百分制月度得分", "B": "季度等次", "C": "亮牌和按期率排名"}
MODES = {"floor": "各部分扣完为止", "plain": "直接加减"}
CLEARED = {"none": "不计", "warning": "计为一次预警", "card": "按牌面等级计"}
CARD_POINTS = {"level": "按等级扣分", "rule": "按监察规则写明的分值扣分"}


def default_content(model: str) -> dict[str, Any]:
    """What a formula of a model begins with: nine parts of 100, deductions and bonuses of the local measure."""
    return {
        "model": model,
        "mode": "floor",
        "cap": "110",
        "parts": [{"key": key, "label": label, "weight": weight} for key, label, weight in _PARTS],
        "cards": {"hint": "0", "yellow": "5", "red": "10", "breach": "10"},
        "card_points": "level",
        "card_part": "limits",
        "parts_by_rule": {},
        "warnings": {"run": 3, "points": "3", "gap_days": 31},
        "count_pending": True,
        "cleared": "none",
        "early": {"from": "10", "first": "1", "step": "10", "next": "1"},
        "cut": {"from": "30", "first": "3", "step": "10", "next": "1"},
        "others": [
            {"input": "bad_ratings", "part": "satisfaction", "points": "1"},
            {"input": "complaints_founded", "part": "attitude", "points": "2"},
            {"input": "complaints_overdue", "part": "inspection", "points": "1"},
        ],
        "discipline": {key: {"label": label, "points": points} for key, label, points in _DISCIPLINE},
        "smallest": 5,
        "target_share": "20",
        "grades": [{"label": label, "from": least} for label, least in _GRADES],
    }


def wrong_with(content: Mapping[str, Any], inputs: Collection[str]) -> dict[str, str]:
    """Field → why it cannot score anybody; ``inputs`` are the keys others give. Empty when the formula is sound."""
    found: dict[str, str] = {}
    for name, text in _numbers(content):
        if not _is_number(text):
            found[name] = "请填写不小于 0、不超过 1000 的数字。"
    weights = [part["weight"] for part in content["parts"] if _is_number(part["weight"])]
    if len(weights) == len(content["parts"]) and sum(map(decimal_of, weights), Decimal(0)) != 100:
        found["parts"] = f"各部分的分值合计应为 100，现在是 {sum(map(decimal_of, weights), Decimal(0)):f}。"
    keys = {part["key"] for part in content["parts"]}
    pointed = {content["card_part"], *content["parts_by_rule"].values(), *(row["part"] for row in content["others"])}
    if pointed - keys:
        found["card_part"] = "扣分所在的部分不在各部分之中。"
    if {row["input"] for row in content["others"]} - set(inputs):
        found["others"] = "有一项扣分的数据来源不存在。"
    for name, known in (("model", MODELS), ("mode", MODES), ("cleared", CLEARED), ("card_points", CARD_POINTS)):
        if content[name] not in known:
            found[name] = "请从列出的几种中选择一种。"
    for name in ("early", "cut"):
        if _is_number(content[name]["step"]) and decimal_of(content[name]["step"]) == 0:
            found[f"{name}-step"] = "每一级的幅度应大于 0。"
    for name, number in (("warnings-run", content["warnings"]["run"]), ("smallest", content["smallest"])):
        if _is_number(number) and decimal_of(number) < 1:
            found[name] = "应不小于 1。"
    if _is_number(content["target_share"]) and decimal_of(content["target_share"]) > 100:
        found["target_share"] = "不超过 100。"
    cuts = [row["from"] for row in content["grades"]]
    if all(map(_is_number, cuts)) and [decimal_of(cut) for cut in cuts] != sorted(map(decimal_of, cuts), reverse=True):
        found["grade-0"] = "等次的分数线应从高到低。"
    return found


def _is_number(value: Any) -> bool:
    try:
        found = decimal_of(value)
    except (InvalidOperation, ValueError):
        return False
    return found.is_finite() and 0 <= found <= 1000


def _numbers(content: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [(name, value) for name, _label, value in number_lines(content)]


def number_lines(content: Mapping[str, Any]) -> list[tuple[str, str, Any]]:
    """Every number of a formula: name of its field, label, value; the page asks for these."""
    lines: list[tuple[str, str, Any]] = [
        (f"weight-{part['key']}", f"{part['label']}（分值）", part["weight"]) for part in content["parts"]
    ]
    words = {
        "hint": "每次预警（提示）扣分",
        "yellow": "每张黄牌扣分",
        "red": "每张红牌扣分",
        "breach": "每张严重红牌扣分",
    }
    lines += [(f"card-{level}", words[level], content["cards"][level]) for level in words]
    lines += [
        ("warnings-run", "连续预警的次数", content["warnings"]["run"]),
        ("warnings-points", "每满一回扣分", content["warnings"]["points"]),
        ("warnings-gap_days", "相邻两次相隔不超过（天）", content["warnings"]["gap_days"]),
    ]
    for name, label in (("early", "提前办结率"), ("cut", "承诺时限压缩率")):
        lines += [
            (f"{name}-from", f"{label}达到（%）", content[name]["from"]),
            (f"{name}-first", f"{label}达到后加分", content[name]["first"]),
            (f"{name}-step", f"{label}每再提高（%）", content[name]["step"]),
            (f"{name}-next", f"{label}每级再加分", content[name]["next"]),
        ]
    lines += [(f"other-{row['input']}", row["input"], row["points"]) for row in content["others"]]
    lines += [
        (f"discipline-{key}", f"{row['label']}，每人次扣分", row["points"])
        for key, row in content["discipline"].items()
    ]
    lines += [(f"grade-{place}", f"{row['label']}的分数线", row["from"]) for place, row in enumerate(content["grades"])]
    return [
        *lines,
        ("cap", "封顶分", content["cap"]),
        ("smallest", "计算比例的最小件数", content["smallest"]),
        ("target_share", "年度目标占年度得分（%）", content["target_share"]),
    ]


def with_numbers(content: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, Any]:
    """A formula with the numbers typed on a page; what was not given stays."""
    new = {name: _copied(value) for name, value in content.items()}

    def put(target: dict[str, Any], key: str, name: str) -> None:
        if name in given:
            text = given[name].strip()
            target[key] = int(text) if isinstance(target[key], int) and text.isdecimal() and len(text) < 10 else text

    for part in new["parts"]:
        put(part, "weight", f"weight-{part['key']}")
    for level in new["cards"]:
        put(new["cards"], level, f"card-{level}")
    for group in ("warnings", "early", "cut"):
        for key in new[group]:
            put(new[group], key, f"{group}-{key}")
    for row in new["others"]:
        put(row, "points", f"other-{row['input']}")
    for key, row in new["discipline"].items():
        put(row, "points", f"discipline-{key}")
    for place, row in enumerate(new["grades"]):
        put(row, "from", f"grade-{place}")
    for key in ("cap", "smallest", "target_share"):
        put(new, key, key)
    return new


def _copied(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _copied(one) for key, one in value.items()}
    return [_copied(one) for one in value] if isinstance(value, list) else value
