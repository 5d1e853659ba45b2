"""The county every case is thrown at: people of every role, a draft, cases in several states, a complaint, a plan."""

import dataclasses
import datetime as dt
import json
import re
import uuid
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.forms import api as forms
from zhengtong.capabilities.identity.constants import Role
from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.kernel.actors import Actor, system
from zhengtong.kernel.testing.work import do_all_work
from zhengtong.systems.complaints.tests import county as complaining
from zhengtong.systems.inspections.tests import county as inspecting
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.models import Application
from zhengtong.systems.service_hall.tests import factories as hall

MONDAY = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)  # 10:00 in Shanghai
OTHER = hall.SIMPLE[:-1] + "7"
#: what every visit writes: sessions, who looked at what, counted attempts
_VISITS = ("django_session", "identity_cache", "usersessions_usersession")
#: roles nobody may hold together with others are each held by somebody of his own
PEOPLE = {role.value: role.value.replace("_", ".") for role in Role if role not in (Role.CITIZEN, Role.AGENT)}
_HOMES = {"supervisor": "A02", "item_editor": "G22", "process_admin": "G22"}


@dataclasses.dataclass
class Ground:
    """People by role, matters by state."""

    people: dict[str, Actor] = dataclasses.field(default_factory=dict)
    rows: dict[str, Any] = dataclasses.field(default_factory=dict)
    keys: dict[str, str] = dataclasses.field(default_factory=dict)

    def client(self, who: str = "", **options: Any) -> Client:
        """A browser in which this person has signed in; a stranger's for the empty name."""
        made = Client(raise_request_exception=False, **options)
        if who:
            made.cookies[settings.SESSION_COOKIE_NAME] = self.keys[who]
        return made

    def row(self, state: str) -> Application:
        """The application in a state."""
        found: Application = self.rows[state]
        return found

    def task(self, state: str, role: str = "clerk") -> uuid.UUID:
        """The open task of the market bureau on an application."""
        return hall.task(self.row(state), role=role).id

    def task_url(self, state: str, role: str = "clerk") -> str:
        """The page of that task."""
        name = "service_hall:decision" if role == "leader" else "service_hall:task"
        return reverse(name, args=[self.task(state, role)])


def found() -> Ground:
    """Everything, through the doors of the apps."""
    ground = Ground()
    hall.found_county()
    for key in ("G25", "A02"):
        people.organisation(key, {"G25": "青禾县政务服务局", "A02": "青禾县纪委监委"}[key])
    for role, username in PEOPLE.items():
        home = _HOMES.get(role, "G22")
        name = "青禾县纪委监委" if home == "A02" else hall.UNITS[home]
        ground.people[role] = people.official(username, role, org_code=home, org_name=name)
    ground.people["second"] = people.official("second", "supervisor", org_code="A02", org_name="青禾县纪委监委")
    ground.people["elsewhere"] = people.official("elsewhere", "clerk", org_code="G25", org_name="青禾县政务服务局")
    ground.people["citizen"] = people.citizen("张一", phone="13800000001")
    ground.people["stranger"] = people.citizen("李四", phone="13800000002")
    boss = system(hall.TENANT)
    forms.declare_form(actor=boss, key="example", definition=hall.form_definition("example"))
    catalogue.publish_item(actor=boss, draft=hall.item_draft(code=OTHER, name="示例表单许可", form_key="example"))
    _matters(ground)
    do_all_work()
    for who, actor in ground.people.items():
        signed_in = people.sign_in(Client(), actor)
        ground.keys[who] = signed_in.cookies[settings.SESSION_COOKIE_NAME].value
    return ground


def _matters(ground: Ground) -> None:
    applicant = ground.people["citizen"]
    rows = ground.rows
    rows["submitted"] = hall.submitted(applicant)
    rows["told"] = hall.told(applicant)
    rows["accepted"] = hall.accepted(applicant)
    rows["decidable"] = hall.act(hall.accepted(applicant), "pass")
    rows["draft"] = hall.ready_draft(applicant)
    rows["empty"] = api.start_application(actor=applicant, item_code=OTHER)
    rows["complaint"] = complaining.sent(ground.people["stranger"], protection="signed").row
    inspecting.cases.forget_calendars()
    town = object.__new__(inspecting.Town)
    town.office, town.second = ground.people["supervisor"], ground.people["second"]
    rows["plan"] = inspecting.approved(town, pool="青禾县政务服务局")


#: by database: what is in the tables nothing has been written to since the county was founded
_FOUNDED: dict[str, dict[str, tuple[int, str]]] = {}


def rows_of_all_tables() -> dict[str, tuple[int, str]]:
    """How many rows each table has, and a digest of them; without what every visit writes.

    A case is undone with its transaction: only what this transaction wrote to has to be read again.
    """
    known = _FOUNDED.setdefault(str(connection.settings_dict["NAME"]), {})
    tables = _tables()
    untouched = [name for name, touched in tables.items() if not touched]
    known |= _digests([name for name in untouched if name not in known])
    return {name: known[name] for name in untouched} | _digests([name for name in tables if tables[name]])


def _tables() -> dict[str, bool]:
    """The tables of the platform, and whether the present transaction wrote to them, undone or not."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname, pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)"
            " + pg_stat_get_xact_tuples_deleted(oid) > 0 from pg_class"
            " where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace"
        )
        return {
            name: touched
            for name, touched in cursor.fetchall()
            if not name.startswith(("procrastinate", "django_migrations")) and name not in _VISITS
        }


def _digests(tables: list[str]) -> dict[str, tuple[int, str]]:
    if not tables:
        return {}
    parts = [
        f"select '{name}' as name, count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)::text from {name} t"
        for name in tables
    ]
    with connection.cursor() as cursor:
        cursor.execute(" union all ".join(parts))
        return {name: (count, digest) for name, count, digest in cursor.fetchall()}


def changed(before: dict[str, tuple[int, str]], *, but: Iterable[str] = ()) -> dict[str, tuple[int, int]]:
    """Tables whose rows are not what they were: counts before and after."""
    after = rows_of_all_tables()
    free = set(but)
    return {
        name: (before[name][0], after[name][0])
        for name in before
        if before[name] != after.get(name) and name not in free
    }


def text_of(response: HttpResponse) -> str:
    """What a page says, its markup gone and its spaces drawn together."""
    if getattr(response, "streaming", False):
        return ""
    body = response.content.decode("utf-8", "replace")
    kind = response.headers.get("Content-Type", "")
    if "json" in kind:
        return json.dumps(json.loads(body), ensure_ascii=False)
    if "html" not in kind:
        return body
    body = re.sub(r"(?s)<(script|style|svg)\b.*?</\1>", " ", body)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


__all__ = ["MONDAY", "OTHER", "Ground", "cases", "changed", "found", "rows_of_all_tables", "text_of"]
