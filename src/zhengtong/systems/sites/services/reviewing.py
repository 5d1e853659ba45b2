"""三审 on the case engine: send a page in, take it back, review it; the last approval publishes."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.notify import api as notify
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotPermitted
from zhengtong.kernel.ids import new_id, query_code
from zhengtong.systems.sites.constants import (
    OPEN_SUBMISSION,
    PROCESS_REVIEW,
    REVIEW_KIND,
    REVIEW_LIMIT,
    REVISE_STEP,
    SubmissionState,
)
from zhengtong.systems.sites.models import GovernmentSite, SitePage, Submission
from zhengtong.systems.sites.rules.reviewing import Judge, may_judge
from zhengtong.systems.sites.selectors.reviewing import (
    ReviewNeeds,
    open_submission,
    page_of,
    review_drawing,
    review_process_missing,
    task_submission,
)
from zhengtong.systems.sites.services.live import (
    check_found,
    checked_reason,
    locked,
    put_online,
    writers_since_published,
)
from zhengtong.systems.sites.services.scheduling import check_moments, plan_turns
from zhengtong.systems.sites.services.telling import desk_url, page_ref, record


def begin_review_process(*, actor: Actor) -> uuid.UUID:
    """A draft of the process for a process administrator to try; a second person puts it in force.

    Raises NotPermitted for anybody else, Conflict while a draft of it is open.
    """
    return cases.begin_process_draft(actor=actor, key=PROCESS_REVIEW, title=_("网页三审"), bpmn_xml=review_drawing())


@transaction.atomic
def submit_page(
    *,
    actor: Actor,
    page_id: int,
    go_live_at: dt.datetime | None = None,
    expire_at: dt.datetime | None = None,
) -> Submission:
    """送审: the newest version goes to its first review, or back into the review that sent it to be changed.

    Raises Conflict, Invalid for moments, NotFound, NotPermitted.
    """
    page, site = locked(actor, page_id)
    _author(actor)
    revision = page.latest_revision
    if revision is None or not page.has_unpublished_changes:
        raise Conflict(_("“%(title)s”没有待发布的修改，不用送审。") % {"title": page.draft_title})
    check_moments(up=go_live_at, down=expire_at)
    row = open_submission(page.pk)
    if row is not None and row.state == SubmissionState.REVIEW:
        raise Conflict(_("“%(title)s”已经在审核，不用再送。") % {"title": page.draft_title})
    if row is not None and row.revision_id == revision.pk:
        raise Conflict(_("这还是退回的那一版，请按意见修改以后再送审。"))
    needed = ReviewNeeds(page.tenant).of(page)
    if not needed and row is None:
        raise Conflict(_("“%(title)s”不用送审，由签发人直接签发。") % {"title": page.draft_title})
    if row is None:
        row = _opened(actor, page, site, revision, needed)
    else:
        _sent_again(row, actor, page, revision, needed or row.reviews)
    row.go_live_at, row.expire_at = go_live_at, expire_at
    row.save()
    payload = {"title": page.draft_title, "site": site.name, "revision": revision.pk, "reviews": row.reviews}
    record(actor, "sites.submit", page_ref(page), **payload, case=str(row.case_id))
    return row


@transaction.atomic
def withdraw_submission(*, actor: Actor, page_id: int, reason: str) -> Submission:
    """撤回送审: the review ends; what was said in it is kept. Raises Conflict, Invalid, NotFound, NotPermitted."""
    page, _site = locked(actor, page_id)
    row = open_submission(page.pk)
    if row is None:
        raise Conflict(_("“%(title)s”没有在审核，不用撤回。") % {"title": page.draft_title})
    end_review(actor, row, checked_reason(reason, _("撤回")))
    return row


def end_review(actor: Actor, row: Submission, reason: str) -> None:
    """The review of a page ends without a result; the caller has locked the page and found that the actor may."""
    cases.withdraw_case(actor=actor, case_id=row.case_id, reason=reason, command_key=str(new_id()))
    _close(row, SubmissionState.WITHDRAWN)
    if row.page_id is not None:
        record(actor, "sites.review_withdrawn", page_ref(row.page_id), title=row.title, reason=reason)


@transaction.atomic
def decide_review(
    *, actor: Actor, work_item_id: uuid.UUID, outcome: str, opinion: str = "", command_key: str
) -> Submission:
    """Judge a version; the last approval publishes exactly it, at once or at the moment that was asked for.

    What the checks block is approved with an opinion that says why. Raises what ``cases.complete_step`` raises, and
    NotPermitted for who wrote, sent in or has already reviewed it.
    """
    task, found = task_submission(actor, work_item_id)
    page, row = _locked_of(found)
    if task.node == REVISE_STEP:
        raise Conflict(_("这一步请在网页上修改以后重新送审。"))
    if row.state != SubmissionState.REVIEW:
        raise Conflict(_("这件送审已经有了结果，请刷新后查看。"))
    if outcome == "return" and not opinion.strip():
        raise Invalid(_("请写明哪里要改、怎么改。"), field="opinion")
    check_may_judge(actor, row, page)
    if outcome != "return" and not task.adhoc and row.revision is not None:
        check_found(actor, page, row.revision, opinion, field="opinion", at=row.go_live_at)
    cases.complete_step(
        actor=actor, work_item_id=work_item_id, outcome=outcome, opinion=opinion, command_key=command_key
    )
    if not task.adhoc and outcome != "return":
        row.passed_by = [*row.passed_by, [_text(actor.person_id), _text(actor.delegator_id)]]
    _follow(actor, row, page)
    return row


@transaction.atomic
def follow_review(*, tenant: str, case_id: uuid.UUID) -> None:
    """Bring a submission to where its case stands: what else moves a case (a jump, a hand-over) moves it, too.

    Safe to repeat; a case that is no review of a page is none of ours.
    """
    found = Submission.objects.filter(tenant=tenant, case_id=case_id, state__in=OPEN_SUBMISSION).first()
    if found is not None and found.page_id is not None:
        page, row = _locked_of(found)
        if row.state in OPEN_SUBMISSION:
            _follow(system(tenant), row, page)


def check_may_judge(actor: Actor, row: Submission, page: SitePage) -> None:
    """Raises NotPermitted for who wrote or sent in the version, or has passed it in this round, also as a deputy."""
    others: list[Judge] = [(row.author_id, row.author_for_id)]
    others += [(_key(one), _key(stood_for)) for one, stood_for in row.passed_by]
    if row.revision is not None:
        others += [(writer, None) for writer in writers_since_published(page, row.revision)]
    if not may_judge((actor.person_id, actor.delegator_id), others):
        raise NotPermitted(
            _("“%(title)s”由您编辑、送审或者审核过，同一个人不能再审，请由另一位办理。") % {"title": row.title}
        )


def _author(actor: Actor) -> uuid.UUID:
    if actor.person_id is None:
        raise NotPermitted(_("送审由编辑人办理。"))
    return actor.person_id


def _locked_of(found: Submission) -> tuple[SitePage, Submission]:
    """The page first, then the submission, as everywhere."""
    Page.objects.select_for_update().filter(pk=found.page_id).first()
    row = Submission.objects.select_for_update(of=("self",)).select_related("site__home", "revision").get(pk=found.pk)
    page = page_of(row)
    page.site = row.site
    return page, row


def _opened(actor: Actor, page: SitePage, site: GovernmentSite, revision: Revision, needed: int) -> Submission:
    if review_process_missing(page.tenant):
        raise Conflict(_("还不能送审：网页审核流程没有启用。请流程管理员在首页新建审核流程草稿，经另一人批准启用。"))
    key = new_id()
    case_id = cases.open_case(
        actor=actor,
        number=f"WY{local_date():%Y%m%d}{query_code(6)}",
        title=_("审核网页：%(title)s") % {"title": page.draft_title[:180]},
        item_code="",
        process_key=PROCESS_REVIEW,
        owner_org_id=site.org_id,
        owner_org_name=site.org_name,
        subject_ref=ObjectRef(kind=REVIEW_KIND, id=str(key)),
        limits={},
        step_limits={"lead": cases.Limit.parse(str(parameters.value(REVIEW_LIMIT, tenant=page.tenant)))},
        variables={"levels": needed},
    )
    return Submission(
        id=key,
        tenant=page.tenant,
        site=site,
        page_id=page.pk,
        revision=revision,
        title=page.draft_title,
        reviews=needed,
        case_id=case_id,
        author_id=_author(actor),
        author_for_id=actor.delegator_id,
        author_name=actor.name,
    )


def _sent_again(row: Submission, actor: Actor, page: SitePage, revision: Revision, needed: int) -> None:
    """It was sent back to be changed: its review begins anew in the same case, where what was said is kept."""
    case = cases.case_view(actor=system(row.tenant), case_id=row.case_id)
    task = next((one for one in case.open_items if one.node == REVISE_STEP), None)
    if task is None:
        raise Conflict(_("审核已经往下进行或者结束，请刷新后查看。"))
    cases.complete_step(
        actor=actor,
        work_item_id=task.id,
        outcome="submit",
        variables={"levels": needed},
        command_key=f"submit:{task.id}",
        as_applicant=True,
    )
    row.state, row.revision, row.title, row.reviews = SubmissionState.REVIEW, revision, page.draft_title, needed
    row.author_id, row.author_for_id, row.author_name = _author(actor), actor.delegator_id, actor.name
    row.passed_by = []


def _follow(actor: Actor, row: Submission, page: SitePage) -> None:
    case = cases.case_view(actor=system(row.tenant), case_id=row.case_id)
    if case.outcome == "approved":
        _sign(actor, row, page)
    elif case.closed_at is not None:
        _close(row, SubmissionState.WITHDRAWN)
    elif all(task.node == REVISE_STEP for task in case.open_items):
        _send_back(actor, row, page)
    else:
        row.state = SubmissionState.REVIEW
        row.save(update_fields=["state", "passed_by"])


def _sign(actor: Actor, row: Submission, page: SitePage) -> None:
    """签发: the version that was reviewed and no other comes before the public."""
    if row.revision is None:
        raise Conflict(_("送审的那一版已经不在，请退回重新送审。"))
    up = row.go_live_at if row.go_live_at is not None and row.go_live_at > now() else None
    if row.expire_at is not None and row.expire_at <= now():
        raise Conflict(_("要求的撤下时刻已经过去，请退回修改。"))
    _close(row, SubmissionState.SIGNED)
    if up is None:
        page = put_online(actor, page, row.site, row.revision)
    plan_turns(actor, page, row.site, row.revision, up=up, down=row.expire_at)
    said = _("审核通过，将按要求的时刻发布。") if up else _("审核通过，已经发布。")
    _tell_author(row, _("网页已签发：%(title)s"), said)


def _send_back(actor: Actor, row: Submission, page: SitePage) -> None:
    if row.state == SubmissionState.RETURNED:
        return
    row.state, row.passed_by = SubmissionState.RETURNED, []
    row.save(update_fields=["state", "passed_by"])
    record(actor, "sites.review_returned", page_ref(page), title=row.title, case=str(row.case_id))
    _tell_author(row, _("网页退回修改：%(title)s"), _("审核后退回修改，请按意见修改以后重新送审。"))


def _close(row: Submission, state: SubmissionState) -> None:
    row.state, row.closed_at = state, now()
    row.save(update_fields=["state", "closed_at", "passed_by"])


def _tell_author(row: Submission, title: str, body: str) -> None:
    if row.page_id is None:
        return
    notify.send_message(
        tenant=row.tenant,
        person_id=row.author_id,
        title=title % {"title": row.title[:100]},
        body=body,
        object_ref=page_ref(row.page_id),
        link=desk_url(row.page_id),
    )


def _text(key: uuid.UUID | None) -> str:
    return "" if key is None else str(key)


def _key(text: str) -> uuid.UUID | None:
    return uuid.UUID(text) if text else None
