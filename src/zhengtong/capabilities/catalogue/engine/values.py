"""Cells that hold kinds and lists: type, applicant, depth, materials, special steps, joint departments."""

import dataclasses
import re

from zhengtong.capabilities.catalogue.engine.limits import read_limit
from zhengtong.capabilities.catalogue.engine.words import key, plain, tidy

NOTHING = re.compile(
    r"(?:无|暂无|没有|-+|/+|—+|、|\.|空|none|null|n/a|0"
    r"|待(?:补充?|定|核实|确认|查|完善)|不详|暂?缺|未填写?|xx+|详?见附件)?",
    re.IGNORECASE,
)
_TYPES = (
    ("10", r"其他|其它|备案|其他行政权力|其他权力|审核转报|初审转报|转报|年检|年审"),
    ("20", r"公共服务|服务|便民服务|公共服务事项|便民|社会服务"),
    ("01", r"行政许可|许可|行政许可类|许可类|许可事项|行政审批\(许可\)|行政许可事项"),
    ("02", r"处罚"),
    ("03", r"强制"),
    ("04", r"征收|征用"),
    ("05", r"给付"),
    ("06", r"检查|监督检查"),
    ("07", r"确认"),
    ("08", r"奖励"),
    ("09", r"裁决"),
)
TYPE_NAMES = {
    "01": "行政许可", "02": "行政处罚", "03": "行政强制", "04": "行政征收", "05": "行政给付", "06": "行政检查",
    "07": "行政确认", "08": "行政奖励", "09": "行政裁决", "10": "其他行政权力", "20": "公共服务",
}  # fmt: skip
_CODES = {"1": "01", "2": "02", "3": "03", "4": "04", "5": "05", "6": "06", "7": "07", "8": "08", "9": "09"}
_TYPE_WRAP = re.compile(r"^(?:行政)?(?P<core>.+?)(?:类|事项|权力|职权|类事项|权)?$")
_PERSON = re.compile(r"自然人|个人|公民|居民|群众|村民|学生|职工|本人|both")
_LEGAL = re.compile(r"法人|企业|单位|组织|机构|公司|个体|团体|both")
_DEPTHS = (
    ("IV", r"^(?:四|4|iv|ⅳ)(?:级|星)?$|全程网办|全程在线|全流程|不见面|零跑"),
    ("III", r"^(?:三|3|iii|ⅲ)(?:级|星)?$|网上受理|在线受理|原件核验|最多跑一次"),
    ("II", r"^(?:二|2|ii|ⅱ|两)(?:级|星)?$|网上预审|在线预审|网上申请|在线预约"),
    ("I", r"^(?:一|1|i|ⅰ)(?:级|星)?$|窗口办理|信息发布|网上咨询|现场办理|线下"),
)
_SHARED = re.compile(r"共享|免提交|电子证照|系统(?:核验|获取)|免交")
_ENTRY = re.compile(r"(?:^|\n|(?<=[。;；]))\s*(?:[(（]?\d{1,2}[)）.、．]|[①-⑳])\s*(?!\d)")
_INLINE = re.compile(r"(?<![\d第〔(])(?=(?:[(（]?\d{1,2}[)）]|\d{1,2}[.、．])(?![\d]))|(?=[①-⑳])")
_TAIL = re.compile(r"^(?P<name>.+?)[(（\[【](?P<facts>[^()（）\[\]【】]*)[)）\]】]\s*$", re.DOTALL)
_MATERIAL_FACTS = re.compile(
    r"原件|复印件|共享|容缺|份|电子|纸质|扫描|正本|副本|必要|免提交|核验|获取|可容缺|签字|盖章"
)
_TOLERABLE = re.compile(r"可?容缺")
_COPIES = re.compile(r"(?:一式)?([一二两三四五六七八九\d])份")
_BY_ARTICLE_45 = ("听证", "招标", "拍卖", "检验", "检测", "检疫", "鉴定", "专家评审")
_STOPS = re.compile(r"不计时|不计入|不计算|停表|停止计时|不含|stop_clock=yes")
_RUNS = re.compile(r"^计时$|计入|计算在内|stop_clock=no")
_LENGTH = re.compile(r"(?P<kind>max|length|fixed_period)=(?P<limit>\d+ ?(?:WD|D|H|MONTH|YEAR))")


@dataclasses.dataclass(frozen=True)
class MaterialEntry:
    """One paper of the materials cell; ``form`` in the words of the catalogue, ``certain`` if the cell says it."""

    name: str
    form: str
    tolerable: bool
    copies: int
    certain: bool


@dataclasses.dataclass(frozen=True)
class StepEntry:
    """One special step; ``certain`` if the cell says whether the clock stops."""

    name: str
    stops_clock: bool
    certain: bool
    longest: str = ""
    length: str = ""


@dataclasses.dataclass(frozen=True)
class JointEntry:
    """A unit that takes part, with its limit (``5 WD``, ``NONE`` when none is written); ``certain`` if it was read."""

    name: str
    limit: str
    certain: bool


def says_nothing(text: str) -> bool:
    """Blank, 无, —, /: nothing is stated."""
    return NOTHING.fullmatch(plain(text)) is not None


def power_type(text: str) -> str:
    """The code of a type in any spelling (许可, 行政许可类, 01); empty when it is none."""
    word = re.sub(r"(?<=.)\(.*?\)$", "", plain(text)).strip("()[]")
    digits = word.removesuffix(".0")
    if digits in TYPE_NAMES or digits in _CODES:
        return _CODES.get(digits, digits)
    word = re.sub(r"^\d{1,2}[-.、:]?", "", word)
    for name_code, name in TYPE_NAMES.items():
        if word == name:
            return name_code
    found = _TYPE_WRAP.match(word)
    core = found["core"] if found else word
    for code, words in _TYPES:
        if re.fullmatch(rf"(?:行政)?(?:{words})", core):
            return code
    return ""


