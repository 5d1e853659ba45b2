"""部门对应：which unit of the organisation tree a written department means, with a reason and proposals."""

import dataclasses
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz import fuzz

from zhengtong.capabilities.catalogue.engine.words import key, plain, without_brackets

CLEAR = 80.0  # a proposal is used by itself from here on, when no other unit comes within _GAP
_GAP = 8.0
_SUFFIXES = (
    *("委员会办公室", "管理委员会", "管委会", "委员会", "人民政府", "办公室", "管理局", "总局", "支队", "大队"),
    *("分局", "中心", "政府", "局", "委", "办", "部", "院"),
)
_PLACE = re.compile(r"^(.{1,6}?[县市区旗])")
_OWN_LEVEL = re.compile(r"^(?:本|我|全)?(?:[县区旗](?!委)|市(?![场政容民监委]))级?")
_INNER = re.compile(
    r"(?:[科股室处队所站岗窗]|中心|大厅|窗口|办|部门|支队|大队|中队|科室|[办证服]务?厅|办公室|领导小组|专班|分局)$"
    r"|出入境|户政|户籍|治安|交警|车管|刑侦|登记|审批|窗口|法规|政务服务"
)
_OTHER_BODIES = re.compile(r"派出所|司法所|税务所|卫生院|学校|中学|小学|幼儿园|财政所|林业站|国土所|医院|法庭|供电所")
_OFFICE = re.compile(r"(?:局|委|办|部|大队|联)$")
_BODY = re.compile(r"(?:中心|院|馆|站|所|校|室|公司|社)$")
_EXAMPLE = re.compile(r"以(.+?)为例")
_SEVERAL = re.compile(r"[、,，;；/\n+＋&＆]+|以及|会同")
_JOINED = re.compile(r"^(?:联合|[和与及同])+")
_LEAD = re.compile(r"[(（]?牵头(?:单位|部门)?[)）]?[:：]?")
_MANY = re.compile(
    r"^(?:各|有关|相关)|各(?:乡|镇|街道|部门|单位)"
    r"|^(?:乡镇|镇乡|街道|乡\(镇\)|乡镇人民政府|镇\(乡\)人民政府|村\(社区\))"
)


@dataclasses.dataclass(frozen=True)
class Unit:
    """A unit of the tree; ``heir`` is the code of the unit that carries on the work of an abolished one."""

    code: str
    name: str
    short_name: str = ""
    aliases: tuple[str, ...] = ()
    parent_code: str = ""
    active: bool = True
    heir: str = ""
    uscc: str = ""
    major: bool = True  # offices that handle items; villages, schools and companies are found by exact name only


@dataclasses.dataclass(frozen=True)
class Proposal:
    """A unit that may be meant."""

    unit: Unit
    score: float
    reason: str


@dataclasses.dataclass(frozen=True)
class Match:
    """What a written name came to: the unit (None when not clear), how it was found, and what else it may mean."""

    written: str
    unit: Unit | None
    reason: str = ""
    exact: bool = False
    succeeded: str = ""  # name of the abolished unit the written name meant
    several: bool = False
    beside: str = ""  # another unit that stands in brackets
    proposals: tuple[Proposal, ...] = ()


