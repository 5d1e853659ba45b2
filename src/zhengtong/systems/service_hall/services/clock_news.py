"""Telling people what became of the clock of a case: the applicant, the unit, the leaders who decide on more time."""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.constants import Role
from zhengtong.capabilities.notify import api as notify
from zhengtong.contracts import cases as events
from zhengtong.kernel.actors import ObjectRef, system
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.systems.service_hall.constants import OBJECT_KIND
from zhengtong.systems.service_hall.models import Application, SupplementNotice
from zhengtong.systems.service_hall.services.telling import tell_applicant

_INSTANT = dt.timedelta(microseconds=1)
#: limits whose new date concerns the applicant
_TOLD_KINDS = {"promised", "supplement"}


def tell_accepted(row: Application, event: events.CaseAccepted) -> None:
    """Tell the applicant that the matter is taken in and until when it is decided; the dated notice follows."""
    body = _("您的申请“%(item)s”（编号 %(number)s）已经受理") % {"item": row.item_name, "number": row.number}
    if event.promised_due_at:
        body += _("，承诺最迟%(day)s办结") % {"day": _day(event.promised_due_at)}
    tell_applicant(row, _("申请已受理"), body + _("。受理通知书可以在办件页下载。"), required=True)


def tell_paused(row: Application, event: events.ClockPaused) -> None:
    """Tell the applicant that the time is not counted for now; the written notice follows."""
    reason = cases.stop_label(event.reason_code)
    body = _("您的申请“%(item)s”需要进行%(reason)s，从今天起停止计时，告知书可以在办件页下载。") % {
        "item": row.item_name,
        "reason": reason,
    }
    if event.until:
        body += _("最迟到%(day)s，之后自动恢复计时。") % {"day": cn_date(event.until)}
    tell_applicant(row, _("办理时限停止计时：%(reason)s") % {"reason": reason}, body)


def tell_resumed(row: Application, event: events.ClockResumed) -> None:
    """Tell the applicant that the clock runs again, and until when."""
    body = _("您的申请“%(item)s”已经恢复计时") % {"item": row.item_name}
    body += _("（停止计时期满，自动恢复）") if event.by_cap else ""
    if event.promised_due_at:
        body += _("，办结截止日为%(day)s") % {"day": _day(event.promised_due_at)}
    tell_applicant(row, _("办理时限恢复计时"), body + "。")


def tell_extended(row: Application, event: events.ExtensionDecided) -> None:
    """Tell the applicant of a granted extension and its reason; a refused one is told to nobody outside."""
    if not event.granted:
        return
    reason = ""
    if row.case_id is not None:
        view = cases.case_view(actor=system(row.tenant), case_id=row.case_id)
        reason = next((one.reason for one in view.extensions if one.id == event.extension_id), "")
    body = _("您的申请“%(item)s”经批准延长办理期限 %(days)d 个工作日，理由：%(reason)s") % {
        "item": row.item_name,
        "days": event.days,
        "reason": reason,
    }
    if event.promised_due_at:
        body += _("。延长后的办结截止日为%(day)s") % {"day": _day(event.promised_due_at)}
    tell_applicant(row, _("办理期限延长"), body + _("。告知书可以在办件页下载。"))


@transaction.atomic
def tell_moved(row: Application, event: events.DeadlineMoved) -> None:
    """Tell the applicant of a date that a new calendar moved; the open notice shows the new date too."""
    if event.cause != "calendar" or event.kind not in _TOLD_KINDS:
        return
    if event.kind == "supplement":
        SupplementNotice.objects.filter(application=row, answered_at__isnull=True).update(due_at=event.due_at)
    label = _("补正截止日") if event.kind == "supplement" else _("办结截止日")
    old = _("原为%(day)s，") % {"day": _day(event.old_due_at)} if event.old_due_at else ""
    body = _("因%(reason)s，您的申请“%(item)s”的%(label)s重新计算：%(old)s现为%(new)s。") % {
        "reason": event.reason,
        "item": row.item_name,
        "label": label,
        "old": old,
        "new": _day(event.due_at),
    }
    tell_applicant(row, _("时限重新计算"), body)


