"""What comes several times (materials, fees, units…): rows of small forms, added, removed and moved by plain posts."""

import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.catalogue import rules
from zhengtong.capabilities.catalogue.constants import FeeRaised, MaterialForm, MaterialSource
from zhengtong.capabilities.catalogue.web.authoring_fields import LimitField, choice, register_choice, text

_MOST = 100


class RowForm(forms.Form):
    """One row; ``title`` names the field a reader knows the row by, ``wide`` those over the whole width."""

    title = "name"
    preset: tuple[str, ...] = ()
    wide: tuple[str, ...] = ()
    papers: tuple[Mapping[str, Any], ...] = ()
    named = ""

    @property
    def heading(self) -> str:
        """What a reader knows the row by, as typed."""
        return self.named or str(self[self.title].value() or "")

    @property
    def filled(self) -> bool:
        """Whether anything was typed: a row that is blank is dropped; what is set beforehand does not count."""
        typed = {key: value for key, value in self.cleaned_data.items() if key not in self.preset}
        return any(value not in ("", None, False, ()) for value in typed.values())


class MaterialRow(RowForm):
    """One paper of the list."""

    preset = ("key", "form", "copies", "source")
    wide = ("name", "note", "accept_standard", "example", "condition")
    key = forms.CharField(widget=forms.HiddenInput(), required=False, max_length=40)
    name = text(_("材料名称"), _("写全称，与审查要求一致，例如“营业执照”。"))
    form = choice(_("形式"), MaterialForm.choices, _("能由系统核验的选“数据共享”，申请人不用提交。"))
    copies = forms.IntegerField(
        label=_("份数"), min_value=0, max_value=99, required=False, help_text=_("窗口收纸质材料时的份数。")
    )
    source = choice(_("来源"), MaterialSource.choices)
    issuer = text(_("由谁出具"), _("政府部门核发的，写核发部门；第三方出具的，写机构类别。"))
    condition = text(_("什么情况下需要"), _("都要提交的空着；例如“委托他人办理的”。"), most=300)
    note = text(_("填写和准备要求"), _("群众看得懂的话，例如“正反面都要拍，四角完整”。"), most=500, rows=2)
    accept_standard = text(_("受理标准"), _("什么样的算合格；窗口按它核对，不另加要求。"), most=500, rows=2)
    example = text(_("示例说明"), _("一份合格的是什么样；有样表的，在下面上传。"), most=500, rows=2)


class FeeRow(RowForm):
    """One charge."""

    preset = ("pay_first",)
    wide = ("basis", "reduction", "pay_first")
    name = text(_("收费项目"), _("例如“证书工本费”。"))
    amount = text(_("金额（元）"), _("按标准计算、没有固定金额的空着。"), most=30)
    unit = text(_("计费单位"), _("例如“每证”“每平方米”。"), most=40)
    basis = text(_("收费依据"), _("法律、行政法规的名称和条款；没有依据的不得收费。"), most=300, rows=2)
    reduction = text(_("谁可以减免"), _("没有减免的空着。"), most=300)
    reduction_basis = text(_("减免依据"), most=300)
    payee = register_choice(_("收费单位"), _("由别的单位收取的才选。"))
    quantity_from = register_choice(
        _("数量取自"), _("按申请人填写的数计算的，选表单里的那一项；不选的按 1 计，经办人可以改。")
    )
    raised = choice(_("缴费单"), FeeRaised.choices[1:], _("不选的由经办人在办件页上开具。"))
    pay_first = forms.BooleanField(label=_("缴清以后才能作出准予决定"), required=False)


class StepRow(RowForm):
    """One special step."""

    preset = ("stops_clock",)
    name = text(_("环节"), _("例如“听证”“专家评审”“现场勘验”“公示”。"), most=60)
    stops_clock = forms.TypedChoiceField(
        label=_("是否停止计时"),
        choices=[("no", _("计入办理时限")), ("yes", _("停止计时，不计入办理时限"))],
        coerce=lambda value: value == "yes",
        required=False,
        help_text=_("听证、招标、拍卖、检验、检测、检疫、鉴定、专家评审可以停止计时（行政许可法 第四十五条）。"),
    )
    length = LimitField(label=_("固定时长"), help_text=_("例如公示 5 个工作日；不固定的空着。"))
    longest = LimitField(label=_("最长时间"), help_text=_("这一环节最多用多久；没有规定的空着。"))


class UnitRow(RowForm):
    """One unit that takes part."""

    name = register_choice(_("联办单位"), _("从机构名录里选；名录里没有的单位，先请系统管理员录入。"))
    limit = LimitField(label=_("审查时限"), help_text=_("这个单位出具意见的时间，不得超过承诺时限。"))


