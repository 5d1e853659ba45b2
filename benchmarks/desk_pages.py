"""The desk and the page of a case with many stored cases, against a view written by hand for exactly that page.

The hand-written view sends the same statements, makes the same entry in the ledger and renders the same template with
the same content, behind the same middleware; it only does not find out what the statements and the content are. What
apps show on the page of a case (fees, promises, messages, ratings) it renders from the same templates, too: the two
pages are alike to the letter, which is checked before anything is measured. So the ratio is what the platform's own
code costs on top of database, template, session and permission.
"""

import re
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection, connections, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import Template, loader
from django.template.backends.django import Template as NamedTemplate
from django.template.context import Context as TemplateContext
from django.test import Client, override_settings
from django.test.signals import template_rendered
from django.test.utils import instrumented_test_render  # type: ignore[attr-defined]  # not in the stubs
from django.urls import include, path, resolve, reverse
from psycopg import sql

from benchmarks.context import Context
from benchmarks.generator import Generator
from benchmarks.measure import Contestant, ratio, take_turns
from benchmarks.results import Result
from benchmarks.rows import TABLES
from zhengtong.capabilities.cases.selectors.processes import active_process_id
from zhengtong.capabilities.identity.tests import factories
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.systems.service_hall.tests import hall_factories as hall
from zhengtong.systems.service_hall.web.desk_pages import HANDLERS

_OPEN = 240
_CLIENTS = 8
_HAND, _RECORD = "/bench/hand/", "/bench/record/"
_PAGES = {"desk": "service_hall/desk/queue.html", "case": "service_hall/desk/task.html"}
_LEDGER = "ledger_"
#: what is new on every page: the secret and the key of a command
_SECRETS = re.compile(r'name="(?:csrfmiddlewaretoken|command_key)" value="[^"]*"')
#: what an application has of its own; everything else is as in the one that was handed in through the pages
_OWN = {
    "id": "md5('application' || c.id)::uuid",
    "number": "c.number",
    "case_id": "c.id",
    "form_submission_id": "md5('form' || c.id)::uuid",
    "submitted_at": "c.created_at",
    "created_at": "c.created_at",
    "closed_at": "c.closed_at",
    "status": "case when c.status = 'closed' then 'closed' else 'submitted' end",
}


class Recording:
    """What a page asks of the database before it is rendered, and with what its template is rendered."""

    def __init__(self) -> None:
        self.statements: list[tuple[str, Any]] = []
        self.content: dict[str, Any] = {}
        self.entries: list[ObjectRef] = []
        self.blocks: dict[str, tuple[str, dict[str, Any]]] = {}
        self._rendering = False

    def listen(self, execute: Callable[..., Any], statement: str, params: Any, *more: Any) -> Any:
        """Between Django and its connection: keep the readings, leave the ledger's own statements to the ledger."""
        if not self._rendering and statement.lstrip().upper().startswith("SELECT") and _LEDGER not in statement:
            self.statements.append((statement, params))
        return execute(statement, params, *more)

    def rendered(self, *, template: Template, context: TemplateContext, name: str) -> None:
        """Keep what the view gave to the page's own template."""
        if template.name == name:
            layers = context.dicts[context._processors_index + 1 :]  # type: ignore[attr-defined]  # a RequestContext
            self.content = {key: value for layer in layers for key, value in layer.items()}
            self._rendering = True

    def block(self, name: str, context: dict[str, Any] | None, html: str) -> None:
        """Keep with what a part of the page was rendered that an app brought."""
        if not self._rendering:
            self.blocks[html] = (name, dict(context or {}))


_recordings: dict[str, Recording] = {}


