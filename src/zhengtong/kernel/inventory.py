"""Which personal data the tables hold: each model says it of its fields, in ``PERSONAL_DATA`` beside them.

The docstring's line ``Personal data:`` says the same in a sentence. From both come the inventory that administrators
read, and the record of processing (个人信息保护法 第五十一条：分类管理). An app declares what it processes data for as
an ``Activity`` in its constants; nothing here knows the apps.
"""

import dataclasses
import enum
from collections.abc import Iterator
from typing import Any, Final

from django.apps import AppConfig, apps
from django.db import models

from zhengtong.kernel import parameters
from zhengtong.kernel.fields import EncryptedTextField


class Whose(enum.Enum):
    """Whose data they are."""

    CITIZEN = "办事人"
    OFFICIAL = "工作人员"
    THIRD = "其他个人"


class Category(enum.Enum):
    """How much they ask of who holds them (个人信息保护法 第二十八条)."""

    ORDINARY = "一般个人信息"
    SENSITIVE = "敏感个人信息"
    MINOR = "可能含不满十四周岁未成年人的敏感个人信息"


class Basis(enum.Enum):
    """What allows the processing (个人信息保护法 第十三条)."""

    DUTY = "履行法定职责或者法定义务所必需（第十三条第一款第三项）"
    CONSENT = "个人同意（第十三条第一款第一项）"
    LAW = "法律、行政法规规定的其他情形（第十三条第一款第七项）"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Activity:
    """What data are processed for: ``kept`` says until when, ``period`` names the parameter that counts its days.

    ``stays`` is why an erasure that somebody asks for leaves them; empty where his data go. ``copies`` are the places
    beside the table where the same data stand.
    """

    purpose: str
    basis: Basis
    kept: str
    period: str = ""
    stays: str = ""
    copies: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Held:
    """Fields of one model that hold data of the same people, for the same purpose."""

    fields: tuple[str, ...]
    whose: Whose
    activity: Activity
    category: Category = Category.ORDINARY


LEDGER_COPY: Final = "责任认定账本（内容可抹除，承诺值保留）"
FILE_COPY: Final = "文件库"
PAPER_COPY: Final = "文书和电子证照（PDF、OFD）"
MODEL_COPY: Final = "监察和统计（只有代号和数量）"
BACKUP_COPY: Final = "备份（随抹除名单处理）"

DUTY: Final = Activity(
    purpose="记录谁在什么岗位上做了什么，供认定责任",
    basis=Basis.DUTY,
    kept="与所记录的业务一起保存",
    stays="工作人员履行职务的记录，认定责任和公务档案需要",
    copies=(LEDGER_COPY,),
)
CASE_FILE: Final = Activity(
    purpose="办理申请的事项",
    basis=Basis.DUTY,
    kept="与办件档案一起保存；没有提交的草稿另有期限",
    period=parameters.declare(
        "retention.case_file_days",
        default=30 * 365,
        label="办件档案保管期限",
        unit="天",
        source="机关文件材料归档范围和文书档案保管期限规定（待核实）",
        confirmed=False,
    ).key,
    stays="已经提交的办件属于应当归档的公务档案，保管期限内不得销毁",
    copies=(LEDGER_COPY, FILE_COPY, PAPER_COPY, MODEL_COPY),
)
FILES: Final = Activity(
    purpose="保存收到的和制作的文件",
    basis=Basis.DUTY,
    kept="与所属的办件、来件一起保存；没有归属的按期删除",
    period=parameters.declare(
        "retention.loose_file_days",
        default=2,
        label="没有归属的文件保留时间",
        unit="天",
        source="个人信息保护法第十九条（最短必要时间），天数由本平台设定（待核实）",
        confirmed=False,
    ).key,
    copies=(BACKUP_COPY,),
)
ATTEMPTS: Final = Activity(
    purpose="限制从一个网络地址反复提交、查询和评价，防止猜出查询码",
    basis=Basis.DUTY,
    kept="计数以后",
    period=parameters.declare(
        "retention.attempts_days",
        default=1,
        label="访问计数保留时间",
        unit="天",
        source="本平台设定（待核实）",
        confirmed=False,
    ).key,
    stays="只有每天更换密钥的摘要，期满自动删除",
)


