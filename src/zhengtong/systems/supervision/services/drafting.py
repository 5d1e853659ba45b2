"""Composing a rule: drafted by one, tried over the past, put in force by another; taken out of force with a reason."""

import secrets
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.notify import api as notify
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.transactions import hold
from zhengtong.systems.supervision.constants import DRAFT_KIND, RULE_KIND, SUPERVISOR, DraftState, TrialState
from zhengtong.systems.supervision.models import RuleDraft, RuleVersion
from zhengtong.systems.supervision.permissions import check_supervisor, is_supervisor
from zhengtong.systems.supervision.services.board import touch
from zhengtong.systems.supervision.services.rulebook import (
    content_of,
    end_version,
    newest_versions,
    put_in_force,
)
from zhengtong.systems.supervision.services.trying import check_complete, digest_of

#: how the key of a rule of one's own begins
_OWN = "own-"
_SHORTEST = 5
_LONGEST = 2000


@transaction.atomic
def draft_rule(*, actor: Actor, key: str = "") -> RuleDraft:
    """Begin a rule, or a new version of the one ``key``; gives the open draft where there is one.

    A new rule in which one has written nothing yet is begun only once. Raises NotPermitted, and NotFound for a rule
    that never was.
    """
    check_supervisor(actor)
    content: dict[str, Any] = {"condition": {"all": []}, "level": "hint", "scope": "step", "confirmed": False}
    if not key:
        hold(f"supervision:draft:{actor.tenant}:{actor.person_id}")
        empty = RuleDraft.objects.filter(
            tenant=actor.tenant, drafted_by_id=actor.person_id, state="draft", key__startswith=_OWN, content=content
        ).first()
        if empty is not None:
            return empty
    else:
        newest, _current = newest_versions(actor.tenant, key)
        if newest is None:
            raise NotFound(_("没有找到这条规则。"))
        content = content_of_version(newest)
    key = key or f"{_OWN}{secrets.token_hex(4)}"
    open_one = RuleDraft.objects.filter(tenant=actor.tenant, key=key, state__in=["draft", "submitted"]).first()
    if open_one is not None:
        return open_one
    try:
        with transaction.atomic():
            draft = RuleDraft.objects.create(
                tenant=actor.tenant,
                key=key,
                content=content,
                drafted_by_id=actor.person_id,
                drafted_by=actor.name,
                drafted_for_id=actor.delegator_id,
                drafted_org_id=actor.org_id,
                changed_at=now(),
            )
    except IntegrityError:
        return RuleDraft.objects.get(tenant=actor.tenant, key=key, state__in=["draft", "submitted"])
    _record(actor, draft, "supervision.draft_rule", {"key": key})
    return draft


def content_of_version(rule: RuleVersion) -> dict[str, Any]:
    """What a version says, as plain values: what a draft begins with and is compared to."""
    named = content_of({name: getattr(rule, name) for name in _names()} | {"expires_on": rule.expires_on})
    plain = {
        name: str(value) if name in ("points", "expected_precision", "expires_on") else value
        for name, value in named.items()
    }
    return plain | {name: None for name in ("expected_precision", "expires_on") if named[name] is None}


def _names() -> list[str]:
    return [name for name in content_of({}) if name != "expires_on"]


@transaction.atomic
def save_draft(*, actor: Actor, draft_id: uuid.UUID, content: Mapping[str, Any]) -> RuleDraft:
    """Keep what the drafter composed, complete or not. Raises NotFound, NotPermitted, Conflict."""
    draft = _own_draft(actor, draft_id)
    draft.content, draft.changed_at = dict(content), now()
    draft.save(update_fields=["content", "changed_at"])
    return draft


@transaction.atomic
def submit_draft(*, actor: Actor, draft_id: uuid.UUID) -> RuleDraft:
    """Ask for the second person; only what was tried over the past as it stands. Raises Invalid, Conflict."""
    draft = _own_draft(actor, draft_id)
    check_complete(draft)
    _check_tried(draft)
    _move(actor, draft, DraftState.SUBMITTED, "supervision.submit_rule")
    _tell_deciders(actor, draft)
    return draft


def _tell_deciders(actor: Actor, draft: RuleDraft) -> None:
    """Those of the drafter's unit who may decide get a message: supervisors and its leader."""
    if draft.drafted_org_id is None:
        return
    roles = (SUPERVISOR, "leader")
    found = (one for role in roles for one in identity.people_in(draft.tenant, draft.drafted_org_id, role))
    for person_id in sorted({one.person_id for one in found} - {actor.person_id, actor.hands_id}):
        notify.send_message(
            tenant=draft.tenant,
            person_id=person_id,
            title=_("监察规则待批准：%(name)s") % {"name": draft.content.get("name", "")},
            body=_("%(who)s提交了监察规则，请看过试算结果后批准或者退回。") % {"who": actor.name},
            object_ref=ObjectRef(kind=DRAFT_KIND, id=str(draft.id)),
            link=reverse("supervision:draft", args=[draft.id]),
        )


@transaction.atomic
def return_draft(*, actor: Actor, draft_id: uuid.UUID, reason: str) -> RuleDraft:
    """The second person sends it back with a reason."""
    draft = _submitted(actor, draft_id)
    _move(actor, draft, DraftState.DRAFT, "supervision.return_rule", reason=checked_reason(reason))
    return draft


