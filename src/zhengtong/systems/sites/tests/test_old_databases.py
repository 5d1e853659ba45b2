"""Old databases are asked, never written to; their addresses stay in the environment."""

import pytest
from django.db import connection

from zhengtong.kernel.errors import Invalid
from zhengtong.systems.sites import api
from zhengtong.systems.sites.constants import MigrationState
from zhengtong.systems.sites.models import ArticlePage, Migration
from zhengtong.systems.sites.tests import group as town
from zhengtong.systems.sites.tests import old_site as old

pytestmark = pytest.mark.django_db

_ASKS = (
    "select number as id, 'http://www.old.gov.cn/show.asp?id=' || number as url, '第' || number || '则' as title, "
    "date '2018-07-01' as day, '<p>文</p>' as body, '公告' as \"column\" "
    "from generate_series(1, 30) as number order by number"
)


@pytest.fixture
def boss(sites):
    return town.keeper("boss", "site_admin", org=town.OFFICE)


@pytest.fixture
def address(settings):
    """The tests' own server stands for the old one."""
    said = connection.get_connection_params()
    parts = {name: said[name] for name in ("host", "port", "user", "dbname") if said.get(name)}
    settings.ZHENGTONG_SITES_OLD_DATABASES = f"旧站=postgresql://?{'&'.join(f'{k}={v}' for k, v in parts.items())}"
    return settings.ZHENGTONG_SITES_OLD_DATABASES


def test_the_rows_of_a_query_become_articles(sites, boss, address):
    row = old.brought_in(boss, sites["g22"], "", database="旧站", query=_ASKS)

    assert (row.state, row.counts["outcome_written"]) == (MigrationState.DONE, 30)
    page = ArticlePage.objects.get(title="第7则")
    assert (str(page.published_on), page.get_parent().slug) == ("2018-07-01", "notices")
    kept = str(Migration.objects.filter(pk=row.pk).values().get())
    assert "postgresql://" not in kept


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("delete from auth_user", "一条 SELECT"),
        ("select 1; drop table x order by 1", "一条 SELECT"),
        ("select title from articles", "ORDER BY"),
    ],
)
def test_only_a_query_in_order_may_be_asked(sites, boss, address, query, words):
    with pytest.raises(Invalid, match=words):
        api.begin_migration(actor=boss, site_id=sites["g22"].pk, database="旧站", query=query)
    with pytest.raises(Invalid, match="没有登记"):
        api.begin_migration(actor=boss, site_id=sites["g22"].pk, database="别的", query=_ASKS)


def test_what_a_query_would_write_is_not_written_and_nothing_of_the_address_is_said(sites, boss, address):
    writes = (
        "select nextval(pg_get_serial_sequence('wagtailcore_page', 'id'))::text as title, current_date as day, "
        "'x' as body order by 1"
    )

    row = old.planned(boss, sites["g22"], "", database="旧站", query=writes)

    assert row.state == MigrationState.FAILED
    assert "25006" in row.message  # read_only_sql_transaction
    assert "postgresql" not in row.message


def test_a_database_that_does_not_answer_is_said(sites, boss, settings):
    settings.ZHENGTONG_SITES_OLD_DATABASES = "旧站=postgresql://reader:secret@127.0.0.1:1/x"

    row = old.planned(boss, sites["g22"], "", database="旧站", query=_ASKS)

    assert row.state == MigrationState.FAILED
    assert "没有应答" in row.message
    assert "secret" not in row.message