def personal(*held: Held) -> tuple[Held, ...]:
    """What a model says of its fields: ``PERSONAL_DATA = personal(of_citizen("phone", activity=…))``."""
    return held


def of_citizen(*fields: str, activity: Activity, category: Category = Category.ORDINARY) -> Held:
    """Data of people who come to the platform."""
    return Held(fields, Whose.CITIZEN, activity, category)


def of_official(*fields: str, activity: Activity = DUTY) -> Held:
    """Data of officials in their office."""
    return Held(fields, Whose.OFFICIAL, activity)


def of_third(*fields: str, activity: Activity, category: Category = Category.ORDINARY) -> Held:
    """Data of people who are named by others."""
    return Held(fields, Whose.THIRD, activity, category)


def declared(model: type[models.Model]) -> tuple[Held, ...]:
    """What a model and the abstract ones it is made of declare."""
    return tuple(one for kind in model.__mro__ for one in vars(kind).get("PERSONAL_DATA", ()))


def sentence(model: type[models.Model]) -> str:
    """The line of the docstring that says it in words, without its heading; empty where there is none."""
    text = " ".join((model.__doc__ or "").split())
    return text.partition("Personal data: ")[2]


@dataclasses.dataclass(frozen=True)
class Line:
    """One field of the inventory, in words for people."""

    app: str
    model: str
    label: str
    field: str
    field_label: str
    encrypted: bool
    held: Held

    def row(self, tenant: str | None = None) -> dict[str, str]:
        """As a row of a table; ``tenant``: whose period in force is told (the declared one without)."""
        activity = self.held.activity
        return {
            "app": self.app,
            "table": self.label,
            "column": f"{self.model}.{self.field}",
            "field": self.field_label,
            "category": self.held.category.value,
            "whose": self.held.whose.value,
            "purpose": activity.purpose,
            "basis": activity.basis.value,
            "kept": kept_words(activity, tenant),
            "copies": "、".join(activity.copies) or "无",
            "encrypted": "加密" if self.encrypted else "",
            "erasure": activity.stays or "按本人申请删除或者隐去",
        }


COLUMNS: Final = {
    "app": "系统",
    "table": "数据",
    "field": "字段",
    "column": "位置",
    "whose": "谁的信息",
    "category": "类别",
    "purpose": "处理目的",
    "basis": "合法性基础",
    "kept": "保存期限",
    "copies": "还存在哪里",
    "encrypted": "加密",
    "erasure": "申请删除时",
}


def kept_words(activity: Activity, tenant: str | None = None) -> str:
    """Until when, with the days of the parameter and whether they are still to be confirmed."""
    if not activity.period:
        return activity.kept
    known = parameters.declared.get(activity.period)
    days = known.default if tenant is None else parameters.value(activity.period, tenant=tenant)
    doubt = "" if known.confirmed else "，待核实"
    return f"{activity.kept}（{days} 天{doubt}）"


def inventory() -> Iterator[Line]:
    """Every field that holds personal data, by app and model."""
    for config in apps.get_app_configs():
        if config.name.startswith("zhengtong."):
            yield from _of_app(config)


def _of_app(config: AppConfig) -> Iterator[Line]:
    for model in config.get_models():
        for held in declared(model):
            for name in held.fields:
                field: Any = model._meta.get_field(name)
                yield Line(
                    app=str(config.verbose_name),
                    model=model._meta.label,
                    label=str(model._meta.verbose_name),
                    field=name,
                    field_label=str(getattr(field, "verbose_name", name)),
                    encrypted=isinstance(field, EncryptedTextField),
                    held=held,
                )
