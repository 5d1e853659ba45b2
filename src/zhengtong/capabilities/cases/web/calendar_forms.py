"""What a process administrator types to change the working calendar."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.clock import local_date
from zhengtong.kernel.ui.fields import DayField

_MAX_TEXT = 20_000


class _RefusableForm(forms.Form):
    """Base: shows a refusal of the service beside the field it is about."""

    def refuse(self, field: str, message: str) -> None:
        """Add the sentence to the field, or to the form where it names none."""
        self.add_error(field if field in self.fields else None, message)


class DecreeForm(_RefusableForm):
    """The arrangement of one year as the notice gives it."""

    year = forms.IntegerField(label=_("年份"), min_value=2000, max_value=2100)
    notice = forms.CharField(label=_("通知文号"), max_length=120, help_text=_("例如：国办发明电〔2026〕×号"))
    text = forms.CharField(
        label=_("放假和调休上班的日期"),
        help_text=_("每行一天：日期,类别,节日。类别写“放假”或者“上班”，例如 2027-01-01,放假,元旦。"),
        max_length=_MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 10}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].initial = local_date().year + 1


class LocalForm(_RefusableForm):
    """A rest or an opening of the county's own."""

    title = forms.CharField(label=_("名称"), max_length=40, help_text=_("例如：台风“×××”停工"))
    first = DayField(label=_("开始日期"), widget=forms.DateInput(attrs={"type": "date"}))
    last = DayField(label=_("结束日期"), widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(
        label=_("安排"),
        choices=[("closure", _("放假停工，不计入工作日")), ("opening", _("上班，计入工作日"))],
        widget=forms.RadioSelect,
        initial="closure",
    )
    source = forms.CharField(label=_("依据的文件"), max_length=120, help_text=_("县政府或者防汛指挥部的通知文号"))
