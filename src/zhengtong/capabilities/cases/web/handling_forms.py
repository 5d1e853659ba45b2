"""What an official types when a task changes hands, is returned, signed by others or urged."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.cases.constants import SignerPlace
from zhengtong.capabilities.cases.rules.phases import signer_places
from zhengtong.capabilities.cases.selectors.handling import HandlingView
from zhengtong.capabilities.cases.selectors.returning import ReturnTarget
from zhengtong.kernel.ui.fields import DayField


def _reason(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def _choose(form: forms.Form, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Give a field of the form its choices; TypeError for a field that has none."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} offers no choice")
    field.choices = list(choices)


class ActForm(forms.Form):
    """Base: each form knows the task it acts on, for its choices."""

    def __init__(self, *args: Any, view: HandlingView, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(view)

    def offer(self, view: HandlingView) -> None:
        """Fill the choices from the task."""


class BareForm(ActForm):
    """Nothing to type: the button says it all."""


class ReleaseForm(ActForm):
    """Give a task back to the unit."""

    reason = _reason(_("说明"), required=False)


class AssignForm(ActForm):
    """Name who is to do it."""

    person_id = forms.ChoiceField(label=_("指派给"))
    reason = _reason(_("说明"), required=False)

    def offer(self, view: HandlingView) -> None:
        """People of the unit who can do it."""
        _choose(self, "person_id", [("", _("请选择")), *view.people])


class TransferForm(ActForm):
    """Hand it to another unit."""

    org_code = forms.ChoiceField(label=_("转给哪个单位"))
    reason = _reason(_("转办理由"))

    def offer(self, view: HandlingView) -> None:
        """Every other unit."""
        _choose(self, "org_code", [("", _("请选择")), *view.units])


class AskForm(ActForm):
    """Ask a colleague."""

    person_id = forms.ChoiceField(label=_("请谁协办"))
    reason = _reason(_("需要协办什么"))

    def offer(self, view: HandlingView) -> None:
        """People of the unit."""
        _choose(self, "person_id", [("", _("请选择")), *view.colleagues])


class AnswerForm(ActForm):
    """What the colleague thinks."""

    text = forms.CharField(label=_("协办意见"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class ReturnForm(ActForm):
    """Return to an earlier step."""

    target = forms.ChoiceField(label=_("退回到"), widget=forms.RadioSelect)
    reason = _reason(_("退回理由"), help_text=_("重新办理的人会看到。"))

    def offer(self, view: HandlingView) -> None:
        """Places the engine can return to now, each by its own name: the list may have changed since it was shown."""
        _choose(self, "target", ((target_key(target), _target_label(target)) for target in view.targets))


def target_key(target: ReturnTarget) -> str:
    """What the form sends for a place to return to."""
    return f"{'whole' if target.whole else 'branch'}:{target.node}:{target.item}"


def _target_label(target: ReturnTarget) -> Any:
    if target.whole:
        return _("%(step)s（从这一步起全部重新办理）") % {"step": target.label}
    return _("%(step)s（只退回%(org)s这一个分支，其他单位的意见保留）") % {
        "step": target.label,
        "org": target.org_name or target.label,
    }


_PLACES = (
    (SignerPlace.BEFORE, _("前加签：对方先签署，然后回到我这里办结")),
    (SignerPlace.AFTER, _("后加签：我办结以后由对方签署，再往下走")),
    (SignerPlace.PARALLEL, _("并签：与我同时签署，都签完再往下走")),
)


class SignerForm(ActForm):
    """Add a unit that signs too."""

    org_code = forms.ChoiceField(label=_("请哪个单位加签"))
    where = forms.ChoiceField(
        label=_("加签方式"),
        widget=forms.RadioSelect,
    )
    reason = _reason(_("加签理由"))

    def offer(self, view: HandlingView) -> None:
        """Every other unit, and the places the step allows."""
        places = signer_places(view.task.phase)
        _choose(self, "where", ((place, label) for place, label in _PLACES if place in places))
        _choose(self, "org_code", [("", _("请选择")), *view.units])


class UrgeForm(ActForm):
    """Ask for speed."""

    text = _reason(_("催办说明"), required=False)


class SuperviseForm(ActForm):
    """Ask for an answer by a day."""

    text = forms.CharField(label=_("督办事项和要求"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    answer_by = DayField(label=_("答复期限"))


class RecallForm(ActForm):
    """Take one's own step back."""

    reason = _reason(_("撤回原因"))
