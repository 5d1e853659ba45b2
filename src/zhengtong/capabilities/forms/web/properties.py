"""What can be set of a question, by kind, in plain words; and what a page sent of it."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.forms.rules import editing

_FORMATS = (("pdf", "PDF"), ("jpg", _("JPG 照片")), ("png", _("PNG 图片")))


@dataclasses.dataclass(frozen=True)
class Property:
    """One setting: its words on the page, the control that shows it, and the limits of a whole number."""

    name: str
    label: Any
    help: Any = ""
    kind: str = "text"
    required: bool = False
    choices: tuple[tuple[str, Any], ...] = ()
    width: str = ""
    least: int | None = None
    most: int | None = None


LABEL = Property("label", _("问题"), _("填表的人看到的文字，例如“店铺名称”。"), required=True)
HELP = Property("help", _("填写说明"), _("显示在输入框下面，告诉填表的人写什么、到哪里找。"), kind="textarea")
REQUIRED = Property("required", _("必须填写"), kind="checkbox")
UNIT = Property("unit", _("单位"), _("例如 平方米、人、台；显示在问题后面。"), width="short")
PLACES = Property("places", _("小数位数"), kind="number", width="short", least=0, most=6)
MIN = Property("min", _("最小值"), _("不限制就留空。"), kind="decimal", width="short")
MAX = Property("max", _("最大值"), _("不限制就留空。"), kind="decimal", width="short")
LENGTH = Property(
    "max_length",
    _("最多多少字"),
    _("不限制就留空（单行 200 字，多行 4000 字）。"),
    kind="number",
    width="short",
    least=1,
    most=20_000,
)
OPTIONS = Property(
    "options", _("选项"), _("每行写一个选项。改了文字，已有的回答仍然对应原来的选项。"), kind="options", required=True
)
LEAST = Property("min", _("至少选几项"), kind="number", width="short", least=0, most=99)
MOST = Property("max", _("最多选几项"), kind="number", width="short", least=1, most=99)
LEVEL = Property(
    "level",
    _("选到哪一级"),
    kind="select",
    choices=(("county", _("县（区）")), ("town", _("乡镇（街道）")), ("village", _("村（社区）"))),
)
MAX_DAYS = Property("max_days", _("最长多少天"), _("不限制就留空。"), kind="number", width="short", least=1, most=36500)
FORMATS = Property("formats", _("可以上传的文件"), kind="boxes", choices=_FORMATS)
FILES = Property("max_files", _("最多几个文件"), kind="number", width="short", least=1, most=20)
COPIES = Property("copies", _("份数"), kind="number", width="short", least=1, most=99)
PAPER = Property(
    "paper_form",
    _("材料形式"),
    kind="select",
    choices=(("", _("不说明")), ("原件", _("原件")), ("复印件", _("复印件")), ("原件或复印件", _("原件或复印件"))),
)
ROWS_LEAST = Property("min_rows", _("至少几行"), kind="number", width="short", least=0, most=500)
ROWS_MOST = Property("max_rows", _("最多几行"), kind="number", width="short", least=1, most=500)
ROW_LABEL = Property("row_label", _("每一行叫什么"), _("例如 家庭成员、设备；按钮上写“添加家庭成员”。"), width="short")
STATEMENT = Property("statement", _("签名前要读的话"), kind="textarea")
TEXT = Property("text", _("说明文字"), kind="textarea", required=True)
PERSONAL = Property("personal", _("这是个人信息"), _("勾选后，内容在公开和统计中不显示。"), kind="checkbox")

_BY_KIND: Mapping[str, tuple[Property, ...]] = {
    "text": (LENGTH,),
    "textarea": (LENGTH,),
    "number": (UNIT, MIN, MAX, PLACES),
    "amount": (MIN, MAX),
    "choice": (OPTIONS,),
    "choices": (OPTIONS, LEAST, MOST),
    "division": (LEVEL,),
    "period": (MAX_DAYS,),
    "attachment": (PAPER, COPIES, FORMATS, FILES),
    "group": (ROW_LABEL, ROWS_LEAST, ROWS_MOST),
    "table": (ROW_LABEL, ROWS_LEAST, ROWS_MOST),
    "signature": (STATEMENT,),
    "computed": (UNIT, PLACES),
    "note": (TEXT,),
}
_PERSONAL = frozenset(("citizen_number", "phone", "email", "address", "signature"))
_NEVER_PERSONAL = frozenset(("note", "computed", "consent", "group", "table", "attachment"))


def properties_of(kind: str) -> tuple[Property, ...]:
    """All that can be set of a question of a kind."""
    if kind == "note":
        return (Property("label", _("标题"), _("可以不写。")), TEXT)
    own = _BY_KIND.get(kind, ())
    if kind == "computed":
        return (LABEL, HELP, *own)
    return (LABEL, REQUIRED, HELP, *own, *(() if kind in _NEVER_PERSONAL else (PERSONAL,)))


def shown_value(setting: Property, field: Mapping[str, Any]) -> Any:
    """A setting as the page shows it."""
    value = field.get(setting.name)
    if setting.name == "required":
        return value is not False
    if setting.name == "personal":
        return _is_personal(field) if value is None else value
    if setting.kind == "options":
        return "\n".join(label for _value, label in value or [])
    if setting.kind == "boxes":
        return list(value or [])
    return "" if value is None or value is False else value


def changes_in(field: Mapping[str, Any], posted: QueryDict) -> tuple[dict[str, Any], dict[str, str]]:
    """What the page sent as changes of a question, and a sentence per setting that cannot be kept."""
    changes: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for setting in properties_of(str(field["kind"])):
        try:
            changes[setting.name] = _read(setting, field, posted)
        except ValueError as problem:
            errors[setting.name] = str(problem)
    return changes, errors


def _read(setting: Property, field: Mapping[str, Any], posted: QueryDict) -> Any:
    text = posted.get(setting.name, "").replace("\r", "").strip()
    if setting.kind == "checkbox":
        ticked = posted.get(setting.name) == "on"
        return ticked if setting.name == "required" or ticked != _is_personal(field) else None
    if setting.kind == "boxes":
        sent = [value for value in posted.getlist(setting.name) if value in dict(setting.choices)]
        old = [value for value in field.get(setting.name) or [] if value in sent]
        return old + [value for value in sent if value not in old]
    if setting.kind == "options":
        found = editing.options_of(text.split("\n"), field.get("options") or [])
        if not found:
            raise ValueError(_("请至少写一个选项，每行一个。"))
        return found
    if setting.kind == "select":
        return text if text in dict(setting.choices) and text else None
    if not text:
        if setting.required:
            raise ValueError(_("请填写%(label)s。") % {"label": setting.label})
        return None
    return _number(setting, text) if setting.kind in ("number", "decimal") else text


def _is_personal(field: Mapping[str, Any]) -> bool:
    """What counts as personal data without being said."""
    return field["kind"] in _PERSONAL


def _number(setting: Property, text: str) -> Any:
    if setting.kind == "decimal":
        plain = text.lstrip("-").replace(".", "", 1)
        if not (plain.isascii() and plain.isdigit()):
            raise ValueError(_("%(label)s应为数字。") % {"label": setting.label})
        return text
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise ValueError(_("%(label)s应为整数。") % {"label": setting.label})
    number = int(text)
    words = {"label": setting.label, "least": setting.least, "most": setting.most}
    if setting.least is not None and number < setting.least:
        raise ValueError(_("%(label)s不能小于 %(least)d。") % words)
    if setting.most is not None and number > setting.most:
        raise ValueError(_("%(label)s不能大于 %(most)d。") % words)
    return str(number) if setting in (LEAST, MOST) else number