def tell_renewal_deemed(row: Application, event: events.RenewalDeemed) -> None:
    """Tell applicant and unit that the licence counts as renewed."""
    day = cn_date(event.licence_until)
    body = _("您申请延续的“%(item)s”在有效期届满（%(day)s）前没有作出决定，依法视为准予延续。") % {
        "item": row.item_name,
        "day": day,
    }
    tell_applicant(row, _("视为准予延续"), body)
    told = _("“%(item)s”在有效期届满（%(day)s）前没有作出决定，依法视为准予延续，请尽快换发证照。") % {
        "item": row.item_name,
        "day": day,
    }
    _tell_officials(row, row.org_id, (Role.CLERK, Role.LEADER), _("视为准予延续"), told, _case_link(event.case_id))


def tell_hearing(row: Application, event: events.HearingMoved) -> None:
    """Tell the applicant of the right to a hearing, of its day and how it ended; the unit of a request."""
    words = {"item": row.item_name, "number": event.number, "day": cn_date(event.day) if event.day else ""}
    view = cases.case_view(actor=system(row.tenant), case_id=event.case_id).hearing
    words |= {"said": view.sentence if view else ""}
    if event.step == "told":
        body = (
            _("您的申请“%(item)s”依法可以听证。需要听证的，请在 5 个工作日内从办件页提出；不需要的，可以声明放弃。")
            % words
        )
        tell_applicant(row, _("告知听证权利"), body)
    elif event.step == "requested":
        body = _("办件 %(number)s“%(item)s”的申请人申请听证。%(said)s") % words
        _tell_officials(row, row.org_id, (Role.CLERK, Role.LEADER), _("有人申请听证"), body, _case_link(event.case_id))
    elif event.step == "waived":
        body = _("办件 %(number)s“%(item)s”：%(said)s") % words
        _tell_officials(
            row, row.org_id, (Role.CLERK, Role.LEADER), _("申请人放弃听证"), body, _case_link(event.case_id)
        )
    elif event.step == "announced":
        tell_applicant(row, _("听证通知"), _("您的申请“%(item)s”：%(said)s听证通知书可以在办件页下载。") % words)
    elif event.step == "held":
        tell_applicant(row, _("听证已经举行"), _("您的申请“%(item)s”：%(said)s") % words)
    elif event.step == "declined":
        tell_applicant(row, _("不组织听证"), _("您的申请“%(item)s”：%(said)s") % words)


def tell_pause_ending(row: Application, event: events.PauseEnding) -> None:
    """Warn the unit that a stop of the clock is nearly as long as it may be."""
    body = _("办件 %(number)s“%(item)s”的停止计时（%(reason)s）最迟到%(day)s，次日起自动恢复计时，请抓紧办理。") % {
        "number": event.number,
        "item": row.item_name,
        "reason": cases.stop_label(event.reason_code),
        "day": cn_date(event.last_day),
    }
    _tell_officials(row, row.org_id, (Role.CLERK,), _("停止计时即将期满"), body, _case_link(event.case_id))


def tell_extension_requested(row: Application, event: events.ExtensionRequested) -> None:
    """Ask the leaders of the body the law names to decide."""
    body = _("%(org)s申请将办件 %(number)s“%(item)s”延长 %(days)d 个工作日，须在法定时限届满前批准。") % {
        "org": event.org_name,
        "number": event.number,
        "item": row.item_name,
        "days": event.days,
    }
    link = reverse("service_hall:extension", args=[event.extension_id])
    _tell_officials(row, event.approver_org_id, (Role.LEADER,), _("请批准延长办理期限"), body, link)


def _tell_officials(
    row: Application, org_id: uuid.UUID, roles: Iterable[str], title: str, body: str, link: str
) -> None:
    people = {person.person_id for role in roles for person in identity.people_in(row.tenant, org_id, role)}
    for person_id in sorted(people):
        notify.send_message(
            tenant=row.tenant,
            person_id=person_id,
            title=title,
            body=body,
            object_ref=ObjectRef(kind=OBJECT_KIND, id=str(row.id)),
            link=link,
        )


def _case_link(case_id: uuid.UUID) -> str:
    return reverse("service_hall:case", args=[case_id])


def _day(due_at: dt.datetime) -> str:
    """The last day of a limit that ends at an instant."""
    return cn_date(local_date(due_at - _INSTANT))
