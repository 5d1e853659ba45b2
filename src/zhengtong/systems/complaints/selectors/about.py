"""What a complaint is about: found from the address of the form, and checked to be the person's own."""

import dataclasses
import uuid

from django.utils.translation import gettext as _

from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ratings.registry import RateableSubject, rateable
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import NotFound
from zhengtong.systems.complaints.constants import LEADER, About

_POST_ROLES = (LEADER, "clerk", "reviewer", "counter", "hall_manager", "supervisor")
_APPLICATION = "application"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Subject:
    """What it is about, with the unit answerable; ``token`` finds it again from an address or a form."""

    about: str
    token: str = ""
    title: str = ""
    number: str = ""
    ref: ObjectRef | None = None
    item_code: str = ""
    case_id: uuid.UUID | None = None
    org: identity.OrganisationInfo | None = None
    post_id: uuid.UUID | None = None
    post_name: str = ""
    leads: bool = False
    people: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class PostChoice:
    """A post of a unit; who holds it is not shown."""

    id: uuid.UUID
    name: str
    leads: bool
    people: tuple[str, ...]


def units(tenant: str) -> list[tuple[str, str]]:
    """All units one may complain about, as (code, name)."""
    return [(unit.code, unit.name) for unit in identity.organisations(tenant)]


def posts_of(tenant: str, unit: identity.OrganisationInfo) -> list[PostChoice]:
    """The posts of a unit, by name."""
    found: dict[uuid.UUID, PostChoice] = {}
    for role in _POST_ROLES:
        for one in identity.people_in(tenant, unit.id, role):
            known = found.get(one.post_id)
            people = {*(known.people if known else ()), str(one.person_id)}
            leads = role == LEADER or bool(known and known.leads)
            found[one.post_id] = PostChoice(one.post_id, one.post_name, leads, tuple(sorted(people)))
    return sorted(found.values(), key=lambda post: post.name)


def subject_of(actor: Actor, token: str, *, post: str = "", post_words: str = "") -> Subject:
    """The subject a token names: ``application:…``, ``rating:kind:…``, ``item:…``, ``unit:G22``, ``post:G22``, or none.

    ``post`` is the chosen post of the unit, ``post_words`` what the person calls it where it is none of the list.
    Raises NotFound for what there is not, and for somebody else's application.
    """
    kind, _colon, key = token.partition(":")
    if not token or kind == About.GENERAL:
        return Subject(about=About.GENERAL)
    if kind == About.APPLICATION:
        return _matter(actor, About.APPLICATION, _APPLICATION, key)
    if kind == About.RATING:
        inner, _colon, inner_key = key.partition(":")
        return _matter(actor, About.RATING, inner, inner_key)
    if kind == About.ITEM:
        return _item(actor.tenant, key)
    if kind in (About.UNIT, About.POST):
        unit = _unit(actor.tenant, key)
        if kind == About.UNIT:
            return Subject(about=About.UNIT, token=token, title=unit.name, org=unit)
        return _post(actor.tenant, unit, token, post, post_words)
    raise NotFound(_("没有找到您要反映的对象，请从“我要反映”重新选择。"))


def _unit(tenant: str, code: str) -> identity.OrganisationInfo:
    try:
        return identity.organisation(tenant, code)
    except NotFound:
        raise NotFound(_("没有这个单位，请重新选择。")) from None


def _org(tenant: str, org_id: uuid.UUID) -> identity.OrganisationInfo | None:
    return identity.heir_of(tenant, org_id)


def _matter(actor: Actor, about: str, kind: str, key: str) -> Subject:
    ref = ObjectRef(kind=kind, id=key)
    known = rateable.get(kind) if kind in rateable else None
    found: RateableSubject | None = known.subject(actor.tenant, ref) if known else None
    if known is None or found is None or not known.may_rate(actor, ref):
        raise NotFound(_("没有找到这个办件。反映自己的办件请先登录；也可以不选办件，直接反映单位或者事项。"))
    return Subject(
        about=about,
        token=f"{about}:{key}" if about == About.APPLICATION else f"{about}:{kind}:{key}",
        title=found.title,
        number=found.number,
        ref=ref,
        item_code=found.item_code,
        case_id=found.case_id,
        org=_org(actor.tenant, found.org_id),
    )


def _item(tenant: str, code: str) -> Subject:
    try:
        item = catalogue.find_item(tenant, code)
    except NotFound:
        raise NotFound(_("没有找到这个事项，请从“我要反映”重新选择。")) from None
    return Subject(
        about=About.ITEM, token=f"item:{code}", title=item.name, item_code=item.code, org=_org(tenant, item.org_id)
    )


def _post(tenant: str, unit: identity.OrganisationInfo, token: str, post: str, words: str) -> Subject:
    chosen = next((one for one in posts_of(tenant, unit) if str(one.id) == post), None)
    name = chosen.name if chosen else words.strip()
    return Subject(
        about=About.POST,
        token=token,
        title=f"{unit.name} {name}".strip(),
        org=unit,
        post_id=chosen.id if chosen else None,
        post_name=name[:80],
        leads=bool(chosen and chosen.leads),
        people=chosen.people if chosen else (),
    )
