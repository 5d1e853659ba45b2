"""The tree of organisations: import, names, scope."""

import pytest

from zhengtong.capabilities.identity import api
from zhengtong.capabilities.identity.tests import factories
from zhengtong.kernel.actors import system
from zhengtong.kernel.errors import Invalid, NotFound, NotPermitted
from zhengtong.kernel.models import OutboxEvent

pytestmark = pytest.mark.django_db

ROWS = [
    {
        "org_code": "G10",
        "name": "青禾县住房和城乡建设局",
        "short_name": "县住建局",
        "aliases": "建设局(旧);县建设局",
        "parent_org_code": "C01",
        "funded": "是",
        "status": "在用",
    },
    {"org_code": "C01", "name": "青禾县人民政府", "uscc": "119807230072013076", "status": "在用"},
    {
        "org_code": "X01",
        "name": "青禾县建设局",
        "parent_org_code": "C01",
        "status": "撤销",
        "successor_org_code": "G10",
    },
    {
        "org_code": "T01",
        "name": "城关镇人民政府",
        "short_name": "城关镇",
        "aliases": "镇政府(俗)",
        "parent_org_code": "C01",
        "status": "在用",
    },
    {
        "org_code": "T02",
        "name": "河口镇人民政府",
        "short_name": "河口镇",
        "aliases": "镇政府(俗)",
        "parent_org_code": "C01",
        "status": "在用",
    },
]


def _import(rows: list[dict[str, str]] | None = None, tenant: str = "") -> api.ImportOutcome:
    return api.import_organisations(actor=system(tenant or factories.tenant()), rows=rows or ROWS)


def test_children_may_come_before_their_superiors() -> None:
    outcome = _import()

    assert outcome == api.ImportOutcome(created=5, changed=0, same=0)
    assert api.organisation(factories.tenant(), "G10").path == "/C01/G10/"


def test_a_second_import_changes_nothing_and_a_new_name_changes_one() -> None:
    _import()
    events = OutboxEvent.objects.count()

    assert _import() == api.ImportOutcome(created=0, changed=0, same=5)
    assert OutboxEvent.objects.count() == events
    assert _import([{**ROWS[0], "short_name": "住建局"}]) == api.ImportOutcome(created=0, changed=1, same=0)


def test_wrong_rows_are_named_and_nothing_is_imported() -> None:
    bad = [
        {"org_code": "A", "name": "甲", "parent_org_code": "Z"},
        {"org_code": "B", "name": "乙", "uscc": "911100007178241024"},
    ]

    with pytest.raises(Invalid, match="Z 不存在") as refusal:
        _import(bad)

    assert "统一社会信用代码" in refusal.value.message
    assert api.organisations(factories.tenant()) == []


def test_an_organisation_is_found_by_each_of_its_names() -> None:
    _import()

    for name in ("青禾县住房和城乡建设局", "县住建局", "建设局", "县建设局"):
        assert api.organisation_by_name(factories.tenant(), name).code == "G10"
    assert api.organisation_by_name(factories.tenant(), "青禾县建设局").code == "X01"


def test_an_alias_of_two_organisations_is_doubtful() -> None:
    _import()

    with pytest.raises(NotFound, match="对应多个机构"):
        api.organisation_by_name(factories.tenant(), "镇政府")
    with pytest.raises(NotFound, match="没有名称"):
        api.organisation_by_name(factories.tenant(), "不存在的局")


def test_lists_by_parent_and_by_path() -> None:
    _import()

    children = [o.code for o in api.organisations(factories.tenant(), parent="C01")]
    subtree = [o.code for o in api.organisations(factories.tenant(), subtree="/C01/", abolished=True)]

    assert children == ["G10", "T01", "T02"]
    assert subtree == ["C01", "G10", "T01", "T02", "X01"]


def test_two_tenants_have_their_own_trees() -> None:
    _import()

    _import(tenant="980724")

    assert len(api.organisations("980724")) == 4
    with pytest.raises(NotFound):
        api.organisation("980725", "C01")


def test_only_the_system_administrator_imports() -> None:
    clerk = factories.official("clerk", "clerk")

    with pytest.raises(NotPermitted, match="系统管理员"):
        api.import_organisations(actor=clerk, rows=ROWS)
