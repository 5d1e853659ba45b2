"""Findings that are explained: the keeper of the site says why, the keeper of the group says whether it stands."""

import uuid
from collections import Counter

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, NotFound, NotPermitted
from zhengtong.systems.sites import permissions
from zhengtong.systems.sites.constants import FINDING_KIND, Explained
from zhengtong.systems.sites.models import SiteCheck, SiteFinding
from zhengtong.systems.sites.rules.inspection import verdict
from zhengtong.systems.sites.selectors.inspected import limits_of
from zhengtong.systems.sites.services.live import checked_reason
from zhengtong.systems.sites.services.telling import record


@transaction.atomic
def explain_finding(*, actor: Actor, finding_id: uuid.UUID, words: str) -> SiteFinding:
    """Say why something is no fault. Raises Conflict, Invalid, NotFound, NotPermitted."""
    row = _locked(actor, finding_id)
    if actor.person_id is None:
        raise NotPermitted(_("说明由网站的编辑、签发人写。"))
    if row.explained in (Explained.ASKED, Explained.ACCEPTED):
        raise Conflict(_("这项发现已经说明过，请刷新后查看。"))
    row.explanation = checked_reason(words, _("说明"), field="words")
    row.explained, row.explained_by, row.explained_by_id = Explained.ASKED, actor.name, actor.person_id
    row.explained_for_id = actor.delegator_id
    row.reviewed_by, row.reviewed_by_id, row.reviewed_on, row.opinion = "", None, None, ""
    row.save()
    record(actor, "sites.explain", _ref(row), place=row.place, evidence=row.evidence, words=row.explanation)
    return row


@transaction.atomic
def review_explanation(*, actor: Actor, finding_id: uuid.UUID, accept: bool, opinion: str = "") -> SiteFinding:
    """Another person says whether it stands, with a reason where not.

    Raises Conflict, Invalid, NotFound, NotPermitted.
    """
    permissions.check_may_open_sites(actor)
    row = _locked(actor, finding_id)
    if row.explained != Explained.ASKED:
        raise Conflict(_("这项发现没有待审核的说明，请刷新后查看。"))
    own = _("说明由另一人审核，写说明的人不能审核自己的。")
    identity.check_second_person(actor, row.explained_by_id, row.explained_for_id, own)
    said = opinion.replace("\x00", "").strip()[:500]
    row.opinion = said if accept else checked_reason(said, _("不成立"), field="opinion")
    row.explained = Explained.ACCEPTED if accept else Explained.REFUSED
    row.reviewed_by, row.reviewed_by_id, row.reviewed_on = actor.name, actor.person_id, local_date()
    row.save()
    _recount(row)
    record(actor, "sites.review_explanation", _ref(row), place=row.place, accepted=accept, opinion=row.opinion)
    return row


def _locked(actor: Actor, finding_id: uuid.UUID) -> SiteFinding:
    reach = permissions.editable_sites(actor).order_by()
    row = SiteFinding.objects.select_for_update().filter(pk=finding_id, site__in=reach).first()
    if row is None:
        raise NotFound(_("没有这项发现，或者它不归您管理。"))
    if row.closed_on is not None:
        raise Conflict(_("这项发现已经销号，不用再说明。"))
    return row


def _recount(row: SiteFinding) -> None:
    """What is accepted counts no more from now on, today's lamp included."""
    check = SiteCheck.objects.select_for_update().filter(site_id=row.site_id, day=local_date()).first()
    if check is None:
        return
    rows = SiteFinding.objects.filter(site_id=row.site_id, closed_on=None).exclude(explained=Explained.ACCEPTED)
    counts = Counter(rows.values_list("indicator", flat=True))
    judged = verdict(counts, limits_of(row.tenant, check.day))
    check.counts, check.lamp, check.vetoes = dict(counts), judged.lamp, list(judged.vetoes)
    check.save(update_fields=["counts", "lamp", "vetoes"])


def _ref(row: SiteFinding) -> ObjectRef:
    return ObjectRef(kind=FINDING_KIND, id=str(row.pk))
