"""Pages of the import: sent in, put right, entered, got back; for editors and keepers of the list alone."""

import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.catalogue.constants import ListState
from zhengtong.capabilities.catalogue.models import Item, ItemList, ListMemory
from zhengtong.capabilities.catalogue.tests import county, sheets
from zhengtong.capabilities.catalogue.tests.sheets import HEAD, item
from zhengtong.capabilities.identity.tests.factories import official, sign_in

pytestmark = pytest.mark.django_db
PAGES = ("import_list", "import_columns", "import_departments", "import_returned", "import_json")


@pytest.fixture(autouse=True)
def _county(settings: Any, tmp_path: Path) -> None:
    settings.ZHENGTONG_VAR = str(tmp_path)
    county.found_county()


@pytest.fixture
def keeper(client: Client) -> Client:
    actor = official("keeper", "item_admin", org_code="G25", org_name="青禾县行政审批服务局")
    return sign_in(client, actor)  # type: ignore[no-any-return]  # the factory gives back the client


def listed(*rows: list[Any], head: list[str] | None = None) -> SimpleUploadedFile:
    content = sheets.saved(sheets.book(("清单", [head or HEAD, *rows]), ("说明", [["请按规定填写"]])))
    return SimpleUploadedFile("县级清单.xlsx", content)


def send(client: Client, upload: SimpleUploadedFile, sender: str = "县民政局") -> ItemList:
    response = client.post(reverse("catalogue:import"), {"file": upload, "sender": sender})
    row = ItemList.objects.order_by("created_at").last()
    assert row is not None
    assert response["Location"] == reverse("catalogue:import_list", args=[row.id])
    return row


def shown(client: Client, name: str, row: ItemList, query: str = "") -> str:
    return client.get(reverse(f"catalogue:{name}", args=[row.id]) + query).content.decode()


def test_a_list_is_sent_in_judged_and_entered(keeper: Client) -> None:
    row = send(keeper, listed(item(1, "甲许可"), item(2, "乙许可", basis=None)))

    page = shown(keeper, "import_list", row)
    assert "导入 1 行，存为草稿" in page
    assert "没有填写设定依据" in page
    keeper.post(reverse("catalogue:import_enter", args=[row.id]))

    row.refresh_from_db()
    assert (row.state, Item.objects.count()) == (ListState.ENTERED, 1)
    assert "新增草稿 1 项" in shown(keeper, "import_list", row)


def test_lines_are_narrowed_by_verdict_and_problem(keeper: Client) -> None:
    row = send(keeper, listed(item(1, "甲许可"), item(2, "乙许可", basis=None)))

    held = shown(keeper, "import_list", row, "?verdict=held")
    by_code = shown(keeper, "import_list", row, "?code=basis_missing")
    none = shown(keeper, "import_list", row, "?verdict=duplicate")

    for page in (held, by_code):
        assert "乙许可" in page
        assert "甲许可" not in page
    assert "没有这样的行" in none


def test_columns_are_corrected_and_remembered(keeper: Client) -> None:
    row = send(keeper, listed(item(1, "甲许可"), head=[*HEAD[:3], "谁来办", *HEAD[4:]]))
    address = reverse("catalogue:import_columns", args=[row.id])
    assert "县民政局" in keeper.get(address).content.decode()

    keeper.post(address, {"read-0": "yes", "type-0": "", "column-0-D": "department"})

    row.refresh_from_db()
    assert row.summary["accepted"] == 1
    assert ListMemory.objects.get(written="谁来办").meaning == "department"
    assert send(keeper, listed(item(1, "甲许可"), head=[*HEAD[:3], "谁来办", *HEAD[4:]])).summary["accepted"] == 1


def test_a_sheet_can_be_left_out(keeper: Client) -> None:
    row = send(keeper, listed(item(1, "甲许可")))

    keeper.post(reverse("catalogue:import_columns", args=[row.id]), {"type-0": ""})

    row.refresh_from_db()
    assert row.summary["rows"] == 0
    assert "已选择不读取" in shown(keeper, "import_list", row)


def test_departments_are_chosen_and_remembered(keeper: Client) -> None:
    row = send(keeper, listed(item(1, "甲许可", department="县市场局"), item(2, "乙许可")))
    address = reverse("catalogue:import_departments", args=[row.id])
    page = keeper.get(address).content.decode()
    assert "没有对上" in page
    assert "青禾县市场监督管理局（" in page

    keeper.post(address, {"unit-0": "G22", "unit-1": "G05"})

    row.refresh_from_db()
    assert row.summary["accepted"] == 2
    assert list(ListMemory.objects.values_list("written", "meaning")) == [("县市场局", "G22")]


def test_the_list_goes_back_with_reasons(keeper: Client) -> None:
    row = send(keeper, listed(item(1, "甲许可"), item(2, "乙许可", basis=None)))

    book = openpyxl.load_workbook(io.BytesIO(keeper.get(reverse("catalogue:import_returned", args=[row.id])).content))
    report = json.loads(shown(keeper, "import_json", row))

    assert [book["清单"].cell(line, 8).value for line in (1, 2, 3)] == ["核对结果", "可以导入", "退回核实"]
    assert [line["verdict"] for line in report["rows"]] == ["accepted", "held"]


def test_unreadable_files_are_told_and_nothing_typed_is_lost(keeper: Client) -> None:
    bad = SimpleUploadedFile("x.xlsx", b"%PDF-1.7 x")

    response = keeper.post(reverse("catalogue:import"), {"file": bad, "sender": "城关镇"})

    assert response.status_code == 422
    assert "这不是表格文件" in response.content.decode()
    assert 'value="城关镇"' in response.content.decode()
    assert keeper.post(reverse("catalogue:import"), {}).status_code == 422


def test_a_list_without_good_rows_says_so(keeper: Client) -> None:
    row = send(keeper, listed(item(1, "甲许可", basis=None)))

    assert "存为草稿" not in shown(keeper, "import_list", row)
    response = keeper.post(reverse("catalogue:import_enter", args=[row.id]))
    assert response.status_code == 422
    assert "没有可以导入的行" in response.content.decode()


def test_a_running_import_shows_how_far_it_is(keeper: Client) -> None:
    row = send(keeper, listed(item(1, "甲许可"), item(2, "乙许可")))
    ItemList.objects.update(state=ListState.ENTERING, total=2, done=1)

    response = keeper.get(reverse("catalogue:import_list", args=[row.id]))

    assert "已处理 1／2 行" in response.content.decode()
    assert response["Refresh"]


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_the_template_can_be_downloaded(keeper: Client, form: str) -> None:
    response = keeper.get(reverse(f"catalogue:import_template_{form}"))

    assert response.status_code == 200
    assert form in response["Content-Disposition"]


def test_pages_are_for_editors_and_keepers_and_only_their_own(client: Client, keeper: Client) -> None:
    row = send(keeper, listed(item(1, "甲许可")))
    clerk = sign_in(Client(), official("clerk1", "clerk"))
    other = sign_in(Client(), official("editor1", "item_editor"))

    for name in PAGES:
        address = reverse(f"catalogue:{name}", args=[row.id])
        assert Client().get(address).status_code == 302
        assert clerk.get(address).status_code == 403
        assert other.get(address).status_code == 404
        assert keeper.get(address).status_code == 200
    assert clerk.post(reverse("catalogue:import"), {"file": listed(item(1, "甲许可"))}).status_code == 403
    assert other.post(reverse("catalogue:import_enter", args=[row.id])).status_code == 404
