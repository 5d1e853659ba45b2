"""Turns a Django form field into the parts our markup needs: control, label, help, errors and their ids."""

import dataclasses
import datetime as dt
from typing import Any

from django import forms
from django.core import validators
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.utils import flatatt
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.kernel.dates import read_day, read_moment

#: type of a field → how its value is written
WRITTEN: dict[str, Promise] = {
    "date": gettext_lazy("例如 2026-11-22"),
    "month": gettext_lazy("例如 2026-11"),
    "datetime-local": gettext_lazy("例如 2026-11-22 09:00"),
}

_PICK = gettext_lazy("请从列出的选项里选择%(label)s。")
_NUMBER = gettext_lazy("%(label)s请填写数字。")
#: what Django says of a wrong value (实例, 字段, 有效的选项) → what people say
_PLAINER: tuple[tuple[Any, Promise], ...] = (
    (forms.ChoiceField.default_error_messages["invalid_choice"], _PICK),
    (forms.MultipleChoiceField.default_error_messages["invalid_choice"], _PICK),
    (forms.MultipleChoiceField.default_error_messages["invalid_list"], _PICK),
    (forms.IntegerField.default_error_messages["invalid"], gettext_lazy("%(label)s请填写整数。")),
    (forms.FloatField.default_error_messages["invalid"], _NUMBER),
    (forms.DecimalField.default_error_messages["invalid"], _NUMBER),
    (validators.MinValueValidator.message, gettext_lazy("%(label)s不能小于 %(limit_value)s。")),
    (validators.MaxValueValidator.message, gettext_lazy("%(label)s不能大于 %(limit_value)s。")),
    (validators.EmailValidator.message, gettext_lazy("%(label)s写得不对，应类似 name@example.cn。")),
    (forms.FileField.default_error_messages["empty"], gettext_lazy("%(label)s是空文件，请重新选择。")),
)


class DayField(forms.DateField):
    """A day, typed in any of the usual ways (``kernel.dates``): Django reads neither 年月日 nor full-width digits."""

    default_error_messages = {
        "invalid": gettext_lazy("日期看不懂，请写成 2026-11-22 的样子，年份在 1900 到 2199 之间。"),
    }

    def to_python(self, value: Any) -> dt.date | None:
        """The day; None for an empty field."""
        if not isinstance(value, str) or not value.strip():
            return super().to_python(None if isinstance(value, str) else value)
        try:
            return read_day(value)
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


class MomentField(forms.DateTimeField):
    """A day and a time of day in the county's time, the day typed as in ``DayField``."""

    default_error_messages = {"invalid": gettext_lazy("时间看不懂，请写成 2026-11-22 09:00 的样子。")}

    def to_python(self, value: Any) -> dt.datetime | None:
        """The aware moment; None for an empty field."""
        if not isinstance(value, str) or not value.strip():
            return super().to_python(None if isinstance(value, str) else value)
        try:
            return super().to_python(read_moment(value))
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


class ManyFiles(forms.ClearableFileInput):
    """A file input that takes several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files in one input."""

    widget = ManyFiles(attrs={"accept": ".pdf,.jpg,.jpeg,.png"})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each file on its own; an empty list for none."""
        listed = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(FilesField, self).clean(one, initial) for one in listed]


@dataclasses.dataclass(frozen=True)
class Choice:
    """One radio button or box of a group: its attributes as HTML, its label and its id."""

    id: str
    attrs: SafeString
    label: str


@dataclasses.dataclass(frozen=True)
class FieldView:
    """What ``ui/components/field.html`` prints; ``kind`` is control, checkbox, group or hidden."""

    kind: str
    id: str
    label: str
    required: bool
    help: str
    errors: tuple[str, ...]
    control: SafeString | str = ""
    choices: tuple[Choice, ...] = ()
    written: str | Promise = ""

    @property
    def written_id(self) -> str:
        """Id of the words that say how a date is written: browsers show their own language's order."""
        return f"{self.id}_format"

    @property
    def help_id(self) -> str:
        """Id of the help sentence."""
        return f"{self.id}_help"

    @property
    def error_id(self) -> str:
        """Id of the sentence that says what is wrong."""
        return f"{self.id}_error"

    def named(self, error: str) -> str:
        """The error as it stands in a list of errors: with the label in front unless it says it already."""
        between = "" if self.label.endswith(("？", "?")) else "："
        return error if self.label in error else f"{self.label}{between}{error}"

    @property
    def target(self) -> str:
        """Id the error summary jumps to: the control, or the first choice of a group."""
        return self.choices[0].id if self.choices else self.id


