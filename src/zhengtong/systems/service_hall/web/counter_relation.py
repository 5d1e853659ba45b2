"""Who stands at the counter acts for a child or a company: taken down, and proved by a paper that is kept."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.policy import requires
from zhengtong.kernel.uploads import MAX_BYTES
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.constants import RelationKind, RelationProof
from zhengtong.systems.service_hall.rules import relation_proofs
from zhengtong.systems.service_hall.web import counter_pages, pages
from zhengtong.systems.service_hall.web.relation_forms import CompanyForm, ProofForm, WardForm

_FORMS: dict[str, type[WardForm | CompanyForm]] = {"ward": WardForm, "company": CompanyForm}


@requires(*counter_pages.ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take_in(request: HttpRequest, person_id: uuid.UUID, kind: str) -> HttpResponse:
    """Take down for whom the person acts: ``ward`` or ``company``; then he can be chosen as applicant."""
    actor = pages.actor_of(request)
    counter_pages.check_known(request, person_id)
    if kind not in _FORMS:
        raise NotFound(_("没有这种代办关系。"))
    form = _FORMS[kind](request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            choice = _take_in(actor, person_id, kind, form)
        except (Invalid, Conflict, NotPermitted) as refusal:
            said = counter_pages.said(refusal) if not isinstance(refusal, NotPermitted) else {"": refusal.message}
            for field, sentence in said.items():
                form.add_error(field if field in form.fields else None, sentence)
        else:
            messages.success(request, _("已登记。下面选择办理的事项；证明材料在代录页留存。"))
            return redirect(f"{reverse('service_hall:counter-person', args=[person_id])}?{urlencode({'for': choice})}")
    context = counter_pages.frame(actor, "counter") | {
        "person": identity.masked(actor.tenant, person_id),
        "person_id": person_id,
        "kind": kind,
        "form": form,
    }
    return render(request, "service_hall/counter/relation_new.html", context, status=422 if form.errors else 200)


def _take_in(actor: Actor, person_id: uuid.UUID, kind: str, form: WardForm | CompanyForm) -> str:
    given = dict(form.cleaned_data)
    if kind == "ward":
        return f"ward:{identity.take_in_ward(actor=actor, guardian_id=person_id, **given)}"
    given["item_codes"] = given.pop("item_codes").replace("，", ",").replace(",", " ").split()
    return f"agency:{identity.take_in_agency(actor=actor, person_id=person_id, **given)}"


@requires(*counter_pages.ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: HttpRequest, sitting_id: uuid.UUID) -> HttpResponse:
    """The paper that proves the relation, with its copy."""
    actor = pages.actor_of(request)
    found = api.own_sitting(actor=actor, sitting_id=sitting_id, open_only=True)
    row = found.application
    relation = api.relation_of(row)
    if not relation:
        return redirect("service_hall:sitting", found.id)
    minor = row.ward_id is not None and identity.is_minor(row.tenant, row.ward_id, local_date())
    allowed = relation_proofs(relation, minor=minor)
    proofs = [(proof.value, str(proof.label)) for proof in RelationProof if proof.value in allowed]
    posted = request.method == "POST"
    first = {"proof": proofs[0][0] if len(proofs) == 1 else None}
    held = api.representation_of(found)
    form = ProofForm(
        proofs,
        request.POST if posted else None,
        request.FILES if posted else None,
        initial=first,
        relation=relation,
        held=held is not None and held.file_id is not None,
    )
    if posted and form.is_valid():
        try:
            api.record_relation(actor=actor, sitting_id=found.id, paper=_paper(form))
        except (Invalid, Conflict) as refusal:
            for field, sentence in counter_pages.said(refusal).items():
                form.add_error(field if field in form.fields else None, sentence)
        else:
            messages.success(request, _("代办关系和证明材料已经登记。"))
            return redirect("service_hall:sitting", found.id)
    context = counter_pages.frame(actor, "counter") | {
        "sitting": found,
        "row": row,
        "relation": str(RelationKind(relation).label),
        "minor": minor,
        "form": form,
        "held": held,
    }
    return render(request, "service_hall/counter/relation.html", context, status=422 if form.errors else 200)


def _paper(form: ProofForm) -> api.SeenPaper:
    given = form.cleaned_data
    copy = given["copy"]
    return api.SeenPaper(
        proof=given["proof"],
        number=given["number"],
        signed_on=given.get("signed_on"),
        valid_until=given.get("valid_until"),
        copy=(copy.name or "", copy.read(MAX_BYTES + 1)) if copy else None,
    )