@transaction.atomic
def drop_draft(*, actor: Actor, draft_id: uuid.UUID) -> RuleDraft:
    """The drafter gives it up."""
    draft = _locked(actor, draft_id)
    if not is_supervisor(actor) or draft.drafted_by_id != actor.person_id:
        raise NotPermitted(_("草稿由起草人%(name)s放弃。") % {"name": draft.drafted_by})
    if draft.state not in (DraftState.DRAFT, DraftState.SUBMITTED):
        raise Conflict(_("这份草稿已经了结。"))
    _move(actor, draft, DraftState.DROPPED, "supervision.drop_rule")
    return draft


@transaction.atomic
def enable_draft(*, actor: Actor, draft_id: uuid.UUID) -> RuleVersion:
    """Put a submitted draft in force: it judges what happens from now on. The drafter cannot.

    Raises NotPermitted, Conflict, Invalid.
    """
    draft = _submitted(actor, draft_id)
    row = {"key": draft.key, **draft.content}
    check_complete(draft)
    _check_tried(draft)
    newest, current = newest_versions(actor.tenant, draft.key)
    rule = put_in_force(actor, row | {"valid_from": None}, newest, current, by=actor.name)
    _move(actor, draft, DraftState.ENABLED, "supervision.enable_rule", version=rule.version)
    touch(actor.tenant)
    return rule


@transaction.atomic
def retire_rule(*, actor: Actor, key: str, reason: str) -> RuleVersion:
    """Take a rule out of force, with a reason; its cards stay. Raises NotPermitted, NotFound, Invalid."""
    check_supervisor(actor)
    words = checked_reason(reason)
    _newest, current = newest_versions(actor.tenant, key)
    if current is None:
        raise NotFound(_("这条规则现在没有启用。"))
    end_version(current, now(), by=actor.name, why=words)
    ledger.append(
        actor=actor,
        act="supervision.retire_rule",
        object_ref=ObjectRef(kind=RULE_KIND, id=str(current.id)),
        payload={"key": key, "version": current.version, "name": current.name, "reason": words},
    )
    touch(actor.tenant)
    return current


def may_decide(actor: Actor, draft: RuleDraft) -> bool:
    """Another supervisor, or the leader of the drafter's unit; never the drafter, his deputy or whom he stood for."""
    if not identity.is_second_person(actor, draft.drafted_by_id, draft.drafted_for_id):
        return False
    leads = actor.kind == "official" and actor.has_role("leader") and actor.org_id == draft.drafted_org_id
    return actor.tenant == draft.tenant and ((actor.kind == "official" and is_supervisor(actor)) or leads)


def checked_reason(text: str) -> str:
    """A reason as it is kept; Invalid when it says nothing or far too much."""
    words = text.replace("\x00", "").strip()
    if not _SHORTEST <= len(words) <= _LONGEST:
        raise Invalid(
            _("请写明理由，%(least)d 到 %(most)d 个字。") % {"least": _SHORTEST, "most": _LONGEST}, field="reason"
        )
    return words


def _locked(actor: Actor, draft_id: uuid.UUID) -> RuleDraft:
    draft = RuleDraft.objects.select_for_update().filter(tenant=actor.tenant, pk=draft_id).first()
    if draft is None:
        raise NotFound(_("没有找到这份规则草稿。"))
    return draft


def _own_draft(actor: Actor, draft_id: uuid.UUID) -> RuleDraft:
    check_supervisor(actor)
    draft = _locked(actor, draft_id)
    if draft.drafted_by_id != actor.person_id:
        raise NotPermitted(_("这份草稿由%(name)s起草，只有起草人可以修改。") % {"name": draft.drafted_by})
    if draft.state != DraftState.DRAFT:
        raise Conflict(_("这份草稿已经提交或者了结，不能再修改。"))
    return draft


def _submitted(actor: Actor, draft_id: uuid.UUID) -> RuleDraft:
    draft = _locked(actor, draft_id)
    if not may_decide(actor, draft):
        raise NotPermitted(_("规则由另一位监察员或者起草单位的负责人批准，起草人自己不能批准。"))
    if draft.state != DraftState.SUBMITTED:
        raise Conflict(_("这份草稿现在不在待批准状态。"))
    return draft


def _check_tried(draft: RuleDraft) -> None:
    tried = draft.trials.filter(state=TrialState.DONE, digest=digest_of(draft.content))
    if not tried.exists():
        raise Conflict(_("规则改过以后还没有试算完。请先用过去的事件试算，看过结果再提交。"))


def _move(actor: Actor, draft: RuleDraft, state: DraftState, act: str, **more: Any) -> None:
    draft.state, draft.changed_at = state, now()
    draft.reason = str(more.get("reason", ""))
    if state == DraftState.ENABLED:
        draft.decided_by = actor.name
    draft.save(update_fields=["state", "changed_at", "reason", "decided_by"])
    _record(actor, draft, act, {"key": draft.key, "digest": digest_of(draft.content), **more})


def _record(actor: Actor, draft: RuleDraft, act: str, payload: Mapping[str, Any]) -> None:
    ledger.append(actor=actor, act=act, object_ref=ObjectRef(kind=DRAFT_KIND, id=str(draft.id)), payload=payload)
