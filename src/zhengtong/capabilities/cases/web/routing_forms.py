"""What a unit's leader types about who gets which tasks and who is away."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.cases.constants import Phase, RoutingMode
from zhengtong.kernel.ui.fields import DayField

#: phases whose tasks belong to officials
_PHASES = (Phase.ACCEPT, Phase.REVIEW, Phase.DECIDE, Phase.ISSUE)


class RoutingForm(forms.Form):
    """A rule: for which item, phase and place, in which way, and whom."""

    item_code = forms.ChoiceField(label=_("事项"), required=False)
    phase = forms.ChoiceField(
        label=_("阶段"), required=False, choices=[("", _("全部阶段")), *((one.value, one.label) for one in _PHASES)]
    )
    area = forms.ChoiceField(label=_("片区"), required=False)
    mode = forms.ChoiceField(
        label=_("派件方式"),
        choices=[("", _("请选择")), *RoutingMode.choices],
        error_messages={"required": _("请选择派件方式。")},
    )
    officers = forms.MultipleChoiceField(
        label=_("承办人员"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("不选表示本单位能办理的全部人员；指定人员的，排在前面的先派，离岗时派给代办人或下一位。"),
        error_messages={"invalid_choice": _("请从本单位能办理办件的人员中选择。")},
    )
    first = forms.ChoiceField(label=_("首选人员"), required=False, help_text=_("多人时先派给谁。"))

    def __init__(
        self,
        *args: Any,
        items: Sequence[tuple[str, str]],
        areas: Sequence[tuple[str, str]],
        people: Mapping[uuid.UUID, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        staff = [(str(key), name) for key, name in people.items()]
        _choose(self, "item_code", [("", _("全部事项")), *items])
        _choose(self, "area", [("", _("全县")), *areas])
        _choose(self, "officers", staff)
        _choose(self, "first", [("", _("按列表次序")), *staff])
        if not areas:
            del self.fields["area"]

    def chosen(self) -> list[uuid.UUID]:
        """The officers in their order, the first one first even when he was not ticked."""
        ticked = [uuid.UUID(key) for key in self.cleaned_data["officers"]]
        first = self.cleaned_data["first"]
        return list(dict.fromkeys([uuid.UUID(first), *ticked])) if first else ticked


class AbsenceForm(forms.Form):
    """Who is away, from when until when, and who stands in."""

    person_id = forms.ChoiceField(label=_("离岗人员"), error_messages={"required": _("请选择离岗人员。")})
    from_day = DayField(
        label=_("起始日期"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": _("请填写起始日期。"), "invalid": _("请按“2026-11-21”的样子填写日期。")},
    )
    until_day = DayField(
        label=_("截止日期"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": _("请填写截止日期。"), "invalid": _("请按“2026-11-21”的样子填写日期。")},
    )
    substitute_id = forms.ChoiceField(label=_("代办人"), required=False)

    def __init__(self, *args: Any, people: Mapping[uuid.UUID, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = [(str(key), name) for key, name in people.items()]
        _choose(self, "person_id", [("", _("请选择")), *staff])
        _choose(self, "substitute_id", [("", _("不指定，派给其他在岗人员")), *staff])


def _choose(form: forms.Form, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
    """Give a field of the form its choices; TypeError for a field that has none."""
    field = form.fields[name]
    if not isinstance(field, (forms.ChoiceField, forms.MultipleChoiceField)):
        raise TypeError(f"{name} offers no choice")
    field.choices = list(choices)
