"""What officials type: filters of the list, a day to check."""

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.payments import api
from zhengtong.capabilities.payments.constants import OrderState
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.ui.fields import DayField


class OrderFilterForm(forms.Form):
    """Filters of the list of orders; what cannot be read narrows nothing."""

    q = forms.CharField(label=_("单号、办件编号、事由或者缴费人"), max_length=60, required=False)
    state = forms.ChoiceField(label=_("状态"), choices=[("", _("全部")), *OrderState.choices], required=False)
    since = DayField(label=_("开具日期从"), required=False, widget=forms.DateInput())
    until = DayField(label=_("到"), required=False, widget=forms.DateInput())

    def filters(self) -> api.OrderFilters:
        """What was chosen."""
        self.is_valid()
        given = self.cleaned_data
        return api.OrderFilters(
            state=given.get("state") or "",
            text=(given.get("q") or "").replace("\x00", "").strip(),
            since=given.get("since"),
            until=given.get("until"),
        )


class CheckForm(forms.Form):
    """A day to compare with a gateway's statement."""

    gateway = forms.ChoiceField(label=_("支付渠道"))
    day = DayField(label=_("账期"), widget=forms.DateInput())

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        found = [(key, gateway.label) for key, gateway in api.available_gateways()]
        self.fields["gateway"].choices = found  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["day"].initial = local_date() - dt.timedelta(days=1)
