"""Repeats inside one file: the same item written twice, however it is spelt, on whatever sheet."""

import re
from collections import defaultdict

from zhengtong.capabilities.catalogue.engine.limits import limit_words
from zhengtong.capabilities.catalogue.engine.results import Content, Line
from zhengtong.capabilities.catalogue.engine.sentences import Place, problem
from zhengtong.capabilities.catalogue.engine.words import key, plain, without_brackets

_LEVEL = re.compile(r"[(\[](?:限?(?:县|区|市|旗|本)(?:\(.{1,3}\))?级?(?:权限|事权|本级|审批权限|办理|部门)?)[)\]]")
_REPEATED = re.compile(
    r"(?:与|同|和|见)(?:本表)?(?:序号|第)(?P<serial>\d{1,5})(?:项|号|条|行)?(?:一致|重复|相同|同)?|重复"
)
_COMPARED = (
    ("legal_basis", "设定依据"),
    ("power_type", "事项类型"),
    ("applicant_type", "服务对象"),
    ("online_depth", "网办深度"),
    ("fee", "收费"),
)


def item_key(name: str) -> str:
    """What a name is recognised by: without blanks, marks, and a remark on the county's own level."""
    return key(_LEVEL.sub("", plain(name)))


def mark_doubles(lines: list[Line]) -> None:
    """Turn the verdict of repeated lines to duplicate, naming the first one; add hints about likely repeats."""
    first: dict[tuple[str, str], Line] = {}
    by_code: dict[str, Line] = {}
    names: dict[str, list[Line]] = defaultdict(list)
    serials: dict[tuple[str, str], Line] = {}
    items = [line for line in lines if line.verdict in ("accepted", "held") and line.content.name]
    entered = [line for line in items if line.verdict == "accepted"]
    for line in sorted(items, key=lambda each: each.verdict != "accepted"):  # a line that enters goes before a held one
        _judge(line, first, by_code, names, serials)
    for line in entered:
        others = {each.department for each in names[item_key(line.content.name)] if each.verdict != "duplicate"}
        others -= {line.department, ""}
        if others and line.verdict == "accepted":
            line.problems.append(
                problem("same_name_elsewhere", "name", Place(line.sheet, line.row), detail="、".join(sorted(others)))
            )


def _judge(
    line: Line,
    first: dict[tuple[str, str], Line],
    by_code: dict[str, Line],
    names: dict[str, list[Line]],
    serials: dict[tuple[str, str], Line],
) -> None:
    content = line.content
    name = item_key(content.name)
    who = content.unit_code or key(content.match.written if content.match else "")
    former = first.get((name, who)) or _named_in_remark(line, serials, names)
    same_code = by_code.get(content.code) if content.code else None
    if former is not None and content.code and former.content.code and content.code != former.content.code:
        _note(line, "same_name_other_code", "name", former)
    elif former is not None and (line.verdict == "accepted" or former.verdict == "accepted"):
        _repeat(line, former)
        return
    elif same_code is not None and same_code is not former:
        _note(line, "code_taken", "code", same_code, raw=content.code)
        line.verdict = "held"
    elif _REPEATED.search(plain(content.remarks)) and (near := _near(line, names)):
        _note(line, "possible_duplicate", "remarks", near, raw=content.remarks)
    first.setdefault((name, who), line)
    names[name].append(line)
    if content.code:
        by_code.setdefault(content.code, line)
    if content.serial:
        serials.setdefault((line.sheet, content.serial), line)


def _repeat(line: Line, former: Line) -> None:
    differing = _differences(former.content, line.content)
    where = f"第 {former.row} 行" if former.sheet == line.sheet else f"工作表“{former.sheet}”第 {former.row} 行"
    line.verdict = "duplicate"
    line.shown_name = former.content.name
    line.problems.append(
        problem("duplicate", "name", Place(line.sheet, line.row), detail=f"{where}“{former.content.name}”")
    )
    if differing:
        told = f"{where}内容不一致（{'；'.join(differing)}）"
        line.problems.append(problem("duplicate_differs", "", Place(line.sheet, line.row), detail=told))


def _differences(one: Content, other: Content) -> list[str]:
    found = []
    limits = (("法定时限", one.statutory, other.statutory), ("承诺时限", one.promised, other.promised))
    for label, first, second in limits:
        if first != second:
            found.append(f"{label}：前面是{limit_words(first)}，这里是{limit_words(second)}")
    for field, label in _COMPARED:
        if key(getattr(one, field)) != key(getattr(other, field)):
            found.append(label)
    return found


def _named_in_remark(line: Line, serials: dict[tuple[str, str], Line], names: dict[str, list[Line]]) -> Line | None:
    """与序号1一致: the line named, if its name without brackets is the same and the unit too."""
    found = _REPEATED.search(plain(line.content.remarks))
    former = serials.get((line.sheet, found["serial"])) if found and found["serial"] else None
    if former is None:
        return None
    same = _stem(former.content.name) == _stem(line.content.name)
    return former if same and former.content.unit_code == line.content.unit_code else None


def _near(line: Line, names: dict[str, list[Line]]) -> Line | None:
    stem = _stem(line.content.name)
    return next((each for known in names.values() for each in known if _stem(each.content.name) == stem), None)


def _stem(name: str) -> str:
    return key(without_brackets(name)[0])


def _note(line: Line, code: str, field: str, former: Line, raw: str = "") -> None:
    where = f"第 {former.row} 行" if former.sheet == line.sheet else f"工作表“{former.sheet}”第 {former.row} 行"
    detail = f"{where}“{former.content.name}”"
    line.problems.append(problem(code, field, Place(line.sheet, line.row), raw=raw, detail=detail))
