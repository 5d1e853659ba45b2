"""Pages of reporting upward: who may open them, what they show, what they let people do."""

import io
import zipfile

import pytest
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.exchange import api
from zhengtong.capabilities.exchange.constants import PackageState, Verdict
from zhengtong.capabilities.exchange.models import ReportedRow, ReportPackage
from zhengtong.capabilities.exchange.tests.upper import CODE, TENANT, Reporting
from zhengtong.capabilities.identity.tests import factories
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.clock import local_date

pytestmark = pytest.mark.django_db

HOME = reverse("exchange:reports")
REFUSED = reverse("exchange:refused")
RESEND_ROWS = reverse("exchange:resend-rows")


def client_of(name: str, *roles: str, org_code: str = "G26", org_name: str = "青禾县数据局") -> Client:
    client = Client()
    factories.sign_in(client, factories.official(name, *roles, org_code=org_code, org_name=org_name, name="钱七"))
    return client


def operator() -> Client:
    return client_of("operator", "application_operator")


def package_with_a_refused_row(reporting: Reporting) -> ReportPackage:
    reporting.faults.refuse_every = 2
    reporting.change("a", "b")
    package = reporting.build()
    assert package is not None
    reporting.send()
    package.refresh_from_db()
    return package


def test_four_actors(reporting: Reporting) -> None:
    package = package_with_a_refused_row(reporting)
    read = [
        HOME,
        reverse("exchange:certificate"),
        reverse("exchange:packages"),
        reverse("exchange:package", args=[package.id]),
        reverse("exchange:reconciliation"),
        reverse("exchange:dataset", args=[CODE]),
    ]
    change = [
        reverse("exchange:resend", args=[package.id]),
        reverse("exchange:download", args=[package.id]),
        reverse("exchange:reconcile"),
        reverse("exchange:build", args=[CODE]),
    ]
    right, watching = operator(), client_of("supervisor", "supervisor", org_code="A02", org_name="青禾县政务督查室")
    wrong = client_of("clerk.market", "clerk", org_code="G22", org_name="青禾县市场监督管理局")

    for address in (*read, REFUSED):
        assert Client().get(address).status_code == 302
        assert right.get(address).status_code == 200
        assert watching.get(address).status_code == 200
    for address in read:
        assert wrong.get(address).status_code == 403
    for address in change:
        assert Client().post(address).status_code == 302
        assert watching.post(address).status_code == 403
        assert wrong.post(address).status_code == 403
    assert watching.post(RESEND_ROWS).status_code == 403
    assert right.get(reverse("exchange:dataset", args=["none"])).status_code == 404


def test_the_overview_tells_how_each_data_set_stands(reporting: Reporting) -> None:
    package_with_a_refused_row(reporting)
    reporting.change("c")
    reporting.change("d", name="")
    reporting.build()
    reporting.line.cut = True
    reporting.change("e")
    reporting.build()
    reporting.send()

    page = operator().get(HOME).content.decode()

    assert "示例数据" in page
    assert "连续 1 次没有发成" in page
    assert "被退回 1 条，暂停上报 1 条" in page
    assert "由 TLS 加密；没有另加信封加密" in page


def test_a_package_shows_its_checks_and_receipts_and_can_be_taken_away(reporting: Reporting) -> None:
    package = package_with_a_refused_row(reporting)
    client = operator()
    address = reverse("exchange:package", args=[package.id])

    page = client.get(address).content.decode()
    assert "签署后没有改动" in page
    assert "逐行结论：采纳 1 行，退回 1 行" in page
    assert "重新发送" not in page
    refused = client.post(reverse("exchange:download", args=[package.id]), {"reason": "看看"})
    assert refused.status_code == 422
    assert "看看" in refused.content.decode()
    answer = client.post(reverse("exchange:download", args=[package.id]), {"reason": "与上级平台核对"})

    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.read("manifest.json").decode() == package.manifest
        assert archive.read("rows.jsonl").count(b"\n") == 2
    acts = [one.act for one in ledger.entries_of(ObjectRef(kind="report_package", id=str(package.id)), TENANT)]
    assert "exchange.package_downloaded" in acts


def test_a_stuck_package_is_sent_again_with_a_reason(reporting: Reporting) -> None:
    reporting.change("a")
    package = reporting.build()
    assert package is not None
    ReportPackage.objects.update(state=PackageState.GIVEN_UP, reason="上级平台答复 HTTP 503。")
    client = operator()
    address = reverse("exchange:resend", args=[package.id])

    assert "HTTP 503" in client.get(reverse("exchange:package", args=[package.id])).content.decode()
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "上级平台已经恢复"}).status_code == 302
    reporting.send()

    package.refresh_from_db()
    assert package.state == PackageState.SETTLED


def test_refused_rows_belong_to_the_unit_that_can_put_them_right(reporting: Reporting) -> None:
    package_with_a_refused_row(reporting)
    row = ReportedRow.objects.get(verdict=Verdict.REFUSED)
    own = factories.official("clerk.market", "clerk", org_code="G22", org_name="青禾县市场监督管理局", name="李二")
    other = factories.official("clerk.fire", "clerk", org_code="H05", org_name="青禾县消防救援大队", name="孙八")
    ReportedRow.objects.filter(pk=row.pk).update(org_id=own.org_id)
    mine, theirs = Client(), Client()
    factories.sign_in(mine, own)
    factories.sign_in(theirs, other)

    assert api.rows_to_correct(actor=own) == 1
    assert api.rows_to_correct(actor=other) == 0
    page = mine.get(REFUSED).content.decode()
    assert "上级平台退回：模拟平台按设定退回" in page
    assert f"/somewhere/{row.row_key}/" in page
    assert row.title not in theirs.get(REFUSED).content.decode()
    assert f"/somewhere/{row.row_key}/" not in operator().get(REFUSED).content.decode()
    assert theirs.post(RESEND_ROWS, {"rows": [row.pk], "reason": "不是我们的"}).status_code == 422
    assert mine.post(RESEND_ROWS, {"rows": [row.pk], "reason": ""}).status_code == 422
    assert mine.post(RESEND_ROWS, {"reason": "没有选中记录"}).status_code == 422
    assert mine.post(RESEND_ROWS, {"rows": [row.pk], "reason": "已在办件中更正"}).status_code == 302
    assert "等待重报" in mine.get(REFUSED).content.decode()


def test_a_held_row_says_which_element_is_wrong(reporting: Reporting) -> None:
    reporting.change("x", kind="9")
    reporting.build()

    page = operator().get(REFUSED).content.decode()

    assert "类别（kind）：代码不在代码表中" in page
    assert "本地核对不合格，没有上报" in page


def test_building_and_comparing_at_once(reporting: Reporting) -> None:
    reporting.change("a")
    client = operator()

    client.post(reverse("exchange:build", args=[CODE]))
    reporting.send()
    client.post(reverse("exchange:reconcile"), {"day": local_date().isoformat()})

    assert "一致" in client.get(reverse("exchange:reconciliation")).content.decode()
    assert "没有等待上报的变动" in client.post(reverse("exchange:build", args=[CODE]), follow=True).content.decode()
    assert (
        "请选择要核对的日期" in client.post(reverse("exchange:reconcile"), {"day": "x"}, follow=True).content.decode()
    )
