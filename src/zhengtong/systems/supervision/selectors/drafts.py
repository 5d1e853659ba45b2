"""Rules in the making, their trials and their history, for those who may see them."""

import dataclasses
import uuid
from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotFound
from zhengtong.systems.supervision.constants import TrialState
from zhengtong.systems.supervision.models import Card, RuleDraft, RuleTrial, RuleVersion
from zhengtong.systems.supervision.permissions import check_supervisor, is_supervisor


@dataclasses.dataclass(frozen=True)
class KeptRule:
    """A rule with its versions, the newest first, and what became of its cards."""

    key: str
    versions: Sequence[RuleVersion]
    raised: int
    confirmed: int
    cancelled: int

    @property
    def in_force(self) -> RuleVersion | None:
        """The version that judges now."""
        return next((one for one in self.versions if one.active), None)


def visible_drafts(actor: Actor) -> "QuerySet[RuleDraft]":
    """All drafts of the tenant for a supervisor, those of his own unit for a leader, none for anybody else."""
    rows = RuleDraft.objects.filter(tenant=actor.tenant)
    if is_supervisor(actor):
        return rows
    if actor.kind == "official" and actor.has_role("leader") and actor.org_id is not None:
        return rows.filter(drafted_org_id=actor.org_id)
    return rows.none()


def open_drafts(actor: Actor) -> list[RuleDraft]:
    """Drafts that are being written or wait for the second person."""
    return list(visible_drafts(actor).filter(state__in=["draft", "submitted"]).order_by("-changed_at"))


def draft_of(actor: Actor, draft_id: uuid.UUID) -> RuleDraft:
    """One draft; NotFound outside the actor's sight."""
    found = visible_drafts(actor).filter(pk=draft_id).first()
    if found is None:
        raise NotFound(_("没有找到这份规则草稿，或者它不是您所在的单位起草的。"))
    return found


def trials_of(draft: RuleDraft) -> list[RuleTrial]:
    """The trials of a draft, the newest first."""
    return list(draft.trials.order_by("-created_at")[:10])


def trial_of(actor: Actor, trial_id: uuid.UUID) -> RuleTrial:
    """One trial; NotFound where its draft is out of sight."""
    found = RuleTrial.objects.filter(tenant=actor.tenant, pk=trial_id).select_related("draft").first()
    if found is None:
        raise NotFound(_("没有找到这次试算。"))
    draft_of(actor, found.draft_id)
    return found


def running(trial: RuleTrial) -> bool:
    """Whether it is still to come to an end."""
    return trial.state in (TrialState.WAITING, TrialState.RUNNING)


def version_in_force(tenant: str, key: str) -> RuleVersion | None:
    """The version of a rule that judges now."""
    return RuleVersion.objects.filter(tenant=tenant, key=key, active=True).first()


def kept_rule(actor: Actor, key: str) -> KeptRule:
    """A rule with its history, for supervisors; NotFound for one that never was."""
    check_supervisor(actor)
    versions = list(RuleVersion.objects.filter(tenant=actor.tenant, key=key).order_by("-version"))
    if not versions:
        raise NotFound(_("没有找到这条规则。"))
    cards = Card.objects.filter(tenant=actor.tenant, rule_key=key)
    upheld = Q(state="confirmed") | Q(acts__kind="confirm")
    return KeptRule(
        key=key,
        versions=versions,
        raised=cards.count(),
        confirmed=cards.filter(upheld).exclude(state="cancelled").distinct().count(),
        cancelled=cards.filter(state="cancelled").count(),
    )


@dataclasses.dataclass(frozen=True)
class FlaggedRule:
    """A rule and the numbers of the cases that have a card of it; cancelled cards do not count."""

    key: str
    name: str
    cases: frozenset[str]


def flagged_cases(tenant: str) -> dict[str, FlaggedRule]:
    """Every rule of a tenant by its key, with the cases it flagged."""
    names = dict(RuleVersion.objects.filter(tenant=tenant).order_by("version").values_list("key", "name"))
    found: dict[str, set[str]] = {key: set() for key in names}
    cards = Card.objects.filter(tenant=tenant).exclude(state="cancelled").exclude(case_number="")
    for key, number in cards.values_list("rule_key", "case_number").iterator(chunk_size=5000):
        found.setdefault(key, set()).add(number)
    return {key: FlaggedRule(key, names.get(key, key), frozenset(numbers)) for key, numbers in found.items()}


def retired_rules(actor: Actor) -> list[RuleVersion]:
    """The newest version of every rule that is out of force."""
    check_supervisor(actor)
    rows = RuleVersion.objects.filter(tenant=actor.tenant).order_by("key", "-version").distinct("key")
    return [row for row in rows if not row.active]
