"""Organisations change by decree: names, places, heirs, and what each was on a day."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

from zhengtong.capabilities.identity import api
from zhengtong.capabilities.identity.constants import ACT_LABELS, OrganisationChangeKind
from zhengtong.capabilities.identity.models import Organisation, OrganisationChange, Post
from zhengtong.capabilities.identity.rules import Past, State, chain_end, past_of
from zhengtong.capabilities.identity.services import estate_of
from zhengtong.capabilities.identity.tests import factories, office
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.models import OutboxEvent

pytestmark = pytest.mark.django_db

TENANT = factories.tenant
HOUSING, WATER, TOWN, STATION = "G10", "G11", "T01", "S01"


@pytest.fixture
def admin() -> Actor:
    """A county of two bureaus, a town and a station below a bureau; its system administrator."""
    factories.organisation("C01", "青禾县人民政府")
    for code, name, parent in (
        (HOUSING, "青禾县建设局", "C01"),
        (WATER, "青禾县水利局", "C01"),
        (TOWN, "城关镇人民政府", "C01"),
        (STATION, "青禾县质量监督站", HOUSING),
    ):
        factories.organisation(code, name, parent)
    return office.system_administrator()


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """A clock to move."""
    with time_machine.travel(dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC), tick=False) as traveller:
        yield traveller


def _org(code: str) -> api.OrganisationInfo:
    return api.organisation(TENANT(), code)


def test_a_renamed_organisation_keeps_its_old_name_for_those_who_look_for_it(admin: Actor) -> None:
    api.rename_organisation(
        actor=admin, code=HOUSING, name="青禾县住房和城乡建设局", short_name="县住建局", decree=office.decree()
    )

    assert _org(HOUSING).name == "青禾县住房和城乡建设局"
    assert api.organisation_by_name(TENANT(), "青禾县建设局").code == HOUSING
    change = OrganisationChange.objects.get(organisation_id=_org(HOUSING).id)
    assert (change.kind, change.name_before, change.document_number) == ("renamed", "青禾县建设局", "青编发〔2026〕3号")
    entry = ledger.entries_of(ObjectRef(kind="organisation", id=str(_org(HOUSING).id)), TENANT())[-1]
    assert (entry.act, entry.basis) == ("identity.organisation_renamed", "青编发〔2026〕3号")
    assert OutboxEvent.objects.filter(name="identity.organisation_changed.v1").count() == 1


def test_what_an_organisation_was_on_a_day(admin: Actor, clock: time_machine.Traveller) -> None:
    api.rename_organisation(actor=admin, code=HOUSING, name="青禾县住建局", decree=office.decree())
    clock.move_to(dt.datetime(2026, 6, 1, 1, tzinfo=dt.UTC))
    api.move_organisation(actor=admin, code=HOUSING, parent_code=TOWN, decree=office.decree())
    api.found_organisation(actor=admin, code="G40", name="青禾县新局", parent_code="C01", decree=office.decree())
    clock.move_to(dt.datetime(2026, 9, 1, 1, tzinfo=dt.UTC))
    api.merge_organisations(actor=admin, codes=[HOUSING], into_code=WATER, decree=office.decree())

    def on(code: str, *day: int) -> tuple[str, str, str]:
        was = api.organisation_on(TENANT(), code, dt.date(*day))
        return was.name, was.path, was.status

    assert on(HOUSING, 2026, 3, 1) == ("青禾县建设局", "/C01/G10/", "active")
    assert on(HOUSING, 2026, 3, 2) == ("青禾县住建局", "/C01/G10/", "active")
    assert on(HOUSING, 2026, 6, 1) == ("青禾县住建局", "/C01/T01/G10/", "active")
    assert on(HOUSING, 2026, 9, 1) == ("青禾县住建局", "/C01/T01/G10/", "abolished")
    assert on(STATION, 2026, 5, 31)[1] == "/C01/G10/S01/"
    assert on(STATION, 2026, 7, 1)[1] == "/C01/T01/G10/S01/"
    assert on(STATION, 2026, 9, 1)[1] == "/C01/G11/S01/"
    with pytest.raises(NotFound, match="还没有"):
        on("G40", 2026, 5, 31)


def test_a_move_takes_the_whole_subtree_along_and_never_runs_in_a_circle(admin: Actor) -> None:
    api.move_organisation(actor=admin, code=HOUSING, parent_code=TOWN, decree=office.decree())

    assert [_org(code).path for code in (HOUSING, STATION)] == ["/C01/T01/G10/", "/C01/T01/G10/S01/"]
    with pytest.raises(Invalid, match="它的下级机构之下"):
        api.move_organisation(actor=admin, code=TOWN, parent_code=STATION, decree=office.decree())
    with pytest.raises(Invalid, match="现在就隶属"):
        api.move_organisation(actor=admin, code=HOUSING, parent_code=TOWN, decree=office.decree())
    api.move_organisation(actor=admin, code=HOUSING, parent_code="", decree=office.decree())
    assert _org(STATION).path == "/G10/S01/"


def test_a_move_does_not_touch_a_code_that_begins_the_same(admin: Actor) -> None:
    factories.organisation("G1", "青禾县一局", "C01")

    api.move_organisation(actor=admin, code="G1", parent_code=TOWN, decree=office.decree())

    assert _org(HOUSING).path == "/C01/G10/"
    assert _org("G1").path == "/C01/T01/G1/"


def test_a_path_that_would_be_too_long_is_refused(admin: Actor) -> None:
    parent = ""
    for number in range(10):
        code = f"X{number}".ljust(18, "0")
        factories.organisation(code, f"第{number}级", parent)
        parent = code
    factories.organisation("Y1", "最下级", parent)

    with pytest.raises(Invalid, match="层级太深"):
        api.move_organisation(actor=admin, code=HOUSING, parent_code="Y1", decree=office.decree())

    assert _org(HOUSING).path == "/C01/G10/"


def test_the_heir_takes_over_work_posts_people_and_subordinates(admin: Actor, work: office.Work) -> None:
    clerk = factories.official("clerk.g10", "clerk", org_code=HOUSING, org_name="青禾县建设局", post="窗口岗")
    factories.official("clerk.g11", "clerk", org_code=WATER, org_name="青禾县水利局", post="窗口岗")
    _restore_tree(admin)
    work.of_organisations[_org(HOUSING).id] = 3
    estate = estate_of(TENANT(), HOUSING)

    api.merge_organisations(actor=admin, codes=[HOUSING], into_code=WATER, decree=office.decree())

    assert ([w.count for w in estate.work], estate.children, estate.posts, estate.people) == (
        [3],
        ["青禾县质量监督站"],
        ["窗口岗"],
        1,
    )
    assert work.of_organisations == {_org(WATER).id: 3}
    assert _org(STATION).path == "/C01/G11/S01/"
    assert _org(HOUSING).status == "abolished"
    assert sorted(Post.objects.filter(organisation_id=_org(WATER).id).values_list("title", flat=True)) == [
        "窗口岗",
        "窗口岗（原青禾县建设局）",
    ]
    after = api.find_actor("clerk.g10")
    assert (after.post_id, after.org_code, after.org_path) == (clerk.post_id, WATER, "/C01/G11/")
    assert api.heir_of(TENANT(), _org(HOUSING).id) == _org(WATER)


def test_when_the_work_cannot_go_over_nothing_happens(admin: Actor, work: office.Work) -> None:
    work.of_organisations[_org(HOUSING).id] = 1
    work.refuses = True

    with pytest.raises(Conflict, match="正在办理"):
        api.merge_organisations(actor=admin, codes=[TOWN, HOUSING], into_code=WATER, decree=office.decree())

    assert {_org(code).status for code in (HOUSING, TOWN)} == {"active"}
    assert not OrganisationChange.objects.exists()


def test_the_chain_of_heirs_is_followed_to_its_end(admin: Actor) -> None:
    api.merge_organisations(actor=admin, codes=[HOUSING], into_code=WATER, decree=office.decree())
    api.abolish_organisation(actor=admin, code=WATER, successor_code=TOWN, decree=office.decree())

    heir = api.heir_of(TENANT(), _org(HOUSING).id)

    assert heir is not None
    assert heir.code == TOWN
    assert api.heir_of(TENANT(), _org(TOWN).id) == _org(TOWN)
    with pytest.raises(NotFound):
        api.heir_of(TENANT(), factories.unknown_id())


def test_without_a_successor_only_what_leaves_nothing_is_abolished(admin: Actor, work: office.Work) -> None:
    work.of_organisations[_org(TOWN).id] = 2

    with pytest.raises(Invalid, match="在办办件 2 件"):
        api.abolish_organisation(actor=admin, code=TOWN, decree=office.decree())
    with pytest.raises(Invalid, match="下级机构 1 个"):
        api.abolish_organisation(actor=admin, code=HOUSING, decree=office.decree())
    api.abolish_organisation(actor=admin, code=STATION, decree=office.decree())

    assert _org(STATION).status == "abolished"
    assert api.heir_of(TENANT(), _org(STATION).id) is None
    with pytest.raises(Conflict, match="已经撤销"):
        api.rename_organisation(actor=admin, code=STATION, name="新站", decree=office.decree())
    with pytest.raises(Conflict, match="不能再设岗位"):
        api.create_post(actor=admin, organisation_code=STATION, title="站长")


def test_nobody_inherits_from_his_superior(admin: Actor) -> None:
    for heir in (STATION, HOUSING):
        with pytest.raises(Invalid, match="承接机构不能"):
            api.merge_organisations(actor=admin, codes=[HOUSING], into_code=heir, decree=office.decree())


def test_a_split_leaves_the_work_where_it_is(admin: Actor, work: office.Work) -> None:
    work.of_organisations[_org(HOUSING).id] = 2

    api.found_organisation(
        actor=admin, code="G41", name="青禾县城管局", parent_code="C01", split_from=HOUSING, decree=office.decree()
    )

    assert work.of_organisations == {_org(HOUSING).id: 2}
    change = OrganisationChange.objects.get(organisation_id=_org("G41").id)
    assert (change.kind, change.other_id) == ("founded", _org(HOUSING).id)
    with pytest.raises(Conflict, match="已被使用"):
        api.found_organisation(actor=admin, code="G41", name="又一局", parent_code="", decree=office.decree())


def test_a_change_wants_a_document_a_day_that_has_come_and_the_system_administrator(admin: Actor) -> None:
    tomorrow = local_date() + dt.timedelta(days=1)

    with pytest.raises(Invalid) as refusal:
        api.rename_organisation(actor=admin, code=HOUSING, name=" ", decree=office.decree(" ", effective_on=tomorrow))
    assert set(refusal.value.errors) == {"name", "document_number", "effective_on"}
    for other in (office.security_administrator(), office.audit_administrator()):
        with pytest.raises(NotPermitted, match="系统管理员"):
            api.rename_organisation(actor=other, code=HOUSING, name="新局", decree=office.decree())


def test_an_import_writes_the_history_and_carries_the_rest_of_the_subtree(admin: Actor) -> None:
    row = api.OrganisationRow(org_code=HOUSING, name="青禾县住建局", parent_org_code=TOWN)

    api.import_organisations(actor=admin, rows=[row])

    kinds = OrganisationChange.objects.filter(organisation_id=_org(HOUSING).id).values_list("kind", flat=True)
    assert sorted(kinds) == ["moved", "renamed"]
    assert _org(STATION).path == "/C01/T01/G10/S01/"


def test_every_change_has_words_for_the_ledger() -> None:
    assert {f"identity.organisation_{kind}" for kind in OrganisationChangeKind.values} <= set(ACT_LABELS)


def test_the_past_undoes_later_changes_of_one_day_in_reverse() -> None:
    day = dt.date(2026, 5, 1)
    changes = [
        Past(kind="renamed", on=day, name_before="甲"),
        Past(kind="renamed", on=day, name_before="乙"),
    ]

    assert past_of(State("丙", "/A/", "active"), day - dt.timedelta(days=1), own=changes, moves=[]).name == "甲"
    assert past_of(State("丙", "/A/", "active"), day, own=changes, moves=[]).name == "丙"
    assert chain_end("a", {"a": "b", "b": "a"}) is None


def _restore_tree(admin: Actor) -> None:
    """The factory for officials puts organisations at the root; put them back below the county."""
    for code in (HOUSING, WATER):
        if Organisation.objects.get(code=code).parent_id is None:
            api.import_organisations(
                actor=admin, rows=[api.OrganisationRow(org_code=code, name=_org(code).name, parent_org_code="C01")]
            )
    OrganisationChange.objects.all().delete()
