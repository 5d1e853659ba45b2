"""Reading messages: one's own, how deliveries fare, what kinds of messages say."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable

from django.conf import settings
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from zhengtong.capabilities.notify.constants import HANDLERS, OPERATORS, Channel, DeliveryState
from zhengtong.capabilities.notify.models import (
    ChannelChoice,
    ChannelStatus,
    Delivery,
    MessageTemplate,
    SiteMessage,
)
from zhengtong.capabilities.notify.registry import MessageKind, matter_guards
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.paging import Page, page_of
from zhengtong.kernel.prepared import prepared


@dataclasses.dataclass(frozen=True)
class Wording:
    """The words of a kind of message; ``version`` 0 and no author for those that come with the platform."""

    title: str
    body: str
    sms: str
    version: int = 0
    code: str = ""


@dataclasses.dataclass(frozen=True)
class ChannelSummary:
    """How a channel fares: ``where`` says what is set up, ``ok`` None when nobody has tried yet."""

    channel: str
    label: str
    configured: bool
    where: str
    ok: bool | None
    since: dt.datetime | None
    detail: str
    counts: dict[str, int]

    def count(self, *states: str) -> int:
        """How many deliveries stand in one of the states."""
        return sum(self.counts.get(str(state), 0) for state in states)


def inbox(*, actor: Actor, page: object = 1, about: ObjectRef | None = None) -> Page[SiteMessage]:
    """The actor's messages with their deliveries, newest first; all, or those about one object."""
    rows = SiteMessage.objects.filter(tenant=actor.tenant, person_id=actor.person_id or uuid.UUID(int=0))
    if about is not None:
        rows = rows.filter(object_kind=about.kind, object_id=about.id)
    return page_of(rows.prefetch_related("deliveries").order_by("-created_at"), page)


def unread(*, actor: Actor) -> int:
    """How many of the actor's messages are unread."""
    if actor.person_id is None:
        return 0
    return SiteMessage.objects.filter(tenant=actor.tenant, person_id=actor.person_id, read_at__isnull=True).count()


def channel_choice(*, actor: Actor) -> tuple[bool, bool]:
    """Whether the actor wants mail and short messages; both until he says otherwise."""
    row = ChannelChoice.objects.filter(tenant=actor.tenant, person_id=actor.person_id or uuid.UUID(int=0)).first()
    return (row.mail, row.sms) if row else (True, True)


def channel_summaries(*, tenant: str) -> list[ChannelSummary]:
    """Mail and short messages: set up or not, reachable or not, how many deliveries in each state."""
    counted: dict[str, dict[str, int]] = {}
    rows = Delivery.objects.filter(tenant=tenant).order_by().values_list("channel", "state").annotate(Count("id"))
    for channel, state, count in rows:
        counted.setdefault(channel, {})[state] = count
    known = {row.channel: row for row in ChannelStatus.objects.filter(tenant=settings.ZHENGTONG_TENANT)}
    places = {Channel.MAIL: _mail_place(), Channel.SMS: _sms_place()}
    found = []
    for channel, (configured, where) in places.items():
        status = known.get(channel.value)
        found.append(
            ChannelSummary(
                channel=channel.value,
                label=str(channel.label),
                configured=configured,
                where=where,
                ok=status.ok if status else None,
                since=status.since if status else None,
                detail=status.detail if status else "",
                counts=counted.get(channel.value, {}),
            )
        )
    return found


def _mail_place() -> tuple[bool, str]:
    if settings.EMAIL_HOST:
        return True, f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    return False, _("没有设置发信服务器，邮件写入状态目录的 mail 文件夹。")


def _sms_place() -> tuple[bool, str]:
    way = settings.ZHENGTONG_SMS_GATEWAY
    if way == "cmpp":
        version = settings.ZHENGTONG_SMS_VERSION
        return True, f"CMPP {version} {settings.ZHENGTONG_SMS_HOST}:{settings.ZHENGTONG_SMS_PORT}"
    if way == "simulated":
        return False, _("演示：内置模拟网关，短信写入状态目录的 sms 文件夹。")
    return False, _("没有设置短信网关，不发短信。")


def deliveries(*, actor: Actor, state: str = "", channel: str = "") -> QuerySet[Delivery]:
    """The county's deliveries for its operators, newest first; none for anybody else."""
    if not actor.has_role(*OPERATORS):
        return Delivery.objects.none()
    rows = Delivery.objects.filter(tenant=actor.tenant)
    if state in DeliveryState.values:
        rows = rows.filter(state=state)
    if channel in Channel.values:
        rows = rows.filter(channel=channel)
    return rows.select_related("message").order_by("-created_at", "-id")


