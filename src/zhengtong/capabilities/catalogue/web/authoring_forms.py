"""The forms of the parts of an item: every element with help in plain words, codes of GB/T 39046 as choices."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.catalogue.constants import (
    ApplicantType,
    ExerciseLevel,
    HandlingKind,
    OnlineDepth,
    PowerType,
)
from zhengtong.capabilities.catalogue.rules import KINDS, ItemDraft
from zhengtong.capabilities.catalogue.web.authoring_fields import (
    EntriesField,
    LimitField,
    LinesField,
    choice,
    chooser_words,
    register_choice,
    text,
)

_CHECKED = _("已经与文件原文逐字核对过的，勾选；没有勾选的，在办事指南上标“待核实”。")
Choices = Sequence[tuple[str, str]]


class PartForm(forms.Form):
    """One part of an item; fields have the names of ``ItemDraft``, ``confirmable`` what can be ticked as checked."""

    confirmable: tuple[tuple[str, Any], ...] = ()

    def __init__(self, *args: Any, registers: "dict[str, Choices] | None" = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (registers or {}).items():
            field = self.fields.get(name)
            if isinstance(field, forms.ChoiceField):
                field.choices = list(choices)
        if self.confirmable:
            self.fields["confirmed"] = forms.MultipleChoiceField(
                label=_("已核实"),
                choices=self.confirmable,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text=_CHECKED,
            )

    @classmethod
    def values_of(cls, draft: ItemDraft) -> dict[str, Any]:
        """What the draft says, for the fields of this form."""
        values = {name: getattr(draft, name) for name in cls.base_fields if hasattr(draft, name)}
        return {**values, "confirmed": list(draft.confirmed)}

    def changes(self, draft: ItemDraft) -> dict[str, Any]:
        """What to replace in the draft: every field that could be read."""
        values = {name: value for name, value in self.cleaned_data.items() if hasattr(draft, name)}
        if self.confirmable:
            own = {name for name, _label in self.confirmable}
            ticked = [name for name in self.cleaned_data.get("confirmed", draft.confirmed) if name in own]
            kept = [name for name in draft.confirmed if name not in own or name in ticked]
            values["confirmed"] = (*kept, *(name for name in ticked if name not in kept))
        return values


class BasicForm(PartForm):
    """基本信息."""

    name = text(_("事项名称"), _("与权力清单、法律法规里的名称一致，不加“申请”“办理”等字。"))
    department = register_choice(_("实施部门"), _("以自己名义行使这项权力的单位。"), search=_("输入单位名称查找"))
    power_type = choice(_("事项类型"), PowerType.choices, _("按 GB/T 39046 附录 A.1 分类。"))
    kind = choice(
        _("事项形态"),
        [(code, word) for word, code in KINDS.items()],
        _("主项下面分子项，自己不直接办理；一件事由几个事项组成。"),
        radio=True,
    )
    code = text(
        _("实施编码"),
        _("31 位：统一社会信用代码 18 位、行使层级 1 位、基本编码 12 位。还没有取得的可以先空着，发布前补上。"),
        most=31,
    )
    parent_code = register_choice(_("主项"), _("本项是某个主项下的子项时选择；没有主项的空着。"))
    applicant_type = choice(_("服务对象"), ApplicantType.choices, _("谁可以申请。"), radio=True)
    handling_kind = choice(
        _("办件类型"),
        HandlingKind.choices,
        _("当场办结的是即办件，有承诺时限的是承诺件（GB/T 39046 附录 A.6）。"),
        radio=True,
    )
    online_depth = choice(_("网办深度"), OnlineDepth.choices, _("不到窗口能办到哪一步。"), radio=True)
    visits = forms.IntegerField(
        label=_("到现场次数"),
        min_value=0,
        max_value=99,
        required=False,
        help_text=_("申请人从申请到拿到结果要跑几次；全程网办的填 0。"),
    )
    themes = LinesField(label=_("主题"), rows=3, help_text=_("群众按它分类查找，一行一个，例如“开店经营”。"))

    def clean_code(self) -> str:
        """Capital letters without blanks."""
        return "".join(str(self.cleaned_data["code"]).split()).upper()


class BasisForm(PartForm):
    """依据与权限."""

    confirmable = (("legal_basis", _("设定依据")),)
    legal_basis = EntriesField(
        label=_("设定依据"),
        rows=5,
        help_text=_("法律、法规、规章的名称和条款，一行一条；部门文件不能设定行政许可。"),
    )
    exercise_level = choice(_("行使层级"), ExerciseLevel.choices, _("GB/T 39046 附录 A.2。"))
    exercise_note = text(_("权限划分"), _("同一事项上下级分别办哪些；全部由本级办理的空着。"), most=500, rows=3)
    conditions = LinesField(label=_("办理条件"), rows=6, help_text=_("符合什么条件就能办成，一行一条。"))
    quantity = text(_("数量限制"), _("没有数量限制的，写“没有数量限制”。"))


class LimitsForm(PartForm):
    """时限与特别环节."""

    confirmable = (("statutory_limit", _("法定时限")), ("promised_limit", _("承诺时限")))
    statutory_limit = LimitField(
        label=_("法定时限"), help_text=_("照法律原文的数和单位，不折算；法律没有规定的选“未规定”。")
    )
    promised_limit = LimitField(label=_("承诺时限"), help_text=_("向社会公开承诺的时间，只能比法定时限短，不能更长。"))


class MaterialsForm(PartForm):
    """申请材料."""

    confirmable = (("materials", _("材料清单、份数和形式")),)


class FeesForm(PartForm):
    """收费."""

    confirmable = (("fee", _("收费")),)
    fee = text(_("收费说明"), _("不收费的写“不收费”；收费的在下面逐项写明标准和依据。"))


class CommitmentForm(PartForm):
    """告知承诺; an item without it leaves everything empty."""

    told = text(
        _("告知的内容"), _("条件、标准、要求，一次告知清楚；不实行告知承诺的，这一节都空着。"), most=2000, rows=4
    )
    statement = text(_("承诺的内容"), _("申请人书面承诺什么。"), most=2000, rows=3)
    consequences = text(_("不实承诺的后果"), _("承诺不实的怎么处理，例如撤销决定、记入信用记录。"), most=1000, rows=2)
    check_within = LimitField(label=_("事后核查期限"), help_text=_("作出决定后多久以内核查。"))
    replaced = forms.MultipleChoiceField(
        label=_("承诺后可以不交的材料"), required=False, widget=forms.CheckboxSelectMultiple
    )


class FormForm(PartForm):
    """表单."""

    form_key = register_choice(_("申请表单"), _("群众在网上填哪一张表。"), search=_("输入表单名称查找"))


class ProcessForm(PartForm):
    """流程."""

    process_key = register_choice(
        _("办理流程"),
        _("不选择的，按办件类型和联办单位自动采用：即办、联合办理或者一般流程。"),
        search=_("输入流程名称查找"),
    )
    flow = LinesField(label=_("办理程序（写给群众看）"), rows=6, help_text=_("从申请到拿到结果的每一步，一行一步。"))


class ServiceForm(PartForm):
    """办理信息."""

    confirmable = (("validity", _("有效期")),)
    result_document = EntriesField(
        label=_("办理结果"), rows=2, help_text=_("办成以后拿到什么，一行一种，例如“食品经营许可证”。")
    )
    result_title = text(_("结果文书标题"), _("印在证照或者批文上的标题；空着的用办理结果的名称。"), most=100)
    validity = text(_("有效期"), _("例如“5 年”“长期有效”。"), most=100)
    window = text(_("办理窗口"))
    address = text(_("办理地址"))
    hours = text(_("办理时间"), _("例如“工作日 9:00 至 12:00，14:00 至 17:30”。"))
    phone = text(_("咨询电话"), most=60)
    complaint = text(_("监督投诉"), _("对办理不满意时向谁反映。"))


class DutiesForm(PartForm):
    """责任事项."""

    responsibilities = LinesField(
        label=_("责任事项"), rows=7, help_text=_("受理、审查、决定、送达、事后监管各负什么责任，一行一条。")
    )
    accountability = text(_("追责情形"), _("出现哪些情形要追究责任，以及依据。"), most=4000, rows=5)


class EmptyForm(PartForm):
    """A part that has rows only."""


class NewItemForm(forms.Form):
    """What an item begins with; everything else can wait."""

    name = forms.CharField(label=_("事项名称"), max_length=200, help_text=_("与权力清单、法律法规里的名称一致。"))
    department = forms.ChoiceField(label=_("实施部门"), widget=forms.Select(attrs=chooser_words(_("输入单位名称查找"))))
    power_type = forms.ChoiceField(
        label=_("事项类型"),
        choices=[("", _("请选择")), *PowerType.choices],
        help_text=_("按 GB/T 39046 附录 A.1 分类。"),
    )

    def __init__(self, *args: Any, units: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["department"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(units)
