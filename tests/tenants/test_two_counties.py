"""Two counties run in one database without seeing each other.

Both have the same codes of units and items, the same process keys, the same case number and a citizen with the same
identity number; calendars and parameters differ. Each takes a case to its licence; then everything one can open,
list, search or verify is looked through for a key or a name of the other.
"""

import dataclasses
import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db.models import ForeignKey, Model, UniqueConstraint, UUIDField
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.fitness.tree import own_models
from tests.tenants.county import ITEM, NUMBER, OFFICES, County, two_counties
from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.cases.models import Case, Deadline
from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.documents import api as documents
from zhengtong.capabilities.documents.models import Document
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.notify import api as notify
from zhengtong.capabilities.search import api as search
from zhengtong.capabilities.trust import api as trust
from zhengtong.kernel.actors import ObjectRef, system
from zhengtong.kernel.errors import NotFound, NotPermitted
from zhengtong.systems.service_hall import api as hall
from zhengtong.systems.supervision import api as supervision
from zhengtong.systems.supervision.models import Card

#: what belongs to the installation and not to a county
SHARED = {
    "ledger.Witness": "witnesses co-sign the one tree of the installation",
}
#: unique over columns that are no keys, and yet without the tenant
WITHOUT_TENANT = {
    "identity.RelyingParty.client_id": "drawn at random by the platform",
    "ledger.Witness.key_id": "the digest of a public key; witnesses serve the whole installation",
    "identity.Tenant.code": "the county itself",
    "ledger.Leaf.entry_id": "the row number of an entry",
    "payments.Payment.no": "the gateway knows a merchant and no county: the number carries the county's code",
    "payments.Payment.gateway,gateway_no": "given by the gateway, which knows no county",
    "payments.GatewayCallback.gateway,nonce": "drawn by the gateway; a callback is read before its county is known",
    "service_hall.CarrierCall.carrier,nonce": "drawn by the courier, who knows no county",
    "payments.SimulatedCharge.token": "drawn at random by the simulated gateway",
    "payments.SimulatedCharge.gateway_no": "given by the simulated gateway, one for all counties",
    "payments.SimulatedRefund.gateway_no": "the same",
    "payments.Refund.number": "the gateway is asked under this number: it carries the county's code",
    "payments.SimulatedRefund.refund_no": "the number under which a county asked for it carries its code",
    "documents.Document.verification_code": "drawn at random; a stranger types it without knowing the county",
    "sites.GovernmentSite.host": "a host name leads to one site, whatever county it is of",
    "sites.OldHost.host": "the same of a host name that was given up",
    "sites.CountyPage.path": "the place in the tree in which every county has a branch",
    "sites.HomePage.path": "the same",
    "sites.ColumnPage.path": "the same",
    "sites.ArticlePage.path": "the same",
}
_READERS = ("", "citizen", "clerk", "clerk.H05", *(role for role in OFFICES if role != "clerk"))
_LINK = re.compile(r'href="(/[^"]+)"')
_KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@pytest.fixture
def counties(db: None) -> Iterator[tuple[County, County]]:
    """Red Soil and White Water; both have issued a licence and have another case under review."""
    with two_counties() as both:
        yield both


def tenant_models() -> list[type[Model]]:
    return [m for m in own_models() if any(field.name == "tenant" for field in m._meta.get_fields())]


def keys_of(county: County) -> set[str]:
    """Every key of every row of a county, as text."""
    keys = set()
    for model in tenant_models():
        names = [field.attname for field in model._meta.concrete_fields if isinstance(field, UUIDField)]
        for row in model._default_manager.filter(tenant=county.code).values_list(*names) if names else ():
            keys |= {str(key) for key in row if key is not None and key.int > 2**64}
    return keys


@dataclasses.dataclass(frozen=True)
class Strange:
    """What somebody of one county must never see: names and keys of the other."""

    words: tuple[str, ...]
    keys: frozenset[str]

    def within(self, seen: object) -> set[str]:
        """What of it stands in what was seen."""
        text = seen if isinstance(seen, str) else repr(seen)
        return {word for word in self.words if word in text} | self.keys.intersection(_KEY.findall(text))


