"""A question of a form as the templates print it: ids, values, sentences, attributes; nothing is decided here."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.forms.utils import flatatt
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zhengtong.capabilities.forms import api
from zhengtong.capabilities.forms.registry import division_name, division_tree
from zhengtong.kernel.ui.formats import cn_datetime

RADIO_AT_MOST = 6
BLANK = "__row__"  # stands for the number of a row in what the page copies
_WIDTHS = {"phone": "short", "number": "short", "citizen_number": "medium", "uscc": "medium", "email": "medium"}
_AUTOCOMPLETE = {"name": "name", "phone": "tel", "legal_name": "organization"}
_CODE = {"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}
_LINE: Mapping[str, Mapping[str, str]] = {
    "citizen_number": _CODE,
    "uscc": _CODE,
    "phone": {"type": "tel", "autocomplete": "tel", "inputmode": "tel"},
    "email": {"type": "email", "autocomplete": "email", "inputmode": "email"},
    "number": {"inputmode": "decimal", "autocomplete": "off"},
    "amount": {"inputmode": "decimal", "autocomplete": "off"},
    "date": {"inputmode": "numeric", "autocomplete": "off"},
    "address": {"autocomplete": "street-address"},
}
_DATE_HELP = "可以写成 2026-11-21、20261121 或 2026年11月21日。"


@dataclasses.dataclass(frozen=True)
class Surroundings:
    """What all questions of a page share: answers, sentences and unasked questions by path, and how to reach files."""

    answers: Mapping[str, Any]
    errors: Mapping[str, str] = dataclasses.field(default_factory=dict)
    asked: frozenset[str] | None = None
    known: Mapping[str, str] = dataclasses.field(default_factory=dict)
    computed: Mapping[str, str] = dataclasses.field(default_factory=dict)
    typed: Mapping[str, Sequence[str]] = dataclasses.field(default_factory=dict)
    file_url: Callable[[str], str] = lambda _file: ""
    tenant: str = ""

    def is_asked(self, path: str) -> bool:
        """True when the question at a path is put now."""
        return self.asked is None or path in self.asked


@dataclasses.dataclass(frozen=True)
class Option:
    """One answer to choose."""

    id: str
    value: str
    label: str
    chosen: bool


@dataclasses.dataclass(frozen=True)
class Day:
    """One end of a period."""

    id: str
    label: str
    full: str
    attrs: SafeString


@dataclasses.dataclass(frozen=True)
class File:
    """A file given as an answer."""

    id: str
    name: str
    url: str


@dataclasses.dataclass(frozen=True)
class Row:
    """A row of a group or table with its questions; ``index`` names it on the page, ``number`` counts from one."""

    index: str
    id: str
    number: int
    controls: tuple["Control", ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Control:
    """One question; the templates ``forms/kinds/*.html`` print it. ``path`` names its value."""

    field: api.Field
    path: str
    value: Any
    errors: tuple[str, ...] = ()
    help: str = ""
    hidden: bool = False
    options: tuple[Option, ...] = ()
    days: tuple[Day, ...] = ()
    files: tuple[File, ...] = ()
    rows: tuple[Row, ...] = ()
    blank_row: Row | None = None
    shown: str = ""
    searched: str = ""
    capital: str = ""
    as_select: bool = False

    @property
    def id(self) -> str:
        """Id of the first thing to reach with the keyboard."""
        return api.field_id(self.path)

    @property
    def kind(self) -> str:
        """The kind of the question."""
        return self.field.kind

    @property
    def label(self) -> str:
        """The question."""
        return self.field.label

    @property
    def caption(self) -> str:
        """The question with its unit."""
        unit = "元" if self.field.kind == "amount" else self.field.unit
        return f"{self.field.label}（{unit}）" if unit else self.field.label

    @property
    def required(self) -> bool:
        """True when it must be answered; what is only shown is never marked as optional."""
        return self.field.required or not self.field.asks

    @property
    def conditional(self) -> bool:
        """True when it is asked only under a condition."""
        return self.field.when is not None

    @property
    def width(self) -> str:
        """short, medium or the full column."""
        return _WIDTHS.get(self.kind, "")

    @property
    def help_id(self) -> str:
        """Id of the help sentence."""
        return f"{self.id}_help"

    @property
    def error_id(self) -> str:
        """Id of the sentence that says what is wrong."""
        return f"{self.id}_error"

    @property
    def described(self) -> str:
        """Ids of the sentences that belong to it."""
        return " ".join([*([self.error_id] if self.errors else []), *([self.help_id] if self.help else [])])

    @property
    def template(self) -> str:
        """The template of its kind."""
        if self.kind == "choice":
            name = "select" if self.as_select or len(self.field.options) > RADIO_AT_MOST else "boxes"
        else:
            name = {"choices": "boxes"}.get(self.kind, self.kind if self.kind in _OWN_TEMPLATES else "line")
        return f"forms/kinds/{name}.html"

    @property
    def input_type(self) -> str:
        """Of the boxes: one or several."""
        return "radio" if self.kind == "choice" else "checkbox"

    @property
    def attrs(self) -> SafeString:
        """Attributes of the one input, select or textarea."""
        found: dict[str, Any] = {"id": self.id, "name": self.path, "class": "form-control"}
        if self.kind in ("choice",):
            found["class"] = "form-select"
        elif self.kind == "consent":
            found |= {"class": "form-check-input", "type": "checkbox", "value": "yes"}
        elif self.kind == "textarea":
            found["rows"] = "6"
        elif self.kind == "division":
            found |= {"type": "search", "name": f"{self.path}.q", "value": self.searched, "autocomplete": "off"}
        elif self.kind == "attachment":
            found |= {"type": "file", "name": f"{self.path}.new", "accept": self._accept}
        elif self.kind == "signature":
            found |= {"name": f"{self.path}.name", "value": self.value.get("name", ""), "autocomplete": "name"}
        else:
            found |= {"type": "text", "value": str(self.value or ""), **_LINE.get(self.kind, {})}
            if self.field.prefill in _AUTOCOMPLETE:
                found["autocomplete"] = _AUTOCOMPLETE[self.field.prefill]
        found["required"] = self.field.required and self.kind not in ("division", "attachment")
        return flatatt(found | self._said)

    @property
    def _said(self) -> dict[str, Any]:
        grouped = self.kind in ("division", "attachment", "signature")
        said: dict[str, Any] = {"aria-describedby": self.described} if self.described and not grouped else {}
        return said | ({"aria-invalid": "true"} if self.errors else {})

    @property
    def _accept(self) -> str:
        return ",".join(f".{name}" for name in self.formats)

    @property
    def formats(self) -> tuple[str, ...]:
        """Extensions of files that may be given."""
        return tuple(name.lower().lstrip(".") for name in self.field.formats) or ("pdf", "jpg", "jpeg", "png")

    @property
    def allowed(self) -> str:
        """What may be given, said before a file is chosen."""
        words = {
            "form": self.field.paper_form,
            "copies": self.field.copies,
            "formats": "、".join(dict.fromkeys(name.upper().replace("JPEG", "JPG") for name in self.formats)),
            "most": self.field.max_files,
        }
        asked = _("%(form)s %(copies)d 份。") % words if self.field.paper_form else ""
        return asked + _("可以上传 %(formats)s 文件，最多 %(most)d 个，每个不超过 50 MB。") % words

    @property
    def replaces(self) -> bool:
        """True when the next file takes the place of the one that is there."""
        return self.field.max_files == 1 and bool(self.files)

    @property
    def blank_file(self) -> File:
        """What the page copies for a file that was just given."""
        return File("", "", "#")

    @property
    def drawn(self) -> str:
        """The drawn signature as a picture."""
        return str(self.value.get("drawn") or "")

    @property
    def signed_at(self) -> str:
        """When it was signed, as people read it."""
        try:
            return cn_datetime(dt.datetime.fromisoformat(self.value.get("at") or ""))
        except ValueError:
            return ""

    @property
    def row_label(self) -> str:
        """What one row is called."""
        return self.field.row_label or self.field.label

    @property
    def heads(self) -> tuple["Control", ...]:
        """The columns of a table."""
        return tuple(Control(field=column, path=column.key, value="") for column in self.field.fields)

    @property
    def least(self) -> int:
        """Fewest rows."""
        return self.field.min_rows

    @property
    def most(self) -> int:
        """Most rows."""
        return self.field.max_rows

    @property
    def full(self) -> bool:
        """True when no row may be added."""
        return len(self.rows) >= self.most

    @property
    def rows_word(self) -> str:
        """How many rows there may be."""
        words = {"least": self.least, "most": self.most}
        return (_("%(least)d 至 %(most)d 行") if self.least else _("最多 %(most)d 行")) % words


_OWN_TEMPLATES = frozenset(
    (
        *("textarea", "amount", "date", "period", "consent", "note", "computed"),
        *("division", "attachment", "group", "table", "signature"),
    )
)


def control_of(field: api.Field, path: str, value: Any, around: Surroundings, *, in_table: bool = False) -> Control:
    """A question with its value, as the templates print it."""
    value = field.empty if value is None else value
    error = around.errors.get(path, "")
    parts = _PARTS.get(field.kind)
    more = parts(field, path, value, around) if parts else {}
    if field.kind == "computed":
        value = around.computed.get(path, value)
    elif field.kind == "note":
        value = field.text
    return Control(
        field=field,
        path=path,
        errors=(error,) if error else (),
        help=_help(field, value, around, in_table=in_table),
        hidden=not around.is_asked(path),
        as_select=in_table,
        **({"value": value} | more),
    )


def controls_of(
    fields: Sequence[api.Field], values: Mapping[str, Any], around: Surroundings, prefix: str = "", **more: Any
) -> tuple[Control, ...]:
    """Questions in order; ``prefix`` is the path of the row they stand in."""
    return tuple(control_of(one, f"{prefix}{one.key}", values.get(one.key), around, **more) for one in fields)


#: facts that come from the register of legal persons; all others come from the person's own registration
_OF_LEGAL_PERSON = ("legal_name", "uscc", "legal_representative", "has_licence")


def _help(field: api.Field, value: Any, around: Surroundings, *, in_table: bool) -> str:
    text = field.help
    if field.kind in ("date", "period") and not in_table:
        text = f"{text}{_DATE_HELP}"
    if field.prefill and value and value == around.known.get(field.prefill):
        source = _("您代表的单位的登记信息") if field.prefill in _OF_LEGAL_PERSON else _("您的实名信息")
        return _("已按您的身份信息预填（来自%(source)s）。") % {"source": source} + text
    return text


def _options(field: api.Field, path: str, value: Any, _around: Surroundings) -> dict[str, Any]:
    chosen = set(value if isinstance(value, list) else [value])
    found = [
        Option(api.field_id(path) + (f"_{number}" if number else ""), key, label, key in chosen)
        for number, (key, label) in enumerate(field.options)
    ]
    return {"options": tuple(found)}


def _days(field: api.Field, path: str, value: Any, around: Surroundings) -> dict[str, Any]:
    found = []
    kept = value if isinstance(value, Mapping) else {}
    for side, label in (("from", _("开始日期")), ("to", _("结束日期"))):
        own = api.field_id(path) + ("-to" if side == "to" else "")
        attrs: dict[str, Any] = {"id": own, "name": f"{path}.{side}", "class": "form-control", "type": "text"}
        attrs |= {**_LINE["date"], "value": str(kept.get(side) or ""), "required": field.required}
        if around.errors.get(path):
            attrs["aria-invalid"] = "true"
        found.append(Day(own, label, f"{field.label} {label}", flatatt(attrs)))
    return {"days": tuple(found)}


def _files(_field: api.Field, _path: str, value: Any, around: Surroundings) -> dict[str, Any]:
    return {"files": tuple(File(one["file"], one.get("name", ""), around.file_url(one["file"])) for one in value)}


def _rows(field: api.Field, path: str, value: Any, around: Surroundings) -> dict[str, Any]:
    table = field.kind == "table"
    kept = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []

    def row_of(index: str, number: int, row: Mapping[str, Any], near: Surroundings) -> Row:
        inside = controls_of(field.fields, row, near, f"{path}.{index}.", in_table=table)
        return Row(index, api.field_id(f"{path}.{index}"), number, inside)

    bare = dataclasses.replace(around, errors={}, asked=None)
    return {
        "rows": tuple(row_of(str(number), number + 1, row, around) for number, row in enumerate(kept)),
        "blank_row": row_of(BLANK, 0, {}, bare),
    }


def _capital(_field: api.Field, _path: str, value: Any, _around: Surroundings) -> dict[str, Any]:
    plain = str(value).replace(",", "").replace("，", "").strip()
    return {"capital": api.amount_in_words(plain)}


def _division(field: api.Field, path: str, value: Any, around: Surroundings) -> dict[str, Any]:
    typed = (around.typed.get(f"{path}.q") or ("",))[-1].strip()
    places = division_tree().search(around.tenant, typed, field.level) if typed else ()
    options = tuple(
        Option(f"{api.field_id(path)}_{number}", place.code, place.name, place.code == value)
        for number, place in enumerate(places, 1)
    )
    code = value if isinstance(value, str) else ""
    shown = (division_name(around.tenant, code) if code and around.tenant else "") or code
    return {"options": options, "searched": typed, "shown": shown}


def _signature(_field: api.Field, _path: str, value: Any, _around: Surroundings) -> dict[str, Any]:
    return {"value": value if isinstance(value, Mapping) else {}}


_PARTS: Mapping[str, Callable[[api.Field, str, Any, Surroundings], dict[str, Any]]] = {
    "amount": _capital,
    "choice": _options,
    "choices": _options,
    "division": _division,
    "period": _days,
    "attachment": _files,
    "group": _rows,
    "table": _rows,
    "signature": _signature,
}
