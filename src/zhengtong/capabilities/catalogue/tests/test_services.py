"""Publishing, importing, retiring: the state, the ledger, the event and the search index move together."""

import time

import pytest
from django.db import IntegrityError, transaction

from zhengtong.capabilities.catalogue import api
from zhengtong.capabilities.catalogue.constants import VersionStatus
from zhengtong.capabilities.catalogue.handlers import case_opened
from zhengtong.capabilities.catalogue.models import Item, ItemVersion
from zhengtong.capabilities.catalogue.tests import county
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.search import api as search
from zhengtong.contracts.cases import CaseOpened
from zhengtong.kernel.actors import ObjectRef, anonymous
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Invalid, NotFound, NotPermitted
from zhengtong.kernel.ids import new_id
from zhengtong.kernel.models import OutboxEvent

pytestmark = pytest.mark.django_db
TENANT, BOSS = county.TENANT, county.BOSS


@pytest.fixture(autouse=True)
def _county() -> None:
    county.found_county()


def found(words: str) -> list[str]:
    page = search.search(actor=anonymous(TENANT), query=words)
    return ["".join(piece.text for piece in hit.title) for hit in page.rows]


def test_a_published_item_is_in_force_and_found() -> None:
    published = api.publish_item(actor=BOSS, draft=county.draft())

    item = api.find_item(TENANT, published.code)
    assert (item.version, item.name, item.org_code, item.process_key) == (1, "测试事项许可", "G22", "standard")
    assert (item.promised_limit.label, item.statutory_limit.label) == ("8 个工作日", "20 个工作日")
    assert found("测试事项") == ["测试事项许可"]


def test_publication_is_on_the_ledger_and_in_the_outbox() -> None:
    published = api.publish_item(actor=BOSS, draft=county.draft())

    ref = ObjectRef(kind="item", id=str(published.item_id))
    acts = [entry.act for entry in ledger.entries_of(tenant=TENANT, object_ref=ref)]
    event = OutboxEvent.objects.get(name="catalogue.item_published.v1")
    assert acts == ["catalogue.item_published"]
    assert event.data["version_id"] == str(published.id)


def test_each_publication_counts_one_and_keeps_the_former_one() -> None:
    first = api.publish_item(actor=BOSS, draft=county.draft())
    second = api.publish_item(actor=BOSS, draft=county.draft(name="测试事项许可（新）"))

    assert (first.version, second.version) == (1, 2)
    assert api.item_version(first.id).name == "测试事项许可"
    assert not api.item_version(first.id).is_published
    assert found("测试事项") == ["测试事项许可（新）"]


def test_two_versions_cannot_be_in_force() -> None:
    published = api.publish_item(actor=BOSS, draft=county.draft())
    row = ItemVersion.objects.get(pk=published.id)
    row.pk, row.version = new_id(), 2

    with pytest.raises(IntegrityError, match="catalogue_one_published"), transaction.atomic():
        row.save(force_insert=True)


def test_a_promise_beyond_the_statute_is_refused_in_words() -> None:
    with pytest.raises(Invalid, match="承诺时限只能缩短"):
        api.publish_item(actor=BOSS, draft=county.draft(promised_limit="30 WD"))

    assert not Item.objects.exists()


def test_an_odd_promise_can_be_accepted_and_is_noted() -> None:
    published = api.publish_item(actor=BOSS, draft=county.draft(promised_limit="30 WD"), accept_odd_limits=True)

    assert "比法定时限" in published.notes[0]


@pytest.mark.parametrize(
    ("code", "roles"),
    [("G22", ("leader",)), ("G25", ("process_admin",)), ("A09", ("item_admin",)), ("G22", ("clerk",)), ("G22", ())],
)
def test_nobody_publishes_without_a_review(code: str, roles: tuple[str, ...]) -> None:
    with pytest.raises(NotPermitted):
        api.publish_item(actor=county.officer(code, *roles), draft=county.draft())

    assert not ItemVersion.objects.exists()


def test_an_unknown_department_is_refused() -> None:
    with pytest.raises(Invalid, match="机构名录里没有"):
        api.publish_item(actor=BOSS, draft=county.draft(department="青禾县不存在局"))


def test_a_department_is_found_by_its_other_names() -> None:
    assert api.publish_item(actor=BOSS, draft=county.draft(department="市监局")).org_code == "G22"


def test_a_joint_unit_that_is_no_single_unit_is_kept_as_text() -> None:
    units = (api.JointUnit(name="青禾县民政局", limit="5 WD"), api.JointUnit(name="乡镇人民政府", limit="5 WD"))

    item = api.publish_item(actor=BOSS, draft=county.draft(joint_units=units))

    assert item.routed_departments == ("G05",)
    assert [unit["org_name"] for unit in item.joint_departments] == ["青禾县民政局", "乡镇人民政府"]
    assert "不能自动派件" in item.notes[0]


def test_a_retired_item_is_neither_found_nor_listed() -> None:
    published = api.publish_item(actor=BOSS, draft=county.draft())

    api.retire_item(actor=BOSS, code=published.code, reason="国发〔2026〕1号取消")

    with pytest.raises(NotFound):
        api.find_item(TENANT, published.code)
    assert found("测试事项") == []
    assert api.items(TENANT).total == 0
    assert api.item_version(published.id).status == VersionStatus.RETIRED