def looking(counties: tuple[County, County]) -> Iterator[tuple[County, County, Strange]]:
    """Who looks, who must not be seen and what that is, each in the installation of the one who looks."""
    for own, other in (counties, counties[::-1]):
        with own.here():
            keys = frozenset(keys_of(other) - keys_of(own))
            yield own, other, Strange((other.name, other.surname), keys)


# -- rows --------------------------------------------------------------------------------------------------------------


def test_both_counties_have_rows_in_the_same_tables_and_none_points_across(counties: tuple[County, County]) -> None:
    tenants: dict[str, set[str]] = {}
    for model in tenant_models():
        tenants[model._meta.label] = set(model._default_manager.values_list("tenant", flat=True))

    both, core = {county.code for county in counties}, {"cases.Case", "cases.WorkItem", "cases.Deadline"}
    core |= {"ledger.Entry", "kernel.OutboxEvent", "documents.Document", "supervision.Card", "notify.SiteMessage"}
    assert {label for label, found in tenants.items() if found and label not in SHARED} == {
        label for label, found in tenants.items() if found >= both
    }
    assert core <= {label for label, found in tenants.items() if found == both}
    assert not list(foreign_rows())
    check_calendars(counties)


def foreign_rows() -> Iterator[tuple[str, str, Any]]:
    """Rows that point to a row of another county."""
    with_tenant = set(tenant_models())
    for model in with_tenant:
        for field in model._meta.concrete_fields:
            if isinstance(field, ForeignKey) and field.related_model in with_tenant:
                pointing = model._default_manager.filter(**{f"{field.name}__isnull": False})
                for key, own, others in pointing.values_list("pk", "tenant", f"{field.name}__tenant"):
                    if own != others:
                        yield model._meta.label, field.name, key


def test_what_is_unique_is_unique_within_a_county() -> None:
    without: set[str] = set()
    for model in own_models():
        fields = {field.name: field for field in model._meta.concrete_fields}
        unique = [[field.name] for field in fields.values() if field.unique and not field.primary_key]
        unique += [list(one.fields) for one in model._meta.constraints if isinstance(one, UniqueConstraint)]
        for names in unique:
            if not any(name == "tenant" or isinstance(fields[name], (ForeignKey, UUIDField)) for name in names):
                without.add(f"{model._meta.label}.{','.join(names)}")

    assert without == set(WITHOUT_TENANT)


def check_calendars(counties: tuple[County, County]) -> None:
    """Each county counts by its own calendar and parameters."""
    dues = {}
    for county in counties:
        assert county.pending is not None
        rows = Deadline.objects.filter(case_id=county.pending.case_id, kind="promised")
        dues[county.code] = rows.values_list("due_on", "yellow_at").get()

    (first_due, first_yellow), (second_due, second_yellow) = dues["980723"], dues["980724"]
    assert first_due == dt.date(2026, 11, 19)
    assert second_due == dt.date(2026, 11, 23)  # two days of rest of its own
    assert second_yellow < first_yellow


# -- doors -------------------------------------------------------------------------------------------------------------


def test_lists_desks_and_boards_show_only_the_own_county(counties: tuple[County, County]) -> None:
    for own, _other, strange in looking(counties):
        seen = seen_by(own)

        assert {name: strange.within(found) for name, found in seen.items() if strange.within(found)} == {}
        assert seen["todo of clerk.H05"]
        assert seen["inbox of citizen"]
        assert seen["search of citizen for 开办餐饮店"]
        assert len(seen["todo of clerk"]) == 1  # the bare case with the number of both
        assert seen["board"].totals.open_cases == 2


