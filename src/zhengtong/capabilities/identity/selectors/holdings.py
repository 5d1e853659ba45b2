"""What identity holds about a person who asks for himself."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity.models import Account, Agency, Consent, Person, SignIn
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.personal_data import Holding, Readable

_ACCOUNT = "/accounts/"


def holdings_of_person(actor: Actor) -> list[Holding]:
    """Registration, account, sign-ins, consents, agencies of the actor himself; nothing for an official in office."""
    if actor.person_id is None or actor.kind == "official" or actor.ward_id is not None:
        return []
    person = Person.objects.filter(tenant=actor.tenant, pk=actor.person_id)
    return [*_registration(person), *_sign_ins(Account.objects.filter(person__in=person)), *_relations(person)]


def _registration(person: "QuerySet[Person]") -> list[Holding]:
    def rows() -> Iterator[dict[str, Any]]:
        for row in person:
            yield {"姓名": row.name, "公民身份号码": row.citizen_number, "手机号码": row.phone}

    return [
        Holding(
            key="registration",
            label=_("实名信息（姓名、公民身份号码、手机号码）"),
            count=person.count(),
            purpose=_("确认办事的是您本人，办事时替您填好表格"),
            kept=_("账户注销、所涉办件的保管期限都届满以后删除；号码加密保存"),
            rows=rows,
            url=_ACCOUNT,
        )
    ]


def _sign_ins(accounts: "QuerySet[Account]") -> list[Holding]:
    found = SignIn.objects.filter(account__in=accounts).order_by("-created_at")

    def account() -> Iterator[dict[str, Any]]:
        for row in accounts:
            yield {"用户名": row.username, "上次登录": _moment(row.last_login), "开户时间": _moment(row.created_at)}

    def signed_in() -> Iterator[dict[str, Any]]:
        for row in found:
            yield {"时间": _moment(row.created_at), "结果": row.get_outcome_display(), "网络地址": row.address}

    return [
        Holding(
            key="account",
            label=_("登录账户"),
            count=accounts.count(),
            purpose=_("登录本平台"),
            kept=_("与实名信息一起保存"),
            rows=account,
            url=_ACCOUNT,
        ),
        Holding(
            key="sign_ins",
            label=_("登录记录（时间、网络地址）"),
            count=found.count(),
            purpose=_("发现别人冒用您的账户"),
            kept=_("至少六个月（网络安全法第二十一条），以后删除"),
            rows=signed_in,
            url=_ACCOUNT,
        ),
    ]


def _relations(person: "QuerySet[Person]") -> list[Holding]:
    consents = Consent.objects.filter(person__in=person).order_by("-created_at")
    agencies = Agency.objects.filter(person__in=person).select_related("legal_person").order_by("-created_at")

    def consented() -> Iterator[dict[str, Any]]:
        for row in consents:
            yield {"告知书版本": row.notice, "同意时间": _moment(row.created_at), "撤回时间": _moment(row.withdrawn_at)}

    def acted_for() -> Iterator[dict[str, Any]]:
        for row in agencies:
            yield {"单位": row.legal_person.name, "统一社会信用代码": row.legal_person.uscc}

    return [
        Holding(
            key="consents",
            label=_("同意记录"),
            count=consents.count(),
            purpose=_("证明您同意了哪一版个人信息处理告知书"),
            kept=_("账户注销以后三年"),
            rows=consented,
        ),
        Holding(
            key="agencies",
            label=_("您可以代表的单位"),
            count=agencies.count(),
            purpose=_("以单位身份办事"),
            kept=_("与所涉办件一起保存"),
            rows=acted_for,
            url=_ACCOUNT,
        ),
    ]


def readables_of_person(actor: Actor) -> list[Readable]:
    """The record of the person himself, or of the ward for whom he acts."""
    if actor.person_id is None or actor.kind == "official":
        return []
    return [Readable(kind="person", ids=(str(actor.ward_id or actor.person_id),), acts=("identity.contact_read",))]


def _moment(value: Any) -> str:
    return value.isoformat() if value else ""
