"""Handing in what an official typed: who applies, whether he has agreed to exactly this, the end of the sitting."""

import hashlib
import json

from django.db.models import Q
from django.utils.translation import gettext as _

from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.forms import api as forms
from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, NotFound
from zhengtong.systems.service_hall.constants import ApplicantKind, MaterialState, SittingState
from zhengtong.systems.service_hall.models import Application, MaterialFile, Sitting
from zhengtong.systems.service_hall.permissions import check_may_apply, check_may_type, typed_by


def party(actor: Actor, row: Application) -> Actor:
    """Who applies: the actor himself, or the person for whom an official types."""
    return actor if actor.kind != "official" else applicant_of(row)


def sitting_in(actor: Actor, row: Application) -> Sitting | None:
    """The open sitting in which an official types, locked; None for who acts for himself; NotFound without one."""
    if actor.kind != "official":
        return None
    mine = typed_by(actor) & Q(pk=row.pk)
    rows = Sitting.objects.select_for_update().filter(application=row, state=SittingState.OPEN)
    found = rows.first() if Application.objects.filter(mine).exists() else None
    if found is None:
        raise NotFound(_("没有找到这个申请。窗口代录提交或者放弃以后，就不能再从代录页面打开。"))
    return found


def applicant_of(row: Application) -> Actor:
    """The applicant as he would act himself; raises NotFound when he may not act in that name any more."""
    if row.legal_person_id is not None:
        choices = identity.applicant_choices(row.tenant, row.person_id)
        for choice in choices:
            if choice.key.startswith("agency:"):
                found = identity.applicant_actor(row.tenant, row.person_id, choice.key)
                if found.legal_person_id == row.legal_person_id:
                    return found
        raise NotFound(_("%(name)s现在不能代表这个单位申请。") % {"name": row.person_name})
    if row.ward_id is not None:
        for choice in identity.applicant_choices(row.tenant, row.person_id):
            if choice.key.startswith("ward:"):
                found = identity.applicant_actor(row.tenant, row.person_id, choice.key)
                if found.ward_id == row.ward_id:
                    return found
        raise NotFound(_("%(name)s现在不能以监护人身份申请。") % {"name": row.person_name})
    return identity.applicant_actor(row.tenant, row.person_id, "self")


def check_may_go_on(actor: Actor, row: Application, item: catalogue.ItemVersionView) -> None:
    """The applicant may apply for the item, and who types for him may take it in; raises NotPermitted."""
    at_counter = actor.kind == "official"
    check_may_apply(party(actor, row), item, at_counter=at_counter)
    if at_counter:
        check_may_type(actor, item)


def drop(row: Application) -> None:
    """Nobody types at this application any longer."""
    Sitting.objects.filter(application=row, state=SittingState.OPEN).update(state=SittingState.DROPPED, closed_at=now())


def close(sitting: Sitting | None, row: Application, email: str = "") -> None:
    """End the sitting with the handing in; Conflict without the person's consent to exactly what is handed in.

    Who hands in himself needs nobody's consent; a sitting that is still open for it ends.
    """
    if sitting is None:
        drop(row)
        return
    if sitting.consent_at is None:
        raise Conflict(_("还没有申请人的同意。请把录入的内容给申请人看过，由他签名以后再提交。"))
    if sitting.consent_digest != content_digest(row, email):
        raise Conflict(_("申请人签名以后内容又改过。请把改过的内容再给申请人看，由他重新签名以后提交。"))
    sitting.state, sitting.closed_at = SittingState.DONE, now()
    sitting.save(update_fields=["state", "closed_at"])


def content_digest(row: Application, email: str) -> str:
    """SHA-256 of everything that would be handed in: the answers, the files, where notices go."""
    form = forms.submission(tenant=row.tenant, submission_id=row.form_submission_id)
    files = MaterialFile.objects.filter(application=row, state=MaterialState.CURRENT).order_by("material_key", "id")
    told = {
        "item": str(row.item_version_id),
        "applicant": [row.applicant_name, str(row.legal_person_id or row.ward_id or row.person_id)],
        "kind": ApplicantKind(row.applicant_kind).value,
        "answers": form.answers,
        "files": [[key, digest] for key, digest in files.values_list("material_key", "file__digest")],
        "email": email,
    }
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()
