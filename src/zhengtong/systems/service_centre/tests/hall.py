"""A hall for tests: two zones, four windows, open on working days, people on its roster."""

import datetime as dt
import uuid

from zhengtong.capabilities.identity.tests.factories import official, organisation, tenant
from zhengtong.kernel.actors import Actor, system
from zhengtong.kernel.clock import local_date
from zhengtong.systems.service_centre.models import Attendant, Duty, Place, Window, Zone
from zhengtong.systems.service_centre.services import install_place

#: Monday 9 November 2026, 10:00 in the county
START = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)
TUESDAY = "2026-11-10T09:00"
WORKDAY = "08:30-12:00 14:00-17:30"
CENTRE = ("K01", "青禾县政务服务中心")
ITEM = ("1198072300720319364980131801000", "开办餐饮店一件事")

DECLARED = {
    "slug": "county",
    "name": "青禾县政务服务中心",
    "level": "county",
    "division_code": "980723000000",
    "org_code": "K01",
    "address": "青禾县城关镇人民路 1 号",
    "way": "乘 1 路公交车到县政府站。",
    "phone": "0980-1234567",
    "accessibility": "正门有坡道。",
    "hours": [WORKDAY] * 5 + ["", ""],
    "zones": [
        {
            "letter": "A",
            "name": "综合受理",
            "note": "各类事项",
            "minutes": 30,
            "capacity": 2,
            "windows": [{"number": 1, "name": "综合窗口"}, {"number": 2, "name": "综合窗口"}],
        },
        {
            "letter": "B",
            "name": "市场准入",
            "note": "营业执照、食品经营",
            "minutes": 30,
            "capacity": 1,
            "windows": [
                {"number": 3, "name": "企业开办", "items": [{"code": ITEM[0], "name": ITEM[1]}]},
                {"number": 4, "name": "食品药品", "items": [{"code": "food", "name": "食品经营许可"}]},
            ],
        },
    ],
}


def hall(**changes: object) -> Place:
    """The hall of the county."""
    organisation(*CENTRE)
    declared = {**DECLARED, **changes}
    install_place(actor=system(tenant()), declared=declared, position=1)
    return Place.objects.get(slug=declared["slug"])


def town() -> Place:
    """A township centre under its own unit, within the county."""
    organisation("T02", "青禾县东河镇人民政府")
    windows = [{"number": 1, "name": "综合窗口"}]
    zones = [{"letter": "A", "name": "便民服务", "note": "", "minutes": 30, "capacity": 1, "windows": windows}]
    changes = {"slug": "donghe", "name": "东河镇便民服务中心", "level": "town", "division_code": "980723101000"}
    install_place(
        actor=system(tenant()), declared={**DECLARED, **changes, "org_code": "T02", "zones": zones}, position=2
    )
    return Place.objects.get(slug="donghe")


def zone(letter: str = "A") -> Zone:
    return Zone.objects.select_related("place").get(place__slug="county", letter=letter)


def window(number: int) -> Window:
    return Window.objects.select_related("place", "zone").get(place__slug="county", number=number)


def manager(username: str = "hall", org: tuple[str, str] = CENTRE) -> Actor:
    return official(username, "hall_manager", org_code=org[0], org_name=org[1], name="大厅管理员")


def operator(number: int, username: str = "", *, half: str = "am", day: dt.date | None = None) -> Actor:
    """An official on today's roster of a window."""
    actor = official(username or f"clerk{number}", "clerk")
    put(actor, number, half=half, day=day)
    return actor


def put(actor: Actor, number: int, *, half: str = "am", day: dt.date | None = None) -> Duty:
    place = Place.objects.get(slug="county")
    person_id = actor.person_id or uuid.UUID(int=0)
    Attendant.objects.get_or_create(
        place=place,
        person_id=person_id,
        defaults={"tenant": place.tenant, "person_name": actor.name, "org_name": actor.org_name},
    )
    return Duty.objects.create(
        tenant=place.tenant,
        window=window(number),
        day=day or local_date(),
        half=half,
        person_id=person_id,
        person_name=actor.name,
    )
