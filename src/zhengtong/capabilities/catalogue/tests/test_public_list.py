import csv
import dataclasses
import io

import openpyxl
import pytest
from django.test import Client

from zhengtong.capabilities.catalogue import api
from zhengtong.capabilities.catalogue.tests import county
from zhengtong.capabilities.identity.tests.factories import official, sign_in
from zhengtong.capabilities.ledger.models import Entry
from zhengtong.capabilities.notify.models import SiteMessage
from zhengtong.kernel.testing.work import do_all_work

pytestmark = pytest.mark.django_db


def test_everybody_reads_the_list_with_its_basis_and_limits(client: Client) -> None:
    county.found_county()
    county.import_all()

    page = client.get("/items/powers/").content.decode()

    assert "权责清单" in page
    assert "行政许可法" in page or "法" in page
    narrowed = client.get("/items/powers/?power_type=02").content.decode()
    penalties = [row for row in county.rows("service-items.csv") if row["power_type"] == "行政处罚"]
    assert f"共 {len(penalties)} 项" in narrowed
    applied = api.items(county.TENANT, api.ItemFilters(for_applicants=True), size=500).rows
    assert applied
    assert not {row.power_type_label for row in applied} & {"行政处罚", "行政强制", "行政检查", "行政征收"}


def test_the_list_can_be_taken_away_in_the_national_form(client: Client) -> None:
    county.found_county()
    county.import_all()
    wanted = {row["item_code"] for row in county.rows("service-items.csv")}

    book = openpyxl.load_workbook(io.BytesIO(client.get("/items/powers/export.xlsx").content))
    answer = client.get("/items/powers/export.csv")
    lines = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]  # a streaming answer

    heads = [cell.value for cell in book.worksheets[0][1]]
    column = heads.index("实施编码")
    assert {row[column].value for row in book.worksheets[0].iter_rows(min_row=2)} == wanted
    assert {line["实施编码"] for line in lines} == wanted
    assert all(line["基本编码"] == line["实施编码"][19:] and len(line["基本编码"]) == 12 for line in lines)
    assert book.worksheets[1].max_row > len(wanted)


def test_who_watches_an_item_hears_of_its_next_version_and_its_end(client: Client) -> None:
    county.found_county()
    draft = county.draft()
    api.publish_item(actor=county.BOSS, draft=draft)
    do_all_work()
    watcher = official("watcher", "clerk")
    api.watch_item(actor=watcher, code=draft.code)
    api.watch_item(actor=watcher, code=draft.code)

    api.publish_item(actor=county.BOSS, draft=dataclasses.replace(draft, promised_limit="5 WD"))
    do_all_work()
    api.retire_item(actor=county.BOSS, code=draft.code, reason="机构改革")
    do_all_work()

    titles = list(SiteMessage.objects.filter(object_kind="item").order_by("created_at").values_list("title", flat=True))
    assert titles == [f"您关注的事项有变动：{draft.name}", f"您关注的事项已停用：{draft.name}"]
    assert Entry.objects.filter(act="catalogue.item_watched").count() == 1


def test_who_stops_watching_hears_no_more() -> None:
    county.found_county()
    draft = county.draft()
    api.publish_item(actor=county.BOSS, draft=draft)
    watcher = official("watcher", "clerk")
    api.watch_item(actor=watcher, code=draft.code)
    api.unwatch_item(actor=watcher, code=draft.code)

    api.publish_item(actor=county.BOSS, draft=dataclasses.replace(draft, promised_limit="5 WD"))
    do_all_work()

    assert not SiteMessage.objects.filter(object_kind="item").exists()


def test_only_who_signed_in_can_watch(client: Client) -> None:
    county.found_county()
    draft = county.draft()
    api.publish_item(actor=county.BOSS, draft=draft)
    address = f"/items/{draft.code}/watch/"

    assert client.post(address).status_code == 302
    assert "/accounts/login/" in client.post(address)["Location"]
    sign_in(client, official("clerk1", "clerk"))
    assert client.get(address).status_code == 405
    assert client.post(address, follow=True).status_code == 200
    assert client.post("/items/none/watch/").status_code == 404
