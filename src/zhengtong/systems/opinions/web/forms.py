"""What people type: a consultation, an opinion, a survey and its questions, answers to it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.ui.fields import DayField
from zhengtong.systems.opinions.constants import (
    BASIS_MAX,
    COMMENT_MAX,
    CONTACT_MAX,
    NAME_MAX,
    PHONE_MAX,
    QUESTION_MAX,
    TEXT_MAX,
    TITLE_MAX,
    QuestionKind,
    ResultsShown,
    Voice,
)
from zhengtong.systems.opinions.rules.polls import ANSWER_MAX, SCALE, Question


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class PeriodForm(forms.Form):
    """First and last day, and whether one must sign in."""

    opens_on = DayField(label=_("开始日期"), widget=forms.DateInput)
    closes_on = DayField(
        label=_("截止日期"),
        required=False,
        widget=forms.DateInput,
        help_text=_("到这一天 24 时自动截止。留空的，按默认期限计算。签发晚于开始日期的，起止日期顺延。"),
    )
    signed_in_only = forms.BooleanField(
        label=_("登录后才能参加"), required=False, help_text=_("一般不勾选，让不登录的人也能参加。")
    )


class TopicForm(PeriodForm):
    """What an officer writes of a consultation."""

    title = forms.CharField(
        label=_("题目"), max_length=TITLE_MAX, help_text=_("例如：县城停车管理办法（征求意见稿）。")
    )
    background = forms.CharField(
        label=_("征集内容和背景"),
        max_length=TEXT_MAX,
        widget=_area(8),
        help_text=_("写明为什么要定、主要内容、哪些人受影响。文件草案作为附件上传。"),
    )
    basis = forms.CharField(
        label=_("依据"), max_length=BASIS_MAX, help_text=_("法律、法规、规章或者上级文件的名称和条款。")
    )
    questions = forms.CharField(
        label=_("想听取的问题"),
        required=False,
        widget=_area(4),
        help_text=_("每行一个，最多 10 个。没有特别想问的留空。"),
    )
    contact = forms.CharField(
        label=_("联系方式"), max_length=CONTACT_MAX, help_text=_("科室、电话、通信地址，供不上网的人使用。")
    )
    field_order = ("title", "background", "basis", "questions", "contact", "opens_on", "closes_on", "signed_in_only")

    def clean_questions(self) -> list[str]:
        """One for each line."""
        return [line.strip() for line in self.cleaned_data["questions"].splitlines() if line.strip()]


class CommentForm(forms.Form):
    """An opinion; a field for each question of the consultation."""

    content = forms.CharField(
        label=_("您的意见"),
        required=False,
        max_length=COMMENT_MAX,
        widget=_area(7),
        help_text=_("对哪一条有意见的，请写明条款和修改建议。"),
    )
    voice = forms.ChoiceField(
        label=_("以谁的名义"), choices=Voice.choices, widget=forms.RadioSelect, initial=Voice.PERSON
    )
    name = forms.CharField(
        label=_("姓名或者名称"), required=False, max_length=NAME_MAX, help_text=_("可以不写。写了的加密保存，不公开。")
    )
    phone = forms.CharField(
        label=_("联系电话"),
        required=False,
        max_length=PHONE_MAX,
        help_text=_("可以不写。征集单位需要进一步了解时使用。"),
    )

    def __init__(self, *args: Any, questions: Sequence[str], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["content"].required = not questions
        if questions:
            self.fields["content"].help_text = _(
                "对哪一条有意见的，请写明条款和修改建议。上面的问题都没有回答的，这里要填写。"
            )
        names = [f"answer_{place}" for place in range(len(questions))]
        for name, words in zip(names, questions, strict=True):
            self.fields[name] = forms.CharField(label=words, required=False, max_length=COMMENT_MAX, widget=_area(3))
        self.order_fields([*names, "content", "voice", "name", "phone"])
        self.answer_names = names

    def answers(self) -> list[str]:
        """What was answered, in the order of the questions."""
        return [self.cleaned_data[name] for name in self.answer_names]


class ReceiptForm(forms.Form):
    """The receipt of an opinion."""

    receipt = forms.CharField(label=_("回执号"), max_length=40)


class PollWordsForm(PeriodForm):
    """What an officer writes of a survey."""

    title = forms.CharField(label=_("题目"), max_length=TITLE_MAX)
    introduction = forms.CharField(
        label=_("调查说明"), max_length=TEXT_MAX, widget=_area(4), help_text=_("为什么调查、结果怎么用、大约要几分钟。")
    )
    shown = forms.ChoiceField(
        label=_("什么时候公布结果"), choices=ResultsShown.choices, widget=forms.RadioSelect, initial=ResultsShown.CLOSED
    )
    field_order = ("title", "introduction", "opens_on", "closes_on", "shown", "signed_in_only")


class QuestionForm(forms.Form):
    """A question as an officer writes it."""

    kind = forms.ChoiceField(
        label=_("题型"), choices=QuestionKind.choices, widget=forms.RadioSelect, initial=QuestionKind.SINGLE
    )
    words = forms.CharField(label=_("题目"), max_length=QUESTION_MAX)
    choices = forms.CharField(
        label=_("选项"), required=False, widget=_area(5), help_text=_("单选、多选填写，每行一个，2 到 12 个。")
    )
    most = forms.IntegerField(
        label=_("最多选几项"), required=False, min_value=2, help_text=_("只用于多选，不限的留空。")
    )
    required = forms.BooleanField(label=_("必答"), required=False, initial=True)

    def clean_choices(self) -> list[str]:
        """One for each line."""
        return [line.strip() for line in self.cleaned_data["choices"].splitlines() if line.strip()]


class PollForm(forms.Form):
    """A survey to be answered; the service checks, this form only shows and keeps what was chosen."""

    def __init__(self, *args: Any, questions: Sequence[Question], **more: Any) -> None:
        super().__init__(*args, **more)
        for one in questions:
            self.fields[f"q{one.no}"] = _answer_field(one)
        self.questions = questions

    def given(self) -> dict[str, list[str]]:
        """The answers by field, as they were sent."""
        data: Any = self.data
        return {
            f"q{one.no}": [value.replace("\x00", "") for value in data.getlist(f"q{one.no}")] for one in self.questions
        }


def _answer_field(one: Question) -> forms.Field:
    label = f"{one.no}. {one.words}"
    told: dict[str, Any] = {"label": label, "required": one.required}
    if one.kind == QuestionKind.TEXT:
        return forms.CharField(
            widget=_area(3),
            help_text=_("最多 %(n)d 个字。请不要写姓名、电话。") % {"n": ANSWER_MAX},
            **told,
        )
    if one.kind == QuestionKind.SCALE:
        points = [(value, _("%(n)s 分") % {"n": value}) for value in SCALE]
        return forms.ChoiceField(choices=points, widget=forms.RadioSelect, help_text=_("1 分最低，5 分最高。"), **told)
    pairs = list(zip(one.values, one.choices, strict=True))
    if one.kind == QuestionKind.SINGLE:
        return forms.ChoiceField(choices=pairs, widget=forms.RadioSelect, **told)
    most = _("最多选 %(n)d 项。") % {"n": one.most} if one.most else _("可以选多项。")
    return forms.MultipleChoiceField(choices=pairs, widget=forms.CheckboxSelectMultiple, help_text=most, **told)