@requires(*HANDLERS)
def record(request: HttpRequest, page: str) -> HttpResponse:
    """The platform's own view, listened to."""
    address = request.GET["of"]
    found = resolve(address)
    recording = _recordings[page] = Recording()
    original = Template._render  # type: ignore[attr-defined]  # what Django's own test client replaces, too
    Template._render = instrumented_test_render  # type: ignore[attr-defined]  # as above

    def listen(**kwargs: Any) -> None:
        recording.rendered(template=kwargs["template"], context=kwargs["context"], name=_PAGES[page])

    render_named = NamedTemplate.render

    def render_block(self: Any, context: Any = None, request: Any = None) -> str:
        html = render_named(self, context, request)
        recording.block(self.template.name, context, html)
        return html

    NamedTemplate.render = render_block  # type: ignore[method-assign]  # put back below
    template_rendered.connect(listen)
    request.GET = type(request.GET)("")  # the page itself is asked for without any parameter
    try:
        with connection.execute_wrapper(recording.listen):
            response: HttpResponse = found.func(request, *found.args, **found.kwargs)
    finally:
        template_rendered.disconnect(listen)
        Template._render = original  # type: ignore[attr-defined]  # put back
        NamedTemplate.render = render_named  # type: ignore[method-assign]  # put back
    return response


@requires(*HANDLERS)
def by_hand(request: HttpRequest, page: str) -> HttpResponse:
    """The same page by a programmer who knows every statement and all content beforehand."""
    recording = _recordings[page]
    with connection.cursor() as cursor:
        for statement, params in recording.statements:
            cursor.execute(statement, params)
            if cursor.description is not None:
                cursor.fetchall()
    for ref in recording.entries:
        with transaction.atomic():
            ledger.append(
                actor=actor_of(request), act="service_hall.read", object_ref=ref, payload={}, purpose="办理：受理"
            )
    blocks = [_rendered(recording, html, request) for html in recording.content.get("blocks", ())]
    return render(request, _PAGES[page], recording.content | {"blocks": blocks})


def _rendered(recording: Recording, html: str, request: HttpRequest) -> str:
    """A part that an app brought, rendered again from its template."""
    name, context = recording.blocks[html]
    return loader.get_template(name).render(context, request)


urlpatterns = [
    path("bench/hand/<slug:page>/", by_hand),
    path("bench/record/<slug:page>/", record),
    path("", include("zhengtong.entry.urls")),
]


def desk_pages(context: Context, *, rounds: int, pieces: int, cases: int) -> list[Result]:
    """Both pages at one and at eight clients, each against its hand-written view."""
    with override_settings(ROOT_URLCONF="benchmarks.desk_pages"):
        clerk, addresses = _stored(context, cases)
        clients = [_signed_in(clerk) for _ in range(_CLIENTS)]
        found: list[Result] = []
        for page, address in addresses.items():
            response = clients[0].get(f"{_RECORD}{page}/", {"of": address})
            if response.status_code != 200 or not _recordings[page].content:
                raise RuntimeError(f"{page}: {response.status_code}")
            if page == "case":
                _recordings[page].entries.append(ObjectRef(kind="application", id=str(uuid.UUID(int=1))))
            _check_alike(clients[0], page, address)
            found += _measured(page, address, clients, rounds=rounds, pieces=pieces, cases=cases, context=context)
    return found


def _check_alike(client: Client, page: str, address: str) -> None:
    """The hand-written page says the same; only the secret against forged requests is another every time."""
    ours, hand = (client.get(path).content.decode() for path in (address, f"{_HAND}{page}/"))
    if _SECRETS.sub("", ours) != _SECRETS.sub("", hand):
        raise RuntimeError(f"{page}: the hand-written page is not the same")


