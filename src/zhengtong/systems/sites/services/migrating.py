"""Taking over an old site: begun, its rules tried on samples, the trial run, the import, stopping it."""

import dataclasses
import itertools
import json
import uuid
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from zhengtong.kernel import storage
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.scanning import refuse_infected
from zhengtong.kernel.transactions import refuse_inside
from zhengtong.kernel.uploads import MAX_BYTES, clean_name
from zhengtong.systems.sites import permissions
from zhengtong.systems.sites.constants import MigrationState, SiteState, SourceKind
from zhengtong.systems.sites.engine.old_site.pages import OldPage, Unreadable
from zhengtong.systems.sites.engine.old_site.picking import wrong_selector
from zhengtong.systems.sites.engine.old_site.selector_rules import SelectorRules, rules_of
from zhengtong.systems.sites.models import GovernmentSite, Migration, OldHost
from zhengtong.systems.sites.rules.addresses import is_host
from zhengtong.systems.sites.services import old_sources
from zhengtong.systems.sites.services.migration_plan import run_planning
from zhengtong.systems.sites.services.migration_write import run_writing
from zhengtong.systems.sites.services.old_pages import Judge, Judged
from zhengtong.systems.sites.services.telling import migration_ref, record, site_ref

PLAN, WRITE = "sites.plan_migration", "sites.write_migration"
_RULE_WORDS: Final = {
    "title": "标题", "day": "发布日期", "source": "来源", "author": "作者", "column": "栏目", "body": "正文",
    "drop": "要去掉的部分", "patterns": "日期格式", "only": "文章网址的开头", "columns": "栏目对应",
    "default_column": "其余放进的栏目", "host": "旧域名",
}  # fmt: skip
_UNDER_WAY: Final = (MigrationState.PLANNING, MigrationState.WRITING)
#: so much of a source is looked at for samples
_SAMPLES, _LOOKED_AT = 3, 400
_RULES_LONGEST: Final = 60_000


@dataclasses.dataclass(frozen=True)
class Sample:
    """A page of the old site beside what it would be here."""

    old: OldPage
    new: Judged


def begin_migration(
    *,
    actor: Actor,
    site_id: uuid.UUID,
    place: str = "",
    name: str = "",
    content: bytes = b"",
    files_place: str = "",
    database: str = "",
    query: str = "",
    rules: Mapping[str, Any] | None = None,
) -> Migration:
    """Begin with a file that was sent (``name``, ``content``), a name in the folder of imports, or a query.

    Without rules those of the site's last migration. Raises Invalid, NotFound, NotPermitted.
    """
    permissions.check_may_open_sites(actor)
    site = _site(actor, site_id)
    if files_place:
        old_sources.path_of(files_place)
    row = Migration(tenant=actor.tenant, site=site, files_place=files_place, person_id=actor.person_id)
    row.person_name, row.post_id = actor.name, actor.post_id
    row.rules = checked_rules(rules).as_json() if rules is not None else _last_rules(site)
    if database:
        row.kind, row.place, row.query = SourceKind.SQL, database, old_sources.check_query(database, query)
    elif place:
        row.kind, row.place = old_sources.kind_of(place, old_sources.path_of(place)), place
    else:
        row.place = _checked_name(name, content)
        row.kind = old_sources.kind_of(row.place)
    with transaction.atomic():
        if not database and not place:
            kind = "application/octet-stream"
            row.upload = storage.store(tenant=actor.tenant, name=row.place, content=content, content_type=kind)
        row.save()
        record(actor, "sites.migration_begin", migration_ref(row), site=site.name, kind=row.kind, place=row.place)
    return row


@transaction.atomic
def save_rules(*, actor: Actor, migration_id: uuid.UUID, rules: Mapping[str, Any]) -> Migration:
    """Change how the pages are read; what a trial run found no longer counts. Raises Conflict, Invalid, NotFound."""
    row = _locked(actor, migration_id)
    if row.state in _UNDER_WAY or row.rows.exclude(outcome="").exists():
        raise Conflict(_("这次迁移%(state)s，规则不能再改。") % {"state": row.get_state_display()})
    row.rules = checked_rules(rules).as_json()
    _forget_plan(row, MigrationState.NEW)
    record(actor, "sites.migration_rules", migration_ref(row), site=row.site.name, rules=row.rules)
    return row