def test_retiring_needs_a_reason() -> None:
    published = api.publish_item(actor=BOSS, draft=county.draft())

    with pytest.raises(Invalid, match="理由"):
        api.retire_item(actor=BOSS, code=published.code, reason=" ")

    assert api.find_item(TENANT, published.code).is_published


def test_the_whole_county_is_imported_in_seconds() -> None:
    began = time.process_time()

    report = county.import_all()

    assert (report.published, report.unchanged, report.held) == (150, 0, ())
    assert time.process_time() - began < 5
    assert ItemVersion.objects.filter(status=VersionStatus.PUBLISHED).count() == 150
    assert OutboxEvent.objects.filter(name="catalogue.item_published.v1").count() == 150


def test_importing_again_publishes_only_what_changed() -> None:
    county.import_all()
    lines = county.rows("service-items.csv")
    lines[5]["fee"] = "免费"

    report = api.import_items(actor=BOSS, rows=[lines[5]], defaults={})

    assert county.import_all().published == 1  # the changed line goes back, the other 149 stay
    assert report.published == 1
    assert api.find_item(TENANT, lines[5]["item_code"]).version == 3


def test_the_showcase_is_complete() -> None:
    report = county.import_all()

    item = api.find_item(TENANT, county.RESTAURANT)
    assert report.incomplete == 140
    assert (item.process_key, item.form_key, item.result_title) == ("restaurant", "restaurant", "食品经营许可证")
    assert item.routed_departments == ("H05", "G11", "G10", "H04")
    assert {code: limit.label for code, limit in item.step_limits.items()}["G10"] == "7 个工作日"
    assert all(material["accept_standard"] and material["example"] for material in item.materials)


def test_the_town_given_as_an_example_is_found() -> None:
    county.import_all("农村村民宅基地和建房(乡村建设规划许可)审批一件事")

    item = api.find_item(TENANT, county.row("农村村民宅基地和建房(乡村建设规划许可)审批一件事")["item_code"])

    assert item.org_name == "青禾县城关镇人民政府"


def test_a_faulty_line_is_held_with_reasons_and_the_rest_goes_on() -> None:
    good, wrong, twice = (county.row("食品经营许可(新办)"), county.row("取水许可"), county.row("食品经营许可(新办)"))

    report = api.import_items(actor=BOSS, rows=[good, wrong | {"promised_limit": "很快"}, twice])

    assert report.published == 1
    assert [(held.row, held.sentences[0][:7]) for held in report.held] == [(2, "承诺时限“很快"), (3, "与第 1 行的")]


def test_progress_is_told_batch_by_batch() -> None:
    told: list[tuple[int, int]] = []

    api.import_items(
        actor=BOSS, rows=county.rows("service-items.csv")[:30], progress=lambda done, total: told.append((done, total))
    )

    assert told == [(25, 30), (30, 30)]


def test_another_county_has_its_own_items() -> None:
    api.publish_item(actor=BOSS, draft=county.draft())

    with pytest.raises(NotFound):
        api.find_item("980724", county.draft().code)
    assert api.items("980724").total == 0


def test_filters_and_their_counts_agree() -> None:
    county.import_all()
    chosen = api.ItemFilters(department="G22", applicant="person")

    options = api.filter_options(TENANT, chosen)
    page = api.items(TENANT, chosen)

    assert page.total == next(option.count for option in options["department"] if option.key == "G22")
    assert page.total == next(option.count for option in options["applicant"] if option.key == "person")
    assert {row.org_code for row in page.rows} == {"G22"}


def test_themes_and_departments_count_items() -> None:
    county.import_all()

    assert sum(option.count for option in api.departments(TENANT)) == 150
    assert {option.label: option.count for option in api.themes(TENANT)}["开店经营"] == 26


def test_what_is_applied_for_moves_up() -> None:
    county.import_all("开办餐饮店一件事", "企业开办一件事", "取水许可")
    code = county.row("取水许可")["item_code"]
    before = [row.name for row in api.popular(TENANT, 3)]

    case_opened(
        CaseOpened(
            tenant=TENANT,
            object_ref=ObjectRef(kind="case", id="1"),
            at=now(),
            case_id=new_id(),
            number="1",
            title="取水许可",
            item_code=code,
            org_id=new_id(),
            org_name="青禾县水利局",
        )
    )

    assert before[0] == "开办餐饮店一件事"
    assert api.popular(TENANT, 3)[0].name == "取水许可"


def test_acts_of_the_office_are_not_offered() -> None:
    county.import_all("水土保持补偿费征收")

    item = api.find_item(TENANT, county.row("水土保持补偿费征收")["item_code"])

    assert not item.on_application
    assert not item.online


def test_the_index_can_be_rebuilt() -> None:
    county.import_all("开办餐饮店一件事", "食品经营许可(新办)")
    search.remove(tenant=TENANT, kind="item", object_id=county.RESTAURANT)

    assert search.rebuild(tenant=TENANT) >= 2
    assert found("开办餐饮店")[0] == "开办餐饮店一件事"


def test_people_find_items_by_their_words() -> None:
    county.import_all()

    for words in ("餐饮", "公积金", "营业执照", "消防", county.RESTAURANT, "980131801000", "没有设计好"):
        assert found(words), words


def test_lists_take_few_statements(django_assert_max_num_queries: object) -> None:
    county.import_all()

    with django_assert_max_num_queries(7):  # type: ignore[operator]  # the fixture's type is not exported
        api.items(TENANT, api.ItemFilters(theme="开店经营"))
        api.filter_options(TENANT, api.ItemFilters(theme="开店经营"))
