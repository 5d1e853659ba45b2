"""What there is to say about how an invented application was handled, by the rules a real one is judged by."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from zhengtong.systems.service_hall.rules.applications import notice_problem
from zhengtong.systems.service_hall.rules.practice_samples import OUTCOMES, SAMPLES, Sample

#: mistake → what it is called, and why it is one
MISTAKES: Final[Mapping[str, tuple[str, str]]] = {
    "none": ("没有选结论", "每一步都要有明确的结论，申请人才知道结果。"),
    "conclusion": ("结论不对", "结论要看法律规定的条件，不看手头方便；对照点评里的条文再看一遍。"),
    "notice": (
        "告知不合法",
        "一次告知要写明每一项缺什么；首次没有提出的，以后不能再提（行政许可法 第三十二条第一款）。",
    ),
    "forgotten": ("漏了要补正的材料", "应当一次告知全部内容；漏下的以后不能再要求，申请人因此多跑一趟的是机关的责任。"),
    "excess": ("多要了材料", "没有问题的、已经共享的、可以容缺的材料不能要求补正（国务院令第716号 第七条）。"),
    "no_reason": ("没有写理由", "不予受理、审查不通过、不予许可都要说明理由（行政许可法 第三十二条、第三十八条）。"),
    "no_remedy": (
        "没有告知救济途径",
        "不予许可的，要告知依法申请行政复议或者提起行政诉讼的权利（行政许可法 第三十八条第二款）。",
    ),
}
_REFUSALS: Final = ("refuse", "fail", "reject")


class Finding(NamedTuple):
    """One sentence about how the sample was handled; ``good`` when it was right, else ``mistake`` says which kind."""

    good: bool
    text: str
    mistake: str = ""


def sample_of(key: str) -> Sample | None:
    """The invented application of that key."""
    return next((one for one in SAMPLES if one.key == key), None)


def judge(sample: Sample, *, outcome: str, points: Mapping[str, str], opinion: str) -> list[Finding]:
    """What there is to say, by the same rules that a real case is judged by; ``points`` as in a one-time notice."""
    words = {code: label for code, label, _key in OUTCOMES[sample.step]}
    if outcome not in words:
        return [Finding(good=False, text="还没有选结论。", mistake="none")]
    found = []
    if outcome == sample.right:
        found.append(Finding(good=True, text=f"结论“{words[outcome]}”是对的。{sample.why}"))
    else:
        said = f"结论不应该是“{words[outcome]}”，应该是“{words[sample.right]}”。{sample.why}"
        found.append(Finding(good=False, text=said, mistake="conclusion"))
    if outcome == "supplement":
        problem = notice_problem(points, [sample.told] if sample.told else [])
        if problem:
            found.append(Finding(good=False, text=problem, mistake="notice"))
        found += _points(sample, points)
    if outcome in _REFUSALS and not opinion.strip():
        found.append(Finding(good=False, text=f"{words[outcome]}须说明理由，意见不能空着。", mistake="no_reason"))
    elif outcome == sample.right and not any(word in opinion for word in sample.opinion_words or ("",)):
        said = "不予许可的，意见里要告知申请人可以申请行政复议或者提起行政诉讼。"
        found.append(Finding(good=False, text=said, mistake="no_remedy"))
    return found


def _points(sample: Sample, points: Mapping[str, str]) -> list[Finding]:
    names = {material.key: material.name for material in sample.materials}
    found = [
        Finding(good=False, text=f"“{names[key]}”也要补正，这次没有告知，以后就不能再提了。", mistake="forgotten")
        for key in names
        if key in sample.wanting and key not in points
    ]
    found += [
        Finding(good=False, text=f"“{names[key]}”没有问题，不该要求补正。", mistake="excess")
        for key in points
        if key in names and key not in sample.wanting
    ]
    if set(points) == sample.wanting and points:
        found.append(Finding(good=True, text="需要补正的内容一次说全了。"))
    return found
