"""What officials type about special steps and promises, and what somebody objects."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.ui.fields import DayField
from zhengtong.systems.service_hall.constants import SpecialKind, SpecialResult

_DATES = {"required": _("请填写日期。"), "invalid": _("请按“2026-11-21”的样子填写日期。")}
_RESULTS = {
    SpecialKind.INSPECTION: (SpecialResult.PASSED, SpecialResult.FAILED),
    SpecialKind.EXPERT_REVIEW: (SpecialResult.PASSED, SpecialResult.FAILED),
    SpecialKind.PUBLIC_NOTICE: (SpecialResult.NO_OBJECTION, SpecialResult.OBJECTIONS),
}


def _text(label: Any, rows: int, most: int, missing: Any = "", help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=most,
        required=bool(missing),
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": missing} if missing else {},
    )


def _day(label: Any) -> DayField:
    return DayField(label=label, widget=forms.DateInput(attrs={"type": "date"}), error_messages=_DATES)


class InspectionForm(forms.Form):
    """Who inspects, when and where."""

    from_day = _day(_("勘验日期"))
    place = forms.CharField(label=_("地点"), max_length=200, error_messages={"required": _("请写明地点。")})
    people = forms.MultipleChoiceField(
        label=_("勘验人员（两名以上）"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("请至少选择两名勘验人员。"),
            "invalid_choice": _("请从参与办理的单位人员中选择。"),
        },
    )
    plan = _text(
        _("告知申请人"), 2, 500, _("请写明告知的内容。"), _("做什么、需要准备什么，例如：核查场所布局，请派人到场。")
    )

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = list(people)  # type: ignore[attr-defined]  # a choice field
        self.names = dict(people)

    def planned(self) -> dict[str, Any]:
        """As the service takes it."""
        typed = self.cleaned_data
        chosen = [_split(self.names[key]) | {"id": key} for key in typed["people"]]
        return {
            "plan": typed["plan"],
            "from_day": typed["from_day"],
            "until_day": typed["from_day"],
            "place": typed["place"],
            "people": chosen,
        }


class ExpertForm(forms.Form):
    """Which experts, and how long it takes: told the applicant in writing."""

    until_day = _day(_("预计结束日期"))
    people = _text(_("评审专家"), 3, 1000, _("请填写评审专家的姓名。"), _("一行一人：姓名，职务或者职称，单位。"))
    plan = _text(_("所需时间和原因"), 2, 500, _("请写明所需时间和原因。"), _("将书面告知申请人，时间不计入办理期限。"))

    def planned(self, today: Any) -> dict[str, Any]:
        """As the service takes it."""
        typed = self.cleaned_data
        lines = [line.strip() for line in typed["people"].splitlines() if line.strip()]
        people = []
        for line in lines:
            name, _sep, title = line.replace(",", "，").partition("，")
            people.append({"name": name.strip()[:60], "title": title.strip()[:100]})
        return {"plan": typed["plan"], "from_day": today, "until_day": typed["until_day"], "people": people}


class PublicNoticeForm(forms.Form):
    """What is told the public, where, and how long."""

    from_day = _day(_("公示开始日期"))
    until_day = _day(_("公示截止日期"))
    place = forms.CharField(label=_("公示地点"), max_length=200, error_messages={"required": _("请写明公示地点。")})
    plan = _text(_("公示内容"), 4, 2000, _("请填写公示内容。"), _("任何人都能看到，不要写身份证号、电话和住址。"))

    def planned(self) -> dict[str, Any]:
        """As the service takes it."""
        return dict(self.cleaned_data)


class CloseForm(forms.Form):
    """The record of a step and its result."""

    result = forms.ChoiceField(
        label=_("结论"), widget=forms.RadioSelect, error_messages={"required": _("请选择结论。")}
    )
    findings = _text(_("记录"), 5, 5000, _("请填写记录：做了什么、看到什么、结论的理由。"))
    applicant_said = _text(_("申请人意见"), 2, 1000)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.value, one.label) for one in _RESULTS[SpecialKind(kind)]]
        self.fields["result"].choices = choices  # type: ignore[attr-defined]  # a choice field
        if kind != SpecialKind.INSPECTION:
            del self.fields["applicant_said"]


class ReasonForm(forms.Form):
    """Why."""

    reason = _text(_("理由"), 2, 500, _("请写明理由。"))


class AnswerForm(forms.Form):
    """The answer to an objection."""

    answer = _text(_("答复"), 3, 2000, _("请填写答复内容。"))


class ObjectionForm(forms.Form):
    """What somebody has against a matter on public notice."""

    text = _text(_("异议内容和理由"), 5, 2000, _("请写明异议的内容和理由。"))
    phone = forms.CharField(
        label=_("联系电话"),
        max_length=30,
        help_text=_("只有办理单位能看到，用来核实和答复。"),
        error_messages={"required": _("请填写能联系到您的电话号码。")},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )


class AgreeForm(forms.Form):
    """The applicant's tick under what he promises."""

    agreed = forms.BooleanField(
        label=_("我已阅读以上内容，自愿作出承诺，知道不履行的后果。"),
        error_messages={"required": _("请先阅读承诺内容，勾选以后再提交。")},
    )


class CheckForm(forms.Form):
    """What a check of a commitment found."""

    kept = forms.ChoiceField(
        label=_("核查结果"),
        widget=forms.RadioSelect,
        choices=[("yes", _("与承诺一致")), ("no", _("承诺不实"))],
        error_messages={"required": _("请选择核查结果。")},
    )
    findings = _text(_("核查情况"), 4, 2000, _("请写明核查情况：核查人、时间、方式和发现的问题。"))


def _split(words: str) -> dict[str, str]:
    name, _sep, title = words.partition("（")
    return {"name": name, "title": title.rstrip("）")}
