"""The county's own words for kinds of messages; each change is a new version."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.notify.constants import TEMPLATE_KEEPERS, TEMPLATE_KIND
from zhengtong.capabilities.notify.models import MessageTemplate
from zhengtong.capabilities.notify.registry import MessageKind, message_kinds
from zhengtong.capabilities.notify.rules import TITLE_LENGTH, faults_of
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted

_LONGEST_BODY = 4000
_LONGEST_SMS = 500
_SHORTEST_REASON = 5


def change_template(
    *,
    actor: Actor,
    kind: str,
    code: str = "",
    title: str,
    body: str,
    sms: str,
    reason: str,
    based_on: int,
) -> MessageTemplate:
    """Give a kind of message other words, for all items or for the item ``code``.

    ``based_on`` is the version the author saw (0 for the built-in words). Raises NotPermitted, NotFound, Conflict when
    somebody else was faster, Invalid naming each field for unknown variables and words that are missing or too long.
    """
    declared = _declared(actor, kind)
    words = {"title": title.strip(), "body": body.strip(), "sms": " ".join(sms.split())}
    errors = template_faults(declared, **words)
    if len(" ".join(reason.split())) < _SHORTEST_REASON:
        errors["reason"] = _("请写明修改理由，至少 5 个字。")
    if errors:
        raise Invalid(_("请更正标出的内容。"), errors=errors)
    row = MessageTemplate(built_in=False, **words)
    return _store(row, actor=actor, declared=declared, code=code, reason=reason, based_on=based_on)


def restore_template(*, actor: Actor, kind: str, code: str = "", reason: str, based_on: int) -> MessageTemplate:
    """Go back to the words that come with the platform (for an item: to the county's). Raises as above."""
    declared = _declared(actor, kind)
    if len(" ".join(reason.split())) < _SHORTEST_REASON:
        raise Invalid(_("请写明修改理由，至少 5 个字。"), field="reason")
    row = MessageTemplate(built_in=True)
    return _store(row, actor=actor, declared=declared, code=code, reason=reason, based_on=based_on)


def template_faults(declared: MessageKind, *, title: str, body: str, sms: str) -> dict[str, str]:
    """What is wrong with the words for a kind, by field; empty when nothing is."""
    errors = {}
    for name, text, longest in (
        ("title", title, TITLE_LENGTH),
        ("body", body, _LONGEST_BODY),
        ("sms", sms, _LONGEST_SMS),
    ):
        faults = faults_of(text, list(declared.variables))
        if not text and (name == "sms") == declared.sms_only:
            faults.append(_("不能为空。"))
        if declared.sms_only and name == "sms" and text and "{code}" not in text:
            faults.append(_("必须写上验证码 {code}。"))
        if len(text) > longest:
            faults.append(_("最多 %(count)d 个字。") % {"count": longest})
        if faults:
            errors[name] = "".join(faults)
    return errors


def _declared(actor: Actor, kind: str) -> MessageKind:
    if not actor.has_role(*TEMPLATE_KEEPERS):
        raise NotPermitted(_("消息模板由权力清单管理员修改。"))
    if kind not in message_kinds:
        raise NotFound(_("没有这种消息。"))
    return message_kinds.get(kind)


@transaction.atomic
def _store(
    row: MessageTemplate, *, actor: Actor, declared: MessageKind, code: str, reason: str, based_on: int
) -> MessageTemplate:
    if actor.person_id is None:
        raise NotPermitted(_("请先登录。"))
    code = code.strip()
    if len(code) > 50 or not (code.isascii() and code.isprintable()):
        raise Invalid(_("事项编码不正确。"), field="code")
    former = MessageTemplate.objects.filter(tenant=actor.tenant, kind=declared.key, code=code)
    latest = former.aggregate(latest=Max("version"))["latest"] or 0
    if latest != based_on:
        raise Conflict(_("这份模板刚刚被别人修改过。请核对新的内容后再保存。"))
    row.tenant, row.kind, row.code, row.version = actor.tenant, declared.key, code, latest + 1
    row.changed_by_id, row.changed_by_name = actor.person_id, actor.name[:60]
    row.reason = " ".join(reason.split())[:300]
    # of two who save at the same moment the constraint lets one pass
    _made, created = MessageTemplate.objects.get_or_create(
        tenant=row.tenant, kind=row.kind, code=row.code, version=row.version, defaults=_content_of(row)
    )
    if not created:
        raise Conflict(_("这份模板刚刚被别人修改过。请核对新的内容后再保存。"))
    ledger.append(
        actor=actor,
        act="notify.template_changed",
        object_ref=ObjectRef(kind=TEMPLATE_KIND, id=declared.key),
        payload={
            "code": code,
            "version": row.version,
            "built_in": row.built_in,
            "title": row.title,
            "body": row.body,
            "sms": row.sms,
            "reason": row.reason,
        },
    )
    return _made


def _content_of(row: MessageTemplate) -> dict[str, object]:
    names = ("title", "body", "sms", "built_in", "changed_by_id", "changed_by_name", "reason")
    return {name: getattr(row, name) for name in names}
