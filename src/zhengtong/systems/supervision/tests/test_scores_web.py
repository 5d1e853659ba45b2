"""Every address of scores, four actors; what pages show; what was typed stays."""

import datetime as dt
import io
import uuid

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity.tests.factories import citizen, organisation, sign_in
from zhengtong.capabilities.identity.tests.factories import official as account
from zhengtong.systems.supervision import services
from zhengtong.systems.supervision.models import ScoreFormula, ScoreRun, Target, WatchedCase, YearDeduction
from zhengtong.systems.supervision.services import score_targets
from zhengtong.systems.supervision.services import scores as scoring
from zhengtong.systems.supervision.tests import scored_county as county
from zhengtong.systems.supervision.tests.county import LEAD, supervisor
from zhengtong.systems.supervision.tests.scored_county import MONTH
from zhengtong.systems.supervision.tests.test_scores_services import GOOD, SELF, pdf, published, targets_book
from zhengtong.systems.supervision.web import scores_urls

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)
UNIT = ("H05", "青禾县消防救援大队")
MONTH_OF = {"month": "2026-10", "formula": "model-a"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        county.prepared()
        yield traveller


@pytest.fixture
def unit():
    found = organisation(*UNIT)
    return found.id, found.name


@pytest.fixture
def card(unit):
    WatchedCase.objects.bulk_create(
        county.closed_case(LEAD, in_time=n > 0, number=f"980723-2026-{n}") for n in range(6)
    )
    return county.carded("red", unit, number=1)


@pytest.fixture
def client_of():
    def sign(who):
        client = Client()
        if who == "stranger":
            return client
        if who == "citizen":
            return sign_in(client, citizen())
        code, name, roles = {
            "unit": (*UNIT, ("leader",)),
            "neighbour": ("G22", "青禾县市场监督管理局", ("clerk",)),
            "supervisor": ("A02", "县纪委监委", ("supervisor",)),
            "second": ("A02", "县纪委监委", ("supervisor",)),
        }[who]
        return sign_in(client, account(who, *roles, org_code=code, org_name=name))

    return sign


#: address → what stranger, citizen, the unit's leader, another unit's clerk and the supervisor get
TABLE = {
    "ranking": (302, 403, 403, 403, 200),
    "compute": (302, 403, 403, 403, 405),
    "mine": (302, 403, 302, 302, 403),
    "unit": (302, 403, 200, 404, 200),
    "subject": (302, 403, 403, 403, 200),
    "row": (302, 403, 200, 404, 200),
    "periods": (302, 403, 200, 403, 200),
    "published": (200, 200, 200, 200, 200),
    "what_if": (302, 403, 403, 403, 200),
    "freeze": (302, 403, 403, 403, 405),
    "run": (302, 403, 403, 403, 200),
    "decide": (302, 403, 403, 403, 405),
    "appeal": (302, 403, 405, 405, 403),
    "appeals": (302, 403, 403, 403, 200),
    "answer": (302, 403, 403, 403, 405),
    "formulas": (302, 403, 403, 403, 200),
    "redraft": (302, 403, 403, 403, 405),
    "formula": (302, 403, 403, 403, 200),
    "formula_move": (302, 403, 403, 403, 405),
    "targets": (302, 403, 200, 200, 200),
    "import_targets": (302, 403, 403, 403, 200),
    "target_template": (302, 403, 403, 403, 200),
    "target": (302, 403, 200, 404, 200),
    "review": (302, 403, 403, 403, 405),
    "evidence": (302, 403, 404, 404, 404),
    "deductions": (302, 403, 403, 403, 200),
    "decide_deduction": (302, 403, 403, 403, 405),
}
ACTORS = ("stranger", "citizen", "unit", "neighbour", "supervisor")


def test_the_table_names_every_address():
    assert {pattern.name for pattern in scores_urls.urlpatterns} == set(TABLE)


def test_who_may_open_what(client_of, card, unit):
    run = published()
    score_targets.import_targets(actor=supervisor(), data=targets_book(GOOD))
    row, target = run.rows.get(org_id=unit[0], kind="unit"), Target.objects.get()
    one = uuid.uuid4()
    arguments = {
        "unit": [unit[0]],
        "row": [row.id],
        "target": [target.id],
        "formula": [run.formula_id],
        "formula_move": [run.formula_id, "enable"],
        "redraft": ["model-a"],
        **{name: [run.id] for name in ("run", "decide", "appeal")},
        **{name: [one] for name in ("answer", "review", "evidence", "decide_deduction")},
    }
    for position, who in enumerate(ACTORS):
        client = client_of(who)

        answers = {
            name: client.get(
                reverse(f"supervision_scores:{name}", args=arguments.get(name, [])),
                {"kind": "item", "key": "1198"} if name == "subject" else {},
            ).status_code
            for name in TABLE
        }

        assert answers == {name: expected[position] for name, expected in TABLE.items()}, who


def address(name, *args):
    return reverse(f"supervision_scores:{name}", args=args)


def test_a_month_from_working_out_to_the_published_page(client_of, card, unit):
    first, second = client_of("supervisor"), client_of("second")
    page = address("ranking")
    assert "这个月还没有计算" in first.get(page, MONTH_OF).content.decode()

    assert first.post(address("compute"), MONTH_OF).status_code == 302
    html = first.get(page, MONTH_OF).content.decode()
    for words in ("试算，还没有冻结公布", "共 2 个，最高青禾县市场监督管理局 110 分", "待核实", "83.3%"):
        assert words in html
    items = first.get(page, MONTH_OF | {"kind": "item"}).content.decode()
    assert "开办餐饮店一件事" in items
    book = openpyxl.load_workbook(io.BytesIO(first.get(page, MONTH_OF | {"export": "xlsx"}).content))
    assert [cell.value for cell in book.active[3]][:3] == [UNIT[1], 2, "90"]

    run_address = first.post(address("freeze"), MONTH_OF)["Location"]
    run = ScoreRun.objects.get(state="proposed")
    decision = {"agreed": "yes", "reason": "数据已核对。", "digest": run.inputs_digest}
    assert "冻结的人自己不能核准" in first.get(run_address).content.decode()
    assert first.post(address("decide", run.id), decision).status_code == 403
    short = second.post(address("decide", run.id), decision | {"reason": "好"})
    assert short.status_code == 422
    assert ">\n好</textarea>" in short.content.decode()
    assert "核准公布" in second.get(run_address).content.decode()
    second.post(address("decide", run.id), decision)

    html = Client().get(address("published")).content.decode()
    for words in ("2026年10月各单位办事效能排名", UNIT[1], "2026年11月9日公布"):
        assert words in html
    assert "监察员" in html
    assert "A02" not in html
    assert "980723-2026" not in html


def test_every_figure_opens_to_its_rows(client_of, card, unit):
    judge = client_of("supervisor")
    run = scoring.compute_scores(actor=supervisor(), month=MONTH, key="model-a")
    fire, lead = (run.rows.get(kind="unit", org_id=org) for org in (unit[0], LEAD[0]))

    html = judge.get(address("row", fire.id)).content.decode()
    for words in ("100 −10（期限合法） = 90", "红牌 1 张 × 10 分", "计为红牌", card.number):
        assert words in html
    late = judge.get(address("row", lead.id), {"opens": "cases:late"}).content.decode()
    assert "980723-2026-0" in late
    assert "980723-2026-1" not in late
    assert judge.get(address("row", lead.id), {"opens": "cases", "export": "1"}).status_code == 200
    for nonsense in ("input:none", "cards:none", "\x00", "cases:x"):
        assert judge.get(address("row", lead.id), {"opens": nonsense}).status_code == 200
    own = client_of("unit")
    assert own.get(address("row", fire.id)).status_code == 404, "not published yet"
    post = judge.get(address("subject"), {"kind": "item", "key": "1198"}).content.decode()
    assert "只有一个月的得分，110 分" in post


def test_a_correction_says_why_and_what_changed(client_of, card, unit):
    run = published()
    judge = client_of("supervisor")
    services.cancel_card(actor=supervisor(), card_id=card.id, reason="当日系统故障，不成立。")

    html = judge.get(address("run", run.id)).content.decode()
    assert "公布以后，这个月的数据有了变化" in html
    assert judge.post(address("freeze"), MONTH_OF | {"reason": ""}).status_code == 422
    where = judge.post(address("freeze"), MONTH_OF | {"reason": "一张红牌经申诉撤销。"})["Location"]

    html = judge.get(where).content.decode()
    for words in ("与第 1 版相比", "一张红牌经申诉撤销。", "2 → 2"):
        assert words in html


def test_a_unit_sees_its_months_and_appeals(client_of, card, unit):
    run = published()
    own, judge = client_of("unit"), client_of("supervisor")
    page = own.get(address("mine"), follow=True).content.decode()
    for words in ("2026年10月", "共 2 个", "对得分有异议（2026年11月16日前可以申诉）", "2 / 2"):
        assert words in page

    refused = own.post(address("appeal", run.id), {"text": "不对"})
    assert refused.status_code == 422
    assert ">\n不对</textarea>" in refused.content.decode()
    assert own.post(address("appeal", run.id), {"text": "红牌是系统故障造成的。"}).status_code == 302
    listed = judge.get(address("appeals")).content.decode()
    assert "红牌是系统故障造成的。" in listed
    appeal = run.appeals.get()
    assert judge.post(address("answer", appeal.id), {"answer": "好", "upheld": "yes"}).status_code == 422
    judge.post(address("answer", appeal.id), {"answer": "牌经核实无误。", "upheld": "no"})
    assert "申诉不成立：红牌是系统故障造成的。 牌经核实无误。" in " ".join(
        own.get(address("unit", unit[0])).content.decode().split()
    )


def test_what_if_and_formulas_by_pages(client_of, card):
    first, second = client_of("supervisor"), client_of("second")
    html = first.get(address("what_if"), MONTH_OF | {"card-red": "20", "mode": "plain"}).content.decode()
    for words in ("−10", "原为 10", "100 −20（红牌 1 张 × 20 分） = 80"):
        assert words in html
    wrong = first.get(address("what_if"), MONTH_OF | {"weight-fees": "x"})
    assert wrong.status_code == 422
    assert not ScoreRun.objects.exists()

    where = first.post(address("redraft", "model-a"))["Location"]
    form = {
        "name": "本县评分办法",
        "source": "县政办发〔2026〕1号",
        "card-red": "12",
        "mode": "plain",
        "card_part": "process",
    }
    bad = first.post(where, form | {"weight-fees": "9"})
    assert bad.status_code == 422
    assert "合计应为 100，现在是 101" in bad.content.decode()
    assert first.post(where, form | {"rule-21-step-late": "fees"}).status_code == 302
    draft = ScoreFormula.objects.get(state="draft")
    assert draft.content["cards"]["red"] == "12"
    assert (draft.content["card_part"], draft.content["parts_by_rule"]) == ("process", {"21-step-late": "fees"})
    assert "有改动" in second.get(where).content.decode()
    first.post(address("formula_move", draft.id, "submit"))
    assert second.post(address("formula_move", draft.id, "return"), {"reason": "少"}).status_code == 422
    second.post(address("formula_move", draft.id, "enable"))
    draft.refresh_from_db()
    assert draft.state == "enabled"
    assert "本县评分办法" in first.get(address("formulas")).content.decode()


def test_targets_and_deductions_by_pages(client_of, unit):
    judge, second, own = client_of("supervisor"), client_of("second"), client_of("unit")
    bad = SimpleUploadedFile("x.xlsx", targets_book([2026, "", "没有的局", "甲", "评价", "", 1, "", 1, ""]))
    refused = judge.post(address("import_targets"), {"file": bad})
    assert refused.status_code == 422
    assert "第 2 行" in refused.content.decode()
    assert judge.post(address("import_targets"), {}).status_code == 422
    judge.post(address("import_targets"), {"file": SimpleUploadedFile("x.xlsx", targets_book(SELF))})
    one = dict(zip(score_targets.COLUMNS, map(str, GOOD), strict=True))
    assert judge.post(address("targets"), one | {"goal": "很高"}).status_code == 422
    assert judge.post(address("targets"), one).status_code == 302
    template = openpyxl.load_workbook(io.BytesIO(judge.get(address("target_template")).content))
    assert [cell.value for cell in template.active[1]] == list(score_targets.COLUMNS.values())

    target = Target.objects.get(measure="reported")
    page = address("target", target.id)
    report = {"value": "4", "text": "四次集中培训"}
    assert own.post(page, report).status_code == 422
    assert own.post(page, report | {"file": SimpleUploadedFile("签到表.pdf", pdf())}).status_code == 302
    found = target.reports.get()
    assert judge.get(address("evidence", found.id))["Content-Type"] == "application/pdf"
    assert client_of("neighbour").get(address("evidence", found.id)).status_code == 404
    assert judge.post(address("review", found.id), {"accepted": "no", "review": ""}).status_code == 422
    judge.post(address("review", found.id), {"accepted": "yes"})
    assert "本单位目标得分 100" in own.get(address("targets")).content.decode()

    given = {
        "org_name": UNIT[1],
        "decided_on": "2026-10-20",
        "kind": "warning",
        "persons": "1",
        "document": "青纪处1号",
    }
    assert judge.post(address("deductions"), given).status_code == 422
    judge.post(address("deductions"), given | {"reason": "失职受到处分"})
    row = YearDeduction.objects.get()
    assert judge.post(address("decide_deduction", row.id), {"agreed": "yes", "reason": "已核对。"}).status_code == 403
    assert second.post(address("decide_deduction", row.id), {"agreed": "yes", "reason": "短"}).status_code == 422
    second.post(address("decide_deduction", row.id), {"agreed": "yes", "reason": "已核对处分决定。"})
    row.refresh_from_db()
    assert row.state == "approved"


def test_only_what_can_be_done_is_offered_and_the_page_says_why_not(client_of, card):
    freeze = reverse("supervision_scores:freeze")
    client = client_of("supervisor")

    def page(**asked):
        return client.get(reverse("supervision_scores:ranking"), MONTH_OF | asked).content.decode()

    assert freeze not in page()
    assert "先按“计算”" in page()
    scoring.compute_scores(actor=supervisor(), month=MONTH, key="model-a")
    assert freeze in page()
    assert "还没有结束" in page(month="2026-11")
    later = page(month="2026-12")
    assert freeze not in later
    assert reverse("supervision_scores:compute") not in later
    scoring.compute_scores(actor=supervisor(), month=dt.date(2026, 8, 1), key="model-a")
    assert "没有数据，没有可以冻结" in page(month="2026-08")
    published()
    assert "已经公布" in page()
    assert freeze not in page()


def test_a_list_is_taken_away_whatever_it_is_asked_to_open(client_of, card):
    published()
    row = ScoreRun.objects.get(state="published").rows.filter(kind="unit").first()

    answer = client_of("supervisor").get(
        reverse("supervision_scores:row", args=[row.id]), {"opens": "cards:a/b[c]", "export": "xlsx"}
    )

    assert answer.status_code == 200


def test_a_year_or_a_number_of_thousands_of_digits_is_no_number(client_of):
    """Python reads no number of more than 4,300 digits: the pages ended as a fault of ours."""
    supervisor_client, long = client_of("supervisor"), "9" * 5000

    for name in ("periods", "targets"):
        assert supervisor_client.get(reverse(f"supervision_scores:{name}"), {"year": long}).status_code == 200
    what_if = supervisor_client.get(reverse("supervision_scores:what_if"), {**MONTH_OF, "warnings-run": long})
    assert what_if.status_code == 422
    answer = supervisor_client.post(reverse("supervision_scores:deductions"), {"persons": long})
    assert answer.status_code == 422
    assert "请填写人数。" in answer.content.decode()