def checked_rules(rules: Mapping[str, Any]) -> SelectorRules:
    """Rules that can be used. Raises Invalid with the part that is wrong."""
    try:
        found = rules_of(rules)
    except ValueError as error:
        said = _RULE_WORDS.get(str(error), str(error))
        raise Invalid(_("“%(part)s”写得不对。") % {"part": said}, field=str(error)) from error
    for name in ("title", "day", "source", "author", "column", "body", "drop"):
        if wrong_selector(getattr(found, name)):
            raise Invalid(_("“%(part)s”不是有效的选择器。") % {"part": _RULE_WORDS[name]}, field=name)
    for host in found.host.split():
        if not is_host(host):
            raise Invalid(_("“%(host)s”不是域名。") % {"host": host[:60]}, field="host")
    if len(json.dumps(found.as_json())) > _RULES_LONGEST:
        raise Invalid(_("规则太长。"), field="columns")
    return found


def samples(*, actor: Actor, migration_id: uuid.UUID) -> list[Sample]:
    """The first few articles, as they stood there and as they would stand here; writes nothing.

    Where no page is an article, the first pages with the reason. Raises Invalid where nothing can be read.
    """
    row = migration_in_reach(actor, migration_id)
    judge = Judge(row)
    taken: list[Sample] = []
    refused: list[Sample] = []
    try:
        for _place, found in itertools.islice(old_sources.Source(row).read(-1), _LOOKED_AT):
            if isinstance(found, OldPage):
                sample = Sample(found, judge.judge(found))
                (refused if sample.new.refusal else taken).append(sample)
            if len(taken) == _SAMPLES:
                break
    except Unreadable as fault:
        if not taken and not refused:
            raise Invalid(str(fault), field="place") from fault
    return (taken + refused)[:_SAMPLES]


@transaction.atomic
def plan_migration(*, actor: Actor, migration_id: uuid.UUID) -> Migration:
    """Have the trial run made by the worker, from the beginning. Raises Conflict, NotFound, NotPermitted."""
    row = _locked(actor, migration_id)
    if row.state in _UNDER_WAY:
        raise Conflict(_("这次迁移%(state)s，请等它结束。") % {"state": row.get_state_display()})
    # the report of what was brought in stays
    if row.rows.exclude(outcome="").exists():
        raise Conflict(_("这次迁移已经导入过内容，报告要保留；再导入请另外开始一次，规则会带过去。"))
    _forget_plan(row, MigrationState.PLANNING)
    _defer(PLAN, actor, row)
    return row


@transaction.atomic
def start_migration(*, actor: Actor, migration_id: uuid.UUID) -> Migration:
    """Have what the trial run found brought in; one that was stopped goes on. Raises Conflict, NotFound."""
    row = _locked(actor, migration_id)
    if row.state not in (MigrationState.PLANNED, MigrationState.STOPPED) or not row.total:
        raise Conflict(_("须先试运行，看过数量以后再导入。"))
    for host in checked_rules(row.rules).host.split():
        _register_host(actor, row.site, host)
    row.message, row.done = "", row.rows.exclude(outcome="").count()
    _into(row, MigrationState.WRITING)
    record(actor, "sites.migration_start", migration_ref(row), site=row.site.name, place=row.place, **row.counts)
    _defer(WRITE, actor, row)
    return row


@transaction.atomic
def stop_migration(*, actor: Actor, migration_id: uuid.UUID) -> Migration:
    """Stop behind the batch that is being written; what was written stays. Raises Conflict, NotFound, NotPermitted."""
    row = _locked(actor, migration_id)
    if row.state not in _UNDER_WAY:
        raise Conflict(_("这次迁移没有在进行。"))
    if row.state == MigrationState.PLANNING:
        _forget_plan(row, MigrationState.NEW)
    else:
        _into(row, MigrationState.STOPPED)
    record(actor, "sites.migration_stop", migration_ref(row), site=row.site.name, place=row.place)
    return row