def seen_by(own: County) -> dict[str, Any]:
    """What the doors of the apps show to the people of a county."""
    people, boss = own.people, system(own.code)

    seen: dict[str, Any] = {
        "catalogue": [catalogue.items(own.code).rows, catalogue.departments(own.code), catalogue.popular(own.code)],
        "item": catalogue.find_item(own.code, ITEM),
        "options": [catalogue.themes(own.code), catalogue.filter_options(own.code)],
        "organisations": identity.organisations(own.code),
        "unit": [identity.organisation(own.code, "G22"), identity.organisations_by_code(own.code, ["H05"])],
        "people": identity.people_in(own.code, own.unit("G22").id, "clerk"),
        "certificates": trust.certificates(tenant=own.code),
        "seal": trust.find_seal(tenant=own.code, org_id=own.unit("G22").id, kind="official"),
        "board": supervision.board(actor=people["supervisor"]),
        "figures": supervision.public_figures(own.code),
        "calendar": cases.calendar_outlook(own.code),
        "interventions": cases.pending_interventions(actor=people["leader"]),
        "extensions": cases.extensions_to_decide(actor=people["leader"]),
        "drafts": cases.drafts_to_decide(actor=people["leader"]),
        "my": [hall.my_applications(actor=people["citizen"]), hall.my_licences(actor=people["citizen"])],
        "todos": hall.my_todos(actor=people["citizen"]),
    }
    for who, actor in people.items():
        for queue in cases.QUEUES:
            seen[f"{queue} of {who}"] = cases.desk(actor=actor, queue=queue, size=100).rows
        seen[f"inbox of {who}"] = [(m.title, m.body, str(m.pk)) for m in notify.inbox(actor=actor).rows]
        for query in ("红土县", "白水县", "开办餐饮店", NUMBER):
            seen[f"search of {who} for {query}"] = search.search(actor=actor, query=query).rows
    for case in Case.objects.filter(tenant=own.code):
        seen[f"case {case.id}"] = cases.case_view(actor=boss, case_id=case.id)
        ref = ObjectRef(kind="case", id=str(case.id))
        seen[f"ledger {case.id}"] = ledger.entries_of(object_ref=ref, tenant=own.code)

    return seen


def test_a_key_of_the_other_county_opens_nothing(counties: tuple[County, County]) -> None:
    for own, other, _strange in looking(counties):
        check_keys_of(other, own)
        check_sessions(own, other)
        check_paper(other)


def check_keys_of(other: County, own: County) -> None:
    """Every door refuses, or has nothing."""
    boss, people = system(own.code), own.people
    paper = Document.objects.filter(tenant=other.code, kind="licence").get()
    theirs = Case.objects.filter(tenant=other.code, status="open").exclude(number=NUMBER).get()
    item = theirs.work_items.filter(status="open").first()
    assert item is not None
    assert other.licensed is not None

    attempts = [
        lambda: cases.case_view(actor=boss, case_id=theirs.id),
        lambda: cases.case_view(actor=people["citizen"], case_id=theirs.id, as_applicant=True),
        lambda: cases.handling_of(actor=people["clerk.H05"], work_item_id=item.id),
        lambda: cases.work_item(actor=boss, work_item_id=item.id),
        lambda: cases.complete_step(
            actor=people["clerk.H05"], work_item_id=item.id, outcome="agree", opinion="x", command_key="x"
        ),
        lambda: cases.withdraw_case(actor=people["citizen"], case_id=theirs.id, reason="", command_key="x"),
        lambda: documents.find_document(actor=boss, document_id=paper.id),
        lambda: documents.document_view(actor=people["citizen"], document_id=paper.id),
        lambda: hall.own_application(actor=people["citizen"], application_id=other.licensed.id),
        lambda: hall.application_for_official(actor=people["clerk"], application_id=other.licensed.id),
        lambda: catalogue.item_version(catalogue.find_item(other.code, ITEM).id, tenant=own.code),
        lambda: identity.masked(own.code, other.people["citizen"].person_id),
        lambda: identity.actor_for(own.code, person_id=other.people["clerk"].person_id),
        lambda: supervision.explain_card(actor=people["supervisor"], card_id=card_of(other).id, text="x"),
    ]

    for attempt in attempts:
        with pytest.raises((NotFound, NotPermitted)):
            attempt()
    assert ledger.entries_of(object_ref=ObjectRef(kind="case", id=str(theirs.id)), tenant=own.code) == []
    assert hall.application_of_case(tenant=own.code, case_id=theirs.id) is None
    assert trust.find_seal(tenant=own.code, org_id=other.unit("G22").id, kind="official") is None
    same = ObjectRef(kind="matter", id=NUMBER)
    assert cases.case_of_subject(tenant=own.code, subject=same) != cases.case_of_subject(
        tenant=other.code, subject=same
    )


