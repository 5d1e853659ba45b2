"""Halls declared by data: added where they are missing, never overwritten."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import local_date
from zhengtong.systems.service_centre.constants import PLACE_KIND
from zhengtong.systems.service_centre.models import Attendant, Duty, Place, Window, Zone
from zhengtong.systems.service_centre.permissions import person_of
from zhengtong.systems.service_centre.rules import halves_of
from zhengtong.systems.service_centre.selectors.places import hours_of
from zhengtong.systems.service_centre.services.places import (
    NamedService,
    checked_hours,
    name_services,
    new_kiosk_key,
)


@transaction.atomic
def install_place(*, actor: Actor, declared: Mapping[str, Any], position: int) -> bool:
    """A hall with its zones and windows as declared; False when it is there already.

    ``declared`` holds slug, name, level, division_code, org_code, address, way, phone, accessibility, hours (seven
    texts), zones ``{letter, name, note, minutes, capacity, windows: [{number, name, planned?, items: [{code, name}],
    orgs: [code]}]}``. Raises NotFound for an unknown unit and Invalid for hours that cannot be read.
    """
    if Place.objects.filter(tenant=actor.tenant, slug=declared["slug"]).exists():
        return False
    unit = identity.organisation(actor.tenant, declared["org_code"])
    plain = ("slug", "name", "level", "division_code", "address", "way", "phone", "accessibility")
    place = Place.objects.create(
        tenant=actor.tenant,
        org_id=unit.id,
        org_name=unit.name,
        hours=checked_hours(declared["hours"]),
        kiosk_key=new_kiosk_key(),
        position=position,
        **{key: declared[key] for key in plain},
    )
    for row in declared["zones"]:
        _zone(place, row)
    ledger.append(
        actor=actor,
        act="service_centre.save_place",
        object_ref=ObjectRef(kind=PLACE_KIND, id=str(place.id)),
        payload={"name": place.name, "hours": place.hours},
    )
    return True


def _zone(place: Place, row: Mapping[str, Any]) -> None:
    zone = Zone.objects.create(
        tenant=place.tenant,
        place=place,
        letter=row["letter"],
        name=row["name"],
        note=row["note"],
        slot_minutes=row["minutes"],
        slot_capacity=row["capacity"],
    )
    for each in row["windows"]:
        window = Window.objects.create(
            tenant=place.tenant,
            place=place,
            zone=zone,
            number=each["number"],
            name=each["name"],
            planned=each.get("planned", True),
        )
        units = [identity.organisation(place.tenant, code) for code in each.get("orgs", ())]
        items = [NamedService(kind="item", code=one["code"], label=one["name"]) for one in each.get("items", ())]
        name_services(window, [*items, *(NamedService(kind="org", code=str(u.id), label=u.name) for u in units)])


@transaction.atomic
def install_roster(*, actor: Actor, slug: str, people: Mapping[int, Collection[str]], days: int) -> int:
    """Attendants and their half-days on the days ahead: window number → user names who take turns by half-day.

    Half-days that are filled stay, and nobody is put where he is at another window. Returns how many were filled.
    """
    place = Place.objects.get(tenant=actor.tenant, slug=slug)
    today = local_date()
    hours = hours_of(place, today, today + dt.timedelta(days=days))
    windows = {window.number: window for window in Window.objects.filter(place=place)}
    busy = set(Duty.objects.filter(tenant=actor.tenant, day__gte=today).values_list("person_id", "day", "half"))
    found = []
    for number, usernames in people.items():
        team = [_attendant(place, name) for name in usernames]
        filled = set(Duty.objects.filter(window=windows[number], day__gte=today).values_list("day", "half"))
        halves = [(day.day, half) for day in hours for half in halves_of(day.spans)]
        for turn, (day, half) in enumerate(halves):
            person = team[turn % len(team)]
            if (day, half) in filled or (person.person_id, day, half) in busy:
                continue
            busy.add((person.person_id, day, half))
            found.append(_duty(windows[number], day, half, person))
    Duty.objects.bulk_create(found)
    if found:
        ledger.append(
            actor=actor,
            act="service_centre.set_duties",
            object_ref=ObjectRef(kind=PLACE_KIND, id=str(place.id)),
            payload={"duties": len(found)},
        )
    return len(found)


def _attendant(place: Place, username: str) -> Attendant:
    who = identity.find_actor(username, tenant=place.tenant)
    found, _created = Attendant.objects.get_or_create(
        place=place,
        person_id=person_of(who),
        defaults={"tenant": place.tenant, "person_name": who.name, "org_name": who.org_name},
    )
    return found


def _duty(window: Window, day: dt.date, half: str, person: Attendant) -> Duty:
    return Duty(
        tenant=window.tenant,
        window=window,
        day=day,
        half=half,
        person_id=person.person_id,
        person_name=person.person_name,
    )