def work_through(
    *, actor: Actor, migration_id: uuid.UUID, progress: Callable[[Migration], None] | None = None
) -> Migration:
    """Carry the trial run or the import to its end at once, for commands."""
    row = migration_in_reach(actor, migration_id)
    run = run_planning if row.state == MigrationState.PLANNING else run_writing
    while run(actor=actor, migration_id=migration_id):
        if progress is not None:
            row.refresh_from_db()
            progress(row)
    row.refresh_from_db()
    return row


def migration_in_reach(actor: Actor, migration_id: uuid.UUID) -> Migration:
    """A migration of the county. Raises NotFound, NotPermitted."""
    permissions.check_may_open_sites(actor)
    rows = Migration.objects.select_related("site__home", "upload")
    row = rows.filter(tenant=actor.tenant, pk=migration_id).first()
    if row is None:
        raise NotFound(_("没有这次迁移。"))
    return row


def _locked(actor: Actor, migration_id: uuid.UUID) -> Migration:
    found = migration_in_reach(actor, migration_id)
    row = Migration.objects.select_for_update().get(pk=found.pk)
    row.site = found.site
    return row


def _site(actor: Actor, site_id: uuid.UUID) -> GovernmentSite:
    site = GovernmentSite.objects.select_related("home").filter(tenant=actor.tenant, pk=site_id).first()
    if site is None:
        raise NotFound(_("没有这个网站。"))
    if site.state == SiteState.CLOSED:
        raise Conflict(_("“%(site)s”已经关停，内容只保存、不再改动。") % {"site": site.name})
    return site


def _last_rules(site: GovernmentSite) -> dict[str, Any]:
    last = Migration.objects.filter(site=site).order_by("-created_at").first()
    return dict(last.rules) if last is not None else SelectorRules().as_json()


def _checked_name(name: str, content: bytes) -> str:
    refuse_inside("a file is checked")
    shown = clean_name(name)
    if not content:
        raise Invalid(_("请选择要导入的文件，或者服务器导入文件夹里的一项。"), field="file")
    if len(content) > MAX_BYTES:
        raise Invalid(_("“%(name)s”超过 50 MB，请放进服务器的导入文件夹。") % {"name": shown}, field="file")
    refuse_infected(shown, content)
    return shown


def _forget_plan(row: Migration, state: str) -> None:
    row.rows.all().delete()
    row.files.all().delete()
    row.position, row.done, row.total, row.counts, row.message = -1, 0, 0, {}, ""
    _into(row, state)


def _into(row: Migration, state: str) -> None:
    row.state = state
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Conflict(_("“%(site)s”有另一次迁移正在进行，请等它结束。") % {"site": row.site.name}) from error


def _register_host(actor: Actor, site: GovernmentSite, host: str) -> None:
    """The old host of a site; raises Conflict for one that is another site's."""
    there = OldHost.objects.select_related("site").filter(host=host).first()
    taken = there.site if there is not None else GovernmentSite.objects.filter(host=host).first()
    if taken is not None and taken.pk != site.pk:
        raise Conflict(_("域名“%(host)s”属于“%(site)s”。") % {"host": host, "site": taken.name})
    if there is None:
        OldHost.objects.create(tenant=site.tenant, site=site, host=host)
        record(actor, "sites.old_host", site_ref(site), site=site.name, host=host)


def _defer(task: str, actor: Actor, row: Migration) -> None:
    """Have the worker take it up; an act of the platform itself is carried through by who asked for it."""
    if actor.person_id is None:
        return
    asked = {"tenant": row.tenant, "migration_id": str(row.pk), "person_id": str(actor.person_id)}
    jobs.configure_task(task).defer(**asked, post_id=str(actor.post_id or ""))
