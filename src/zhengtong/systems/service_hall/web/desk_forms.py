"""What an official types: the outcome of a task with its opinion or its list of missing points; a stop of the clock."""

import dataclasses
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.capabilities.cases import api as cases
from zhengtong.kernel.errors import Invalid
from zhengtong.kernel.ui.fields import DayField

_MAX_OPINION = 2000
_MAX_REASON = 300
_MAX_DAYS = 250


@dataclasses.dataclass(frozen=True)
class TaskForm:
    """One rendering of a task's form; ``command_key`` stays with it, so that a second press does nothing.

    ``ticked`` are the materials marked for the notice, ``reasons`` what was typed beside each material.
    """

    command_key: str
    outcome: str = ""
    opinion: str = ""
    ticked: frozenset[str] = frozenset()
    reasons: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @classmethod
    def fresh(cls) -> "TaskForm":
        """An empty form with a key of its own."""
        return cls(command_key=uuid.uuid4().hex)

    @classmethod
    def posted(cls, data: QueryDict) -> "TaskForm":
        """What a browser sent; a key that is none of ours is replaced."""
        prefix = "reason-"
        return cls(
            command_key=_key(data.get("command_key", "")),
            outcome=data.get("outcome", "")[:40],
            opinion=_text(data.get("opinion", "")),
            ticked=frozenset(data.getlist("point")),
            reasons={
                name.removeprefix(prefix): _text(value).strip()
                for name, value in data.items()
                if name.startswith(prefix) and isinstance(value, str) and value.strip()
            },
        )

    def points(self, names: Mapping[str, str]) -> dict[str, str]:
        """Material → what is missing, in the order of ``names``; raises Invalid for a reason without its tick."""
        unticked = [names[key] for key in names if key in self.reasons and key not in self.ticked]
        if unticked:
            raise Invalid(
                _("“%(names)s”写了原因但没有勾选。需要补正的请勾选，不需要的请清空原因。")
                % {"names": "、".join(unticked)},
                field="points",
            )
        long = [names[key] for key in names if len(self.reasons.get(key, "")) > _MAX_REASON]
        if long:
            raise Invalid(
                _("“%(names)s”的原因超过 %(most)d 个字，请写得简短一些。")
                % {"names": "、".join(long), "most": _MAX_REASON},
                field="points",
            )
        asked = {key: self.reasons.get(key, "") for key in names if key in self.ticked}
        return asked | {key: self.reasons.get(key, "") for key in sorted(self.ticked) if key not in names}

    def check_length(self) -> None:
        """Raises Invalid for an opinion that no paper could hold."""
        if len(self.opinion) > _MAX_OPINION:
            raise Invalid(
                _("意见有 %(count)d 个字，最多 %(most)d 个字。请写得简短一些，详细情况可以另附材料。")
                % {"count": len(self.opinion), "most": _MAX_OPINION},
                field="opinion",
            )


class PauseForm(forms.Form):
    """A stop of the legal clock: ground of law, what the applicant is told, how long it may take."""

    reason_code = forms.ChoiceField(
        label=gettext_lazy("法定事由"), error_messages={"required": gettext_lazy("请选择法律规定的停止计时事由。")}
    )
    note = forms.CharField(
        label=gettext_lazy("所需时间和原因"),
        help_text=gettext_lazy("将书面告知申请人，例如：需要专家评审，预计 5 个工作日。"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("请写明需要的时间和原因：停止计时须书面告知申请人。")},
    )
    cap = forms.IntegerField(
        label=gettext_lazy("最长停止（工作日）"),
        help_text=gettext_lazy("到时自动恢复计时；不填则由您恢复。"),
        required=False,
        min_value=1,
        max_value=_MAX_DAYS,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = [(r.code, f"{r.label}（{r.legal_basis}）") for r in cases.STOP_REASONS.values()]
        self.fields["reason_code"].choices = [("", _("请选择")), *reasons]  # type: ignore[attr-defined]  # a choice field

    def limit(self) -> cases.Limit:
        """The longest the stop may last, not set when nothing was typed."""
        days = self.cleaned_data["cap"]
        return cases.Limit(days, cases.Unit.WD) if days else cases.Limit.parse("NONE")


class ExtensionForm(forms.Form):
    """A request for more time: how many working days, and the reason the applicant is told."""

    days = forms.IntegerField(
        label=gettext_lazy("延长（工作日）"),
        min_value=1,
        max_value=_MAX_DAYS,
        error_messages={"required": gettext_lazy("请填写延长的工作日数。")},
    )
    extension_reason = forms.CharField(
        label=gettext_lazy("延长的理由"),
        help_text=gettext_lazy("批准后书面告知申请人。"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("请写明延长的理由：理由须告知申请人。")},
    )

    def refuse(self, field: str | None, message: str) -> None:
        """Show a refusal of the engine beside the field it is about."""
        self.add_error({"days": "days", "reason": "extension_reason"}.get(field or ""), message)


class HearingRequestForm(forms.Form):
    """A request for a hearing that was made on paper."""

    text = forms.CharField(
        label=gettext_lazy("书面申请的内容"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("请摘录书面听证申请的内容。")},
    )


class HearingNoticeForm(forms.Form):
    """Day, place and host of a hearing."""

    day = DayField(
        label=gettext_lazy("听证日期"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={
            "required": gettext_lazy("请填写听证日期。"),
            "invalid": gettext_lazy("请按“2026-11-21”的样子填写日期。"),
        },
    )
    place = forms.CharField(
        label=gettext_lazy("听证地点"),
        max_length=120,
        error_messages={"required": gettext_lazy("请写明听证地点。")},
    )

    def __init__(self, *args: Any, hosts: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["host"] = forms.ChoiceField(
            choices=[("", _("请选择")), *hosts],
            label=_("主持人"),
            help_text=_("审查这个申请的人员不能主持。"),
            error_messages={
                "required": _("请选择听证主持人。"),
                "invalid_choice": _("请从本单位没有参与审查的人员中选择主持人。"),
            },
        )
        self.hosts = dict(hosts)


class HearingMinutesForm(forms.Form):
    """What was said at a hearing."""

    minutes = forms.CharField(
        label=gettext_lazy("听证笔录"),
        help_text=gettext_lazy("写明参加人、各方意见、举证和质证情况。决定应当根据笔录作出，申请人可以查看。"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": gettext_lazy("请填写听证笔录：行政机关应当根据听证笔录作出决定。")},
    )


class HearingDeclineForm(forms.Form):
    """Why no hearing is held."""

    reason = forms.CharField(
        label=gettext_lazy("不组织听证的理由"),
        help_text=gettext_lazy("将告知申请人，例如：申请人书面撤回听证申请。"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("请写明不组织听证的理由：理由须告知申请人。")},
    )


def _key(text: str) -> str:
    try:
        return uuid.UUID(text).hex
    except ValueError:
        return uuid.uuid4().hex


def _text(value: str) -> str:
    return value.replace("\x00", "").replace("\r\n", "\n")