class Directory:
    """The tree, ready to look written names up; one for a whole file, for answers are kept."""

    def __init__(self, units: Iterable[Unit], chosen: Mapping[str, str] | None = None) -> None:
        self._units = {unit.code: unit for unit in units}
        self._chosen = dict(chosen or {})
        self._place = self._county()
        self._known: dict[str, list[tuple[Unit, str]]] = defaultdict(list)
        self._cores: dict[str, set[tuple[str, bool]]] = defaultdict(set)
        self._fill()
        self._answers: dict[str, Match] = {}

    def find(self, written: str) -> Match:
        """The unit that a cell, a section heading or a sheet's name means."""
        text = plain(written)
        if text not in self._answers:
            self._answers[text] = self._find(text)
        found = self._answers[text]
        exact = found.unit is not None and key(text) == key(found.unit.name)
        return dataclasses.replace(found, written=written.strip(), exact=exact)

    def is_whole(self, unit: Unit) -> bool:
        """Whether a unit stands for the whole county: the title of a county's list names it, its items are others'."""
        return unit.name in (f"{self._place}人民政府", f"中共{self._place}委员会")

    def _find(self, text: str) -> Match:
        if not key(text):
            return Match(text, None)
        if (code := self._chosen.get(key(text))) and code in self._units:
            return Match(text, self._heir(self._units[code]), "按以前确认的对应")
        if example := _EXAMPLE.search(text):
            return self._find(example[1])
        found = self._certain(text)
        if found is None and _MANY.search(text):
            return Match(text, None, "指的是一类单位，不是一个单位")
        found = found or self._by_parts(text)
        if found is not None:
            return found
        return self._by_likeness(text)

    # --- exact and nearly exact names ---------------------------------------------------------------------------

    def _certain(self, text: str) -> Match | None:
        outside, inside = without_brackets(text)
        for candidate, reason in ((text, ""), (outside, "括号内是另一块牌子或内设机构")):
            found = self._by_name(candidate)
            if found is not None and (found.unit is not None or found.proposals):
                if not reason or not inside:
                    return found
                other = next((unit for part in inside if (unit := self._other(part, found.unit))), "")
                return dataclasses.replace(found, reason=reason, beside=other)
        for part in inside:
            found = self._by_name(part)
            if found is not None and found.unit is not None and len(key(part)) > 2 and not _INNER.fullmatch(part):
                return dataclasses.replace(found, reason=f"按括号内的名称“{part}”")
        return None

    def _other(self, part: str, unit: Unit | None) -> str:
        """The full name of the unit in brackets, if that is a unit in its own right."""
        found = self._by_name(part) if len(key(part)) > 2 else None
        return found.unit.name if found and found.unit and unit and found.unit.code != unit.code else ""

    def _by_name(self, text: str) -> Match | None:
        word = key(text)
        for candidate in (word, *self._bare_forms(word)):
            if hits := self._known.get(candidate):
                return self._from_hits(text, hits)
        core = self._core(word)
        codes = {
            code
            for code, of_body in (self._cores.get(core, set()) if len(core) >= 2 else set())
            if not (of_body and _OFFICE.search(word))  # 登记局 is not 登记中心
        }
        units = {self._heir(self._units[code]).code: self._heir(self._units[code]) for code in codes}
        if len(units) == 1:
            return self._matched(text, self._units[next(iter(codes))], "简称，局、委、办等字样不同")
        return None

    def _from_hits(self, text: str, hits: Sequence[tuple[Unit, str]]) -> Match:
        best: dict[str, tuple[Unit, str]] = {}
        for unit, how in sorted(hits, key=lambda hit: (not hit[0].active, hit[1] != "full", hit[1] != "short")):
            best.setdefault(self._heir(unit).code, (unit, how))
        full = [hit for hit in best.values() if hit[1] == "full" and hit[0].active]
        if len(best) == 1 or full:
            unit, how = full[0] if full else next(iter(best.values()))
            words = {"full": "全称", "short": "简称", "alias": "名录中的其他名称"}[how]
            return self._matched(text, unit, words)
        ranked = tuple(Proposal(self._heir(unit), 90.0, "同名") for unit, _how in best.values())
        return Match(text, None, "对应不止一个单位", proposals=ranked)

    # --- parts of a name ----------------------------------------------------------------------------------------

    def _by_parts(self, text: str) -> Match | None:
        parts = [part for part in _SEVERAL.split(text) if key(part)]
        if len(parts) > 1:
            return self._of_several(text, parts)
        if _LEAD.search(text) and (found := self._certain(_LEAD.sub("", text))):
            return found
        return self._inner_unit(text)

    def _of_several(self, text: str, parts: list[str]) -> Match | None:
        for part in parts:
            if _LEAD.search(part):
                found = self._certain(_LEAD.sub("", part))
                return found and dataclasses.replace(found, reason="写明牵头")
        found_parts = [self._find(part) for part in parts]
        units = {found.unit.code: found.unit for found in found_parts if found.unit}
        if len(units) == 1 and all(found.unit for found in found_parts):
            return Match(text, next(iter(units.values())), "几个名称是同一个单位")
        ranked = tuple(Proposal(unit, 85.0, "写在同一格里") for unit in units.values())
        return Match(text, None, "写了几个单位", several=True, proposals=ranked) if units else None

    def _inner_unit(self, text: str) -> Match | None:
        """公安局治安大队 → 公安局; a part that is a unit of its own below the same parent is that unit."""
        words = [key(without_brackets(text)[0])]
        words += [form for form in self._bare_forms(words[0]) if form not in words]
        for word in words:
            for cut in range(len(word) - 2, 1, -1):
                head, rest = word[:cut], word[cut:]
                hits = self._known.get(head, [])
                if not hits or not (_INNER.search(rest) or head.endswith(("局", "委", "办", "部"))):
                    continue
                if _OTHER_BODIES.search(rest) and not head.endswith(("局", "委", "厅")):
                    continue
                parent = self._from_hits(text, hits)
                if parent.unit is None:
                    continue
                below = [hit for hit in self._known.get(rest, []) if hit[0].parent_code == parent.unit.code]
                if not below and (several := self._another(text, rest, parent.unit)):
                    return several
                if below:
                    return self._matched(text, below[0][0], f"{parent.unit.name}的下属单位")
                return dataclasses.replace(parent, reason=f"“{rest}”是内设机构，对应到所属单位")
        return None

    def _another(self, text: str, rest: str, unit: Unit) -> Match | None:
        """县住建局和县消防大队, 县公安局 县司法局: a second unit behind the first, not a part of it."""
        bare = _JOINED.sub("", rest)
        found = self._by_name(bare) if bare != rest or _OFFICE.search(rest) else None
        other = found.unit if found and found.unit and found.unit.code != unit.code else None
        if other is None and bare == rest:
            return None
        ranked = tuple(Proposal(each, 85.0, "写在同一格里") for each in (unit, other) if each is not None)
        return Match(text, None, "写了几个单位", several=True, proposals=ranked)

    # --- likeness -----------------------------------------------------------------------------------------------

    def _by_likeness(self, text: str) -> Match:
        word = key(without_brackets(text)[0]) or key(text)
        core = self._core(word)
        ranked: dict[str, Proposal] = {}
        for unit in self._units.values():
            if not unit.major:
                continue
            score, reason = self._likeness(core, word, unit)
            heir = self._heir(unit)
            if score >= 55 and score > (ranked[heir.code].score if heir.code in ranked else 0):
                ranked[heir.code] = Proposal(heir, round(score, 1), reason)
        best = sorted(ranked.values(), key=lambda proposal: -proposal.score)[:5]
        if best and best[0].score >= CLEAR and (len(best) == 1 or best[0].score - best[1].score >= _GAP):
            return Match(text, best[0].unit, best[0].reason, proposals=tuple(best))
        return Match(text, None, "名录里没有相近的唯一单位", proposals=tuple(best))

    def _likeness(self, core: str, word: str, unit: Unit) -> tuple[float, str]:
        best, reason = 0.0, ""
        bare = _plain_words(self._bare(word))
        for name in (unit.name, unit.short_name, *unit.aliases):
            known = _plain_words(self._bare(key(name)))
            if min(len(bare), len(known)) < 4:
                continue
            ratio = fuzz.ratio(bare, known)
            stem = _plain_words(self._core(key(name)))
            if len(stem) >= 4 and _plain_words(core).startswith(stem):
                ratio = max(ratio, 84.0)
            if ratio > best:
                best, reason = ratio, f"与“{name}”的写法相近"
        full = self._core(key(unit.name))
        if 2 <= len(core) < len(full) and _is_subsequence(core, full) and core[0] == full[0]:
            score = 70.0 + min(len(core), 5) * 3.0
            if score > best:
                best, reason = score, f"可能是“{unit.name}”的缩写"
        return best, reason

    # --- preparation --------------------------------------------------------------------------------------------

    def _county(self) -> str:
        found = Counter(match[1] for unit in self._units.values() if (match := _PLACE.match(unit.name)))
        return found.most_common(1)[0][0] if found else ""

    def _fill(self) -> None:
        for unit in self._units.values():
            names = [(unit.name, "full"), (unit.short_name, "short"), *((alias, "alias") for alias in unit.aliases)]
            for name, how in names:
                if not key(name):
                    continue
                for form in {key(name), *self._bare_forms(key(name))}:
                    if all(known.code != unit.code for known, _how in self._known[form]):
                        self._known[form].append((unit, how))
                core = self._core(key(name))
                if unit.major and len(core) >= 2 and core not in (self._place, self._place[:-1]):
                    self._cores[core].add((unit.code, bool(_BODY.search(key(name)))))

    def _bare_forms(self, word: str) -> list[str]:
        """A name without the place in front of it: 青禾县公安局, 县公安局, 青禾公安局 → 公安局."""
        starts = (f"中共{self._place}", f"中共{self._place}委", self._place, self._place[:-1], "中共")
        forms = [
            word.removeprefix(start)
            for start in starts
            if len(start) > 1 and word.startswith(start) and len(word) > len(start) + 1
        ]
        for form in (word,) if not forms else (word, *(form for form in forms if form[0] in "县区旗")):
            stripped = _OWN_LEVEL.sub("", form)
            if stripped != form and len(stripped) > 1:
                forms.append(stripped)
        return list(dict.fromkeys(form for form in forms if len(form) > 1))

    def _bare(self, word: str) -> str:
        return min(self._bare_forms(word), key=len, default=word)

    def _core(self, word: str) -> str:
        core = self._bare(word)
        for suffix in _SUFFIXES:
            if core.endswith(suffix) and len(core) > len(suffix) + 1:
                return core.removesuffix(suffix)
        return core

    def _heir(self, unit: Unit) -> Unit:
        return self._units.get(unit.heir, unit) if not unit.active else unit

    def _matched(self, text: str, unit: Unit, reason: str) -> Match:
        heir = self._heir(unit)
        if heir.code != unit.code:
            return Match(text, heir, f"{unit.name}已撤销，由{heir.name}承接", succeeded=unit.name)
        if not unit.active:
            return Match(text, None, f"{unit.name}已撤销，没有登记承接单位")
        return Match(text, unit, reason)


def _is_subsequence(short: str, long: str) -> bool:
    rest = iter(long)
    return all(char in rest for char in short)


def _plain_words(text: str) -> str:
    """Without 和, 与, 及, which offices put and leave out at will."""
    return re.sub(r"[和与及]", "", text)