def check_sessions(own: County, other: County) -> None:
    """Who has signed in at the other county is a stranger here."""
    desk = reverse("service_hall:desk")
    for who in ("clerk", "citizen", "supervisor"):
        answer = other.client(who).get(desk)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, resolve_url(settings.LOGIN_URL))
    assert own.client("clerk").get(desk).status_code == 200


def check_paper(other: County) -> None:
    """Whoever holds a paper verifies it at any county's portal; the name of its holder stays masked."""
    paper = Document.objects.get(tenant=other.code, kind="licence")

    result = documents.verify_by_code(paper.verification_code)

    assert result.verdict == documents.Verdict.GENUINE
    assert other.people["citizen"].name not in repr(result)


def card_of(county: County) -> Card:
    """Some card of a county."""
    card = Card.objects.filter(tenant=county.code).first()
    assert card is not None
    return card


# -- pages -------------------------------------------------------------------------------------------------------------


def addresses(patterns: list[URLPattern | URLResolver], prefix: str = "/") -> Iterator[str]:
    """Every address without a variable part."""
    for pattern in patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, address)
        elif not pattern.pattern.converters and "^" not in address:
            yield address


@pytest.mark.full
@pytest.mark.timeout(900)
def test_no_page_shows_or_opens_anything_of_the_other_county(counties: tuple[County, County]) -> None:
    leaks: set[tuple[str, str, str]] = set()
    links: dict[str, dict[str, set[str]]] = {}
    for own, _other, strange in looking(counties):
        links[own.code] = {who: walked(own, strange, who, leaks) for who in _READERS}

    for own, other, strange in looking(counties):
        for who, found in links[other.code].items():
            opened(own.client(who), sorted(found - links[own.code][who]), strange, who, leaks)

    assert leaks == set()
    assert sum(map(len, links["980723"].values())) > 50


def walked(own: County, strange: Strange, who: str, leaks: set[tuple[str, str, str]]) -> set[str]:
    """Open every page, and every page these lead to; returns the links that carry a key or a question."""
    client = own.client(who)
    pages = [
        address
        for address in addresses(get_resolver().url_patterns)
        if not any(word in address for word in ("logout", "login", "enter"))
    ]
    texts = opened(client, pages, strange, who, leaks)
    links = {link.partition("#")[0] for text in texts for link in _LINK.findall(text)}
    found = {link for link in links if _KEY.search(link) or "?" in link}
    opened(client, sorted(found), strange, who, leaks)
    return found


def opened(client: Client, pages: list[str], strange: Strange, who: str, leaks: set[tuple[str, str, str]]) -> list[str]:
    """The texts of pages; what of the other county stands in them goes to the leaks."""
    texts = [body(client.get(page)) for page in pages]
    for page, text in zip(pages, texts, strict=True):
        asked = set(_KEY.findall(page))  # a refusal may repeat the address
        leaks |= {(page, who, word) for word in strange.within(text) - asked}
    return texts


def body(answer: Any) -> str:
    """The text of an answer; files and streams have none that is read here."""
    kind = answer.get("Content-Type", "")
    if getattr(answer, "streaming", False) or not kind.startswith(("text/", "application/json", "application/xml")):
        return ""
    return str(answer.content.decode())