def view_of(bound: BoundField, help_text: str = "") -> FieldView:
    """Describe one bound field of a Django form; ``help_text`` replaces the field's own."""
    widget = bound.field.widget
    view = FieldView(
        kind="control",
        id=bound.auto_id or bound.html_name,
        label=str(bound.label or ""),
        required=bound.field.required,
        help=str(help_text or bound.help_text or ""),
        errors=_errors(bound),
        written=WRITTEN.get(_native_type(widget), ""),
    )
    if bound.is_hidden:
        return dataclasses.replace(view, kind="hidden", control=bound.as_hidden())
    attrs = _attributes(bound, view)
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return dataclasses.replace(view, kind="group", choices=_choices(bound, view, attrs))
    if isinstance(widget, forms.CheckboxInput):
        return dataclasses.replace(view, kind="checkbox", control=bound.as_widget(attrs=attrs))
    if isinstance(widget, forms.DateInput | forms.DateTimeInput | forms.TimeInput | forms.ClearableFileInput):
        return dataclasses.replace(view, control=_native_input(bound, attrs))
    return dataclasses.replace(view, control=bound.as_widget(attrs=attrs))


def _errors(bound: BoundField) -> tuple[str, ...]:
    """The sentences; Django's own "this field is required" becomes a request that names the field."""
    field, label = bound.field, str(bound.label or "")
    stock = forms.Field.default_error_messages["required"]
    if not bound.errors:
        return ()
    if isinstance(field, forms.FileField):
        request = _("请上传%(label)s。")
    elif isinstance(field, forms.BooleanField):
        request = _("请勾选“%(label)s”。")
    else:
        request = _("请选择%(label)s。") if isinstance(field, forms.ChoiceField) else _("请填写%(label)s。")
    sentences = [
        str(request % {"label": label}) if said == stock else _plain(error, str(said), label)
        for error, said in zip(bound.errors.as_data(), bound.errors, strict=True)
    ]
    most = getattr(field, "max_length", None)
    text = bound.value()
    if most and isinstance(text, str) and len(text) > most and not isinstance(field, forms.FileField):
        sentences = [
            _("%(label)s最多 %(most)d 个字，现在有 %(count)d 个字。")
            % {"label": label, "most": most, "count": len(text)}
        ]
    return tuple(sentences)


def _plain(error: ValidationError, said: str, label: str) -> str:
    """The sentence as the form states it; for one of Django's own, ours, which says what to write."""
    for stock, ours in _PLAINER:
        if error.message == stock:
            return str(ours) % {"label": label, **(error.params or {})}
    return said


def _attributes(bound: BoundField, view: FieldView) -> dict[str, Any]:
    """Classes and accessibility attributes of the control, added to what the form itself states."""
    widget = bound.field.widget
    css = "form-control"
    if isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        css = "form-check-input"
    elif isinstance(widget, forms.Select):
        css = "form-select"
    attrs: dict[str, Any] = {"class": " ".join(filter(None, [widget.attrs.get("class"), css]))}
    described = [view.error_id] if view.errors else []
    described += [view.written_id] if view.written else []
    described += [view.help_id] if view.help else []
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if view.errors:
        attrs["aria-invalid"] = "true"
    return attrs


def _native_input(bound: BoundField, attrs: dict[str, Any]) -> SafeString:
    """Browsers want ISO values in date and time inputs, whatever the language of the page."""
    widget = bound.field.widget
    built = bound.build_widget_attrs({**widget.attrs, **attrs}, widget)
    built |= {"name": bound.html_name, "id": bound.auto_id or bound.html_name}
    if isinstance(widget, forms.ClearableFileInput):
        built["type"] = "file"
    else:
        built["type"] = _native_type(widget)
        built["value"] = _iso(bound.value())
    return format_html("<input{}>", flatatt({key: value for key, value in built.items() if value not in (None, "")}))


def _native_type(widget: forms.Widget) -> str:
    """The type of a browser's own field for dates and times; empty for any other widget."""
    kinds = ((forms.DateTimeInput, "datetime-local"), (forms.DateInput, "date"), (forms.TimeInput, "time"))
    return next((kind for cls, kind in kinds if isinstance(widget, cls)), "")


def _iso(value: object) -> str:
    if isinstance(value, dt.datetime):
        local = value.astimezone(SHANGHAI) if value.tzinfo else value
        return local.strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, dt.time):
        return value.strftime("%H:%M")
    return value.isoformat() if isinstance(value, dt.date) else str(value or "")


def _choices(bound: BoundField, view: FieldView, attrs: dict[str, Any]) -> tuple[Choice, ...]:
    widget = bound.field.widget
    found = []
    many = isinstance(widget, forms.CheckboxSelectMultiple)
    for number, option in enumerate(widget.subwidgets(bound.html_name, bound.value(), attrs)):
        own = {**option["attrs"], "type": "checkbox" if many else "radio", "name": option["name"]}
        own |= {"value": str(option["value"]), "id": f"{view.id}_{number}"}
        own["required"] = bound.field.required and not many
        found.append(Choice(id=own["id"], attrs=flatatt(own), label=str(option["label"])))
    return tuple(found)