def applicant_type(text: str) -> str:
    """person, legal or both; empty when the cell does not say."""
    word = re.sub(r"非自然人", "法人", plain(text).lower())
    person, legal = bool(_PERSON.search(word)), bool(_LEGAL.search(word.replace("个体工商户", "企业")))
    if (person and legal) or word in ("不限", "社会公众", "公众", "所有", "全部"):
        return "both"
    return "person" if person else "legal" if legal else ""


def handling_kind(text: str) -> str:
    """1 即办件, 2 承诺件, 9 other; empty when the cell does not say."""
    word = plain(text)
    if "即办" in word or word == "1":
        return "1"
    if "承诺" in word or word in ("2", "一般件", "限时办结件"):
        return "2"
    return "9" if word and not says_nothing(word) else ""


def online_depth(text: str) -> str:
    """I to IV in any spelling (4级, 三级, Ⅱ, 全程网办); empty when the cell does not say."""
    word = plain(text).lower()
    head = re.match(r"^(iv|iii|ii|i|[1-4一二三四])(?=级|星|[^a-z0-9]|$)", word)
    for code, words in _DEPTHS:
        if re.search(words, word) or (head and re.search(words, head[1])):
            return code
    return ""


def fee(text: str) -> str:
    """收费 in a few words: 否, 无 and 免费 become 不收费."""
    word = plain(text)
    if says_nothing(text) or word in ("否", "不收费", "免费", "不收取", "不", "无收费", "0"):
        return "不收费" if word else ""
    return tidy(text)[:200]


def entries(text: str) -> list[str]:
    """The entries of a list in one cell: numbered, one a line, or separated by semicolons."""
    body = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(_ENTRY.findall(body)) > 1:
        pieces = _ENTRY.split(body)
    elif len(_INLINE.findall(body)) > 1:
        pieces = [re.sub(r"^(?:[(（]?\d{1,2}[)）.、．]|[①-⑳])", "", piece) for piece in _INLINE.split(body)]
    else:
        pieces = _outside_brackets(body, "；;\n")
    return [tidy(_ENTRY.sub("", piece)).strip(" ;；,，。、.") for piece in pieces if key(piece)]


def materials(text: str) -> list[MaterialEntry]:
    """The papers of a cell; an entry without a form is taken for an original and marked as not certain."""
    found = []
    for entry in entries(text):
        name, facts = entry, ""
        while (tail := _TAIL.match(name)) and _MATERIAL_FACTS.search(tail["facts"]):
            name, facts = tail["name"], f"{facts},{tail['facts']}"
        copies = _COPIES.search(facts)
        count = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}.get(copies[1], 0) if copies else 1
        copied = not facts and name.endswith("复印件")
        form = (
            "复印件"
            if copied
            else "数据共享"
            if _SHARED.search(facts)
            else "原件"
            if "原件" in facts
            else "复印件"
            if "复印" in facts
            else ""
        )
        found.append(
            MaterialEntry(
                name=name.strip()[:200],
                form=form or "原件",
                tolerable=_TOLERABLE.search(facts) is not None,
                copies=count or int(copies[1]) if copies and copies[1].isdecimal() else count or 1,
                certain=bool(form),
            )
        )
    return [entry for entry in found if key(entry.name)]


def special_steps(text: str) -> list[StepEntry]:
    """Special steps; when the cell does not say whether the clock stops, 行政许可法 第四十五条 decides."""
    found = []
    for entry in _pieces(text):
        tail = _TAIL.match(entry)
        name, facts = (tail["name"], tail["facts"]) if tail else (entry, "")
        stops, runs = bool(_STOPS.search(facts)), bool(_RUNS.search(plain(facts)) or "stop_clock=no" in facts)
        lengths = dict(_LENGTH.findall(facts))
        found.append(
            StepEntry(
                name=name.strip()[:60],
                stops_clock=stops or (not runs and any(word in name for word in _BY_ARTICLE_45)),
                certain=stops or runs,
                longest=lengths.get("max", ""),
                length=lengths.get("length", "") or lengths.get("fixed_period", ""),
            )
        )
    return found


def joint_units(text: str) -> list[JointEntry]:
    """Units that take part; the limit in brackets behind a name is its own."""
    found = []
    for entry in _pieces(text):
        tail = _TAIL.match(entry)
        reading = read_limit(tail["facts"]) if tail else None
        if tail and reading and reading.limit is not None and reading.limit.unit:
            found.append(JointEntry(tail["name"].strip()[:200], reading.limit.text, certain=True))
        else:
            found.append(JointEntry(entry.strip()[:200], "NONE", certain=tail is None))
    return found


def _pieces(text: str) -> list[str]:
    if says_nothing(text):
        return []
    pieces = [piece for entry in entries(text) for piece in _outside_brackets(entry, "、，,；;")]
    return [piece for piece in (tidy(piece) for piece in pieces) if key(piece) and not says_nothing(piece)]


def _outside_brackets(text: str, marks: str) -> list[str]:
    pieces, depth, begin = [], 0, 0
    for place, char in enumerate(text):
        if char in "(（[【〔《":
            depth += 1
        elif char in ")）]】〕》":
            depth = max(0, depth - 1)
        elif char in marks and not depth:
            pieces.append(text[begin:place])
            begin = place + 1
    return [*pieces, text[begin:]]