def _measured(
    page: str, address: str, clients: list[Client], *, rounds: int, pieces: int, cases: int, context: Context
) -> list[Result]:
    words = {"desk": "待办列表", "case": "办件页"}[page]
    found = []
    for count in (1, len(clients)):
        with ThreadPoolExecutor(count) as pool:
            standings = take_turns(
                [
                    Contestant("ours", _visits(pool, clients[:count], address), context.django_pid()),
                    Contestant("hand", _visits(pool, clients[:count], f"{_HAND}{page}/"), context.django_pid()),
                ],
                rounds=rounds,
                pieces=pieces,
            )
            list(pool.map(_close, [Barrier(count)] * count))
        share = ratio(standings, "ours", "hand")
        at = f"存量 {cases} 件，{count} 个人同时看{words}"
        found.append(
            Result(f"desk_pages.{page}.share_at_{count}", share, f"{at}：每秒页数是手写视图的几倍", "手写视图", "倍")
        )
        found.append(Result(f"desk_pages.{page}.rate_at_{count}", standings["ours"].rate, f"{at}", "", "页/秒"))
    statements = context.count_statements(lambda: _visit(clients[0], address))
    found.append(Result(f"desk_pages.{page}.statements", statements, f"{words}的语句条数（含登录检查）", "", "条/页"))
    return found


def _visits(pool: ThreadPoolExecutor, clients: list[Client], address: str) -> Callable[[int], None]:
    """So many views of a page, shared among the clients; each client is one thread's at a time."""

    def turns(pair: tuple[Client, int]) -> None:
        for _ in range(pair[1]):
            _visit(pair[0], address)

    def visit(times: int) -> None:
        shares = [times // len(clients) + (number < times % len(clients)) for number in range(len(clients))]
        list(pool.map(turns, zip(clients, shares, strict=True)))

    return visit


def _close(together: Barrier) -> None:
    """Close the connections of this thread; the barrier sees to it that every thread of the pool does it once."""
    together.wait()
    connections.close_all()


def _visit(client: Client, address: str) -> None:
    response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address}: {response.status_code}")


def _signed_in(actor: Any) -> Client:
    client = Client(SERVER_NAME="localhost")
    factories.sign_in(client, actor)
    return client


def _stored(context: Context, cases: int) -> tuple[Any, dict[str, str]]:
    """So many cases, their applications alike to one that was handed in; the clerk and the two addresses."""
    hall.found_hall()
    sample = hall.submitted()
    generator = Generator(
        context.connect(), hall.TENANT, active_process_id(hall.TENANT, "restaurant"), local_date(), seed=77
    )
    opened = min(_OPEN, cases // 2)
    with context.as_owner() as owner:
        generator.load(owner, closed=cases - opened, opened=opened)
        owner.execute(
            _filled(owner, "forms_submission", {"id": _OWN["form_submission_id"]}), [sample.form_submission_id]
        )
        owner.execute(_filled(owner, "service_hall_application", _OWN), [sample.pk])
        owner.execute(
            "update cases_case set subject_id = md5('application' || id)::uuid::text where subject_id = number"
        )
        tables = sql.SQL(", ").join(map(sql.Identifier, (*TABLES, "forms_submission", "service_hall_application")))
        owner.execute(sql.SQL("vacuum (analyze) {}").format(tables))
    task = hall.task_of(sample)
    return hall.clerk(), {
        "desk": reverse("service_hall:desk", urlconf="zhengtong.entry.urls"),
        "case": reverse("service_hall:task", args=[task.id], urlconf="zhengtong.entry.urls"),
    }


def _filled(owner: Any, table: str, own: dict[str, str]) -> sql.Composed:
    """A statement that copies one row of a table for every case that has none, but for what is its own."""
    rows = owner.execute(
        "select column_name from information_schema.columns where table_name = %s order by ordinal_position", [table]
    ).fetchall()
    names = [name for (name,) in rows]
    values = [sql.SQL(own[name]) if name in own else sql.SQL("t.{}").format(sql.Identifier(name)) for name in names]
    return sql.SQL(
        "insert into {table} ({names}) select {values} from cases_case c, {table} t"
        " where t.id = %s and c.subject_kind = 'application' and c.subject_id = c.number"
    ).format(
        table=sql.Identifier(table),
        names=sql.SQL(", ").join(map(sql.Identifier, names)),
        values=sql.SQL(", ").join(values),
    )