def deliveries_about(*, actor: Actor, object_ref: ObjectRef) -> list[Delivery]:
    """How the messages about an object fare, newest first: for operators, and officials who take part in the matter.

    Empty for everybody else.
    """
    rows = _about(tenant=actor.tenant, kind=object_ref.kind, key=object_ref.id)
    return rows if rows and _may_see(actor, object_ref) else []


@prepared
def _about(*, tenant: str, kind: str, key: str) -> "QuerySet[Delivery]":
    rows = Delivery.objects.filter(tenant=tenant, message__object_kind=kind, message__object_id=key)
    return rows.select_related("message").order_by("-created_at", "-id")[:100]


def delivery_of(*, actor: Actor, delivery_id: uuid.UUID) -> Delivery:
    """One delivery an operator or a handler of the matter may see; NotFound else."""
    row = Delivery.objects.filter(tenant=actor.tenant, pk=delivery_id).select_related("message").first()
    if row is None or not (actor.has_role(*OPERATORS) or (row.message and _may_see(actor, about_of(row.message)))):
        raise NotFound(_("没有找到这条通知。"))
    return row


def may_act_on(actor: Actor, row: Delivery) -> bool:
    """Whether the actor may send it again or record that the person was told otherwise; he may see it already."""
    return actor.has_role(*OPERATORS, *HANDLERS) and row.tenant == actor.tenant


def about_of(message: SiteMessage) -> ObjectRef:
    """What a message is about."""
    return ObjectRef(kind=message.object_kind, id=message.object_id)


def _may_see(actor: Actor, object_ref: ObjectRef) -> bool:
    if actor.has_role(*OPERATORS):
        return True
    if actor.kind != "official" or object_ref.kind not in matter_guards:
        return False
    return matter_guards.get(object_ref.kind)(actor, object_ref)


def corrected_address(row: Delivery) -> str:
    """Where mails to the same person about the same matter go since this address was corrected; else empty."""
    if row.message is None or row.person_id is None:
        return ""
    others = Delivery.objects.filter(
        tenant=row.tenant,
        channel=Channel.MAIL,
        person_id=row.person_id,
        message__object_kind=row.message.object_kind,
        message__object_id=row.message.object_id,
    ).exclude(corrected_from="")
    return next((one.address for one in others.order_by("-created_at")[:50] if one.corrected_from == row.address), "")


def sheet_rows(rows: Iterable[Delivery]) -> Iterable[dict[str, str | int]]:
    """Rows of the export, without addresses in the clear."""
    for row in rows:
        yield {
            "created": _local(row.created_at),
            "channel": row.get_channel_display(),
            "title": row.message.title if row.message else _("验证码"),
            "about": f"{row.message.object_kind}:{row.message.object_id}" if row.message else "",
            "address": row.masked_address,
            "state": row.get_state_display(),
            "attempts": row.attempts,
            "sent": _local(row.sent_at),
            "delivered": _local(row.delivered_at),
            "error": row.last_error,
            "told": " ".join(filter(None, [row.get_told_how_display(), row.told_by_name, row.told_note])),
        }


def _local(value: dt.datetime | None) -> str:
    return f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}" if value else ""


def wording_of(tenant: str, declared: MessageKind, code: str = "") -> Wording:
    """The words in force: the item's, else the county's, else those that come with the platform."""
    rows = MessageTemplate.objects.filter(tenant=tenant, kind=declared.key, code__in={code, ""})
    latest = {row.code: row for row in rows.order_by("code", "-version").distinct("code")}
    for wanted in dict.fromkeys((code, "")):
        found = latest.get(wanted)
        if found is not None and not found.built_in:
            return Wording(found.title, found.body, found.sms, found.version, wanted)
    return Wording(declared.title, declared.body, declared.sms)


def template_versions(tenant: str, kind: str, code: str = "") -> list[MessageTemplate]:
    """All versions of a kind's words, newest first."""
    return list(MessageTemplate.objects.filter(tenant=tenant, kind=kind, code=code).order_by("-version")[:100])


def items_with_own_words(tenant: str, kind: str) -> list[str]:
    """Codes of items for which a kind has, or had, words of its own."""
    rows = MessageTemplate.objects.filter(tenant=tenant, kind=kind).exclude(code="")
    return list(rows.order_by("code").values_list("code", flat=True).distinct())


def kinds_with_own_words(tenant: str) -> set[str]:
    """Kinds of which the county has words of its own, for all items or one."""
    return set(MessageTemplate.objects.filter(tenant=tenant).order_by().values_list("kind", flat=True).distinct())