class ExecutorRow(RowForm):
    """A unit that carries the item out."""

    name = register_choice(_("实施单位"), _("由乡镇、街道等具体办理的，逐个从机构名录里选。"))


class QuestionRow(RowForm):
    """A question people ask."""

    title = "question"
    wide = ("question", "answer")
    question = text(_("问题"), _("照群众的问法写。"))
    answer = text(_("回答"), most=1000, rows=3)


class ToleranceRow(RowForm):
    """Whether a material of the list may follow later; rows come from the list of materials."""

    title = "key"
    key = forms.CharField(widget=forms.HiddenInput(), required=False, max_length=40)
    tolerable = forms.BooleanField(label=_("可以容缺：先受理，后补交"), required=False)
    within = LimitField(label=_("补交期限"))


@dataclasses.dataclass(frozen=True)
class RowKind:
    """A kind of row: ``attribute`` of the draft it stands in, the form of a row, its words, the part it becomes."""

    attribute: str
    form: type[RowForm]
    label: str | Promise
    add_label: str | Promise
    part: Callable[..., Any]
    fixed: bool = False


KINDS: Mapping[str, RowKind] = {
    kind.attribute: kind
    for kind in (
        RowKind("materials", MaterialRow, _("材料"), _("添加一份材料"), rules.Material),
        RowKind("fees", FeeRow, _("收费项目"), _("添加一个收费项目"), rules.Fee),
        RowKind("special_steps", StepRow, _("特别环节"), _("添加一个特别环节"), rules.SpecialStep),
        RowKind("joint_units", UnitRow, _("联办单位"), _("添加一个联办单位"), rules.JointUnit),
        RowKind("executors", ExecutorRow, _("实施单位"), _("添加一个实施单位"), str),
        RowKind("faq", QuestionRow, _("问题"), _("添加一个问题"), rules.Question),
        RowKind("tolerance", ToleranceRow, _("材料"), "", rules.Material, fixed=True),
    )
}


class Rows:
    """The rows of one kind on a page, bound to what was posted or filled from the draft."""

    def __init__(self, kind: RowKind, forms_: Sequence[RowForm], numbers: Sequence[int]) -> None:
        self.kind = kind
        self.forms = list(forms_)
        self.numbers = list(numbers)

    @classmethod
    def of_parts(cls, kind: RowKind, parts: Iterable[Any], *, blank: Mapping[str, Any] | None = None) -> "Rows":
        """Rows of what the draft says; ``blank`` adds one more, with these values."""
        values = [_initial(kind, part) for part in parts]
        if blank is not None and len(values) < _MOST:
            values.append(dict(blank))
        found = [
            kind.form(initial=each, prefix=f"{kind.attribute}-{number}", auto_id="%s")
            for number, each in enumerate(values)
        ]
        return cls(kind, found, range(len(found)))

    @classmethod
    def posted(cls, kind: RowKind, data: Any) -> "Rows":
        """Rows as they were sent, in the order of their numbers."""
        pattern = re.compile(rf"{kind.attribute}-([0-9]{{1,4}})-")
        numbers = sorted({int(found[1]) for name in data if (found := pattern.match(name))})[:_MOST]
        return cls(kind, [kind.form(data, prefix=f"{kind.attribute}-{n}", auto_id="%s") for n in numbers], numbers)

    def is_valid(self) -> bool:
        """Whether every row can be kept as typed."""
        return not [form for form in self.forms if not form.is_valid()]  # all are asked, so that all say what is wrong

    def values(self) -> list[dict[str, Any]]:
        """What the rows with content say, in order."""
        return [dict(form.cleaned_data) for form in self.forms if form.filled]

    def __iter__(self) -> Any:
        """(number, form) of each row."""
        return iter(zip(self.numbers, self.forms, strict=True))


def rearranged(values: list[Any], act: str, place: int) -> list[Any]:
    """The list after ``remove``, ``up`` or ``down`` of one place; other acts and places leave it as it is."""
    if not 0 <= place < len(values):
        return values
    kept = list(values)
    taken = kept.pop(place)
    if act == "remove":
        return kept
    target = {"up": place - 1, "down": place + 1}.get(act, place)
    kept.insert(min(max(target, 0), len(kept)), taken)
    return kept


def _initial(kind: RowKind, part: Any) -> dict[str, Any]:
    if isinstance(part, str):
        return {kind.form.title: part}
    values = {field: getattr(part, field) for field in kind.form.base_fields if hasattr(part, field)}
    if "stops_clock" in values:
        values["stops_clock"] = "yes" if values["stops_clock"] else "no"
    return values
