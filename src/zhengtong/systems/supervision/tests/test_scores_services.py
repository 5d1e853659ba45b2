"""A month is worked out, frozen, published, corrected; formulas, appeals, targets; a foreign script counts again."""

import datetime as dt
import importlib.util
import io
import json
import uuid
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import time_machine
from django.db import DatabaseError, transaction

from zhengtong.capabilities.identity.tests.factories import organisation
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.notify.models import SiteMessage
from zhengtong.kernel.actors import ObjectRef, system
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.systems.supervision import api, services
from zhengtong.systems.supervision.models import ScoreFormula, ScoreRow, ScoreRun, Target, WatchedCase, WatchedEvent
from zhengtong.systems.supervision.rules.score_formulas import with_numbers
from zhengtong.systems.supervision.selectors import score_targets as target_selectors
from zhengtong.systems.supervision.selectors import scores as selectors
from zhengtong.systems.supervision.services import score_formulas, score_targets
from zhengtong.systems.supervision.services import scores as scoring
from zhengtong.systems.supervision.tests import scored_county as county
from zhengtong.systems.supervision.tests.county import FIRE, LEAD, OTHER, TENANT, official, supervisor
from zhengtong.systems.supervision.tests.scored_county import MONTH

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)
SCRIPT = Path(__file__).parents[5] / "examples" / "score_recompute.py"
WORDS = "数据已核对，同意公布。"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def formulas():
    county.prepared()


def second():
    return official((uuid.UUID(int=0x02), "县纪委监委"), "supervisor", "second")


def script():
    spec = importlib.util.spec_from_file_location("score_recompute", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def unit_row(run, unit=FIRE):
    return run.rows.get(kind="unit", org_id=unit[0])


def published(reason=""):
    run = scoring.propose_scores(actor=supervisor(), month=MONTH, key="model-a", reason=reason)
    return scoring.decide_scores(actor=second(), run_id=run.id, agreed=True, reason=WORDS, digest=run.inputs_digest)


def worked_month():
    """The fire brigade of the worked test: a yellow and a red card, three warnings; 34 of 100 cases early."""
    cases = [
        county.closed_case(FIRE, day=14 if n < 34 else 21, promised=21, statutory=31, number=f"980723-2026-{n}")
        for n in range(100)
    ]
    WatchedCase.objects.bulk_create(cases)
    for place, level in enumerate(["yellow", "red", "hint", "hint", "hint"]):
        county.carded(level, FIRE, day=12 + place, number=place + 1)


@pytest.mark.parametrize("seed", [1, 7])
@pytest.mark.parametrize("key", ["model-a", "model-c"])
def test_a_foreign_script_counts_the_same_from_the_export(formulas, seed, key, tmp_path, capsys):
    county.random_county(seed)
    if seed == 7:
        content = with_numbers(
            ScoreFormula.objects.get(key=key).content, {"card-hint": "1.5", "warnings-gap_days": "4"}
        )
        content |= {
            "mode": "plain",
            "cleared": "warning",
            "count_pending": False,
            "parts_by_rule": {"21-step-late": "fees"},
        }
        enable(content, key)
    scoring.compute_scores(actor=system(TENANT), month=MONTH, key=key)

    export = api.export_scores(TENANT, year=2026, month=10, key=key)
    file = tmp_path / "export.json"
    file.write_text(json.dumps(export, ensure_ascii=False), encoding="utf-8")

    assert script().main(str(file)) == 0
    assert len(export["results"]) >= 8
    assert export["run"]["digest"] == export["digest"]
    assert "不一致 0 项" in capsys.readouterr().out
    export["results"][0]["total"] = "1.23"
    file.write_text(json.dumps(export, ensure_ascii=False), encoding="utf-8")
    assert script().main(str(file)) == 1


def enable(content, key="model-a"):
    draft = score_formulas.draft_formula(actor=supervisor(), key=key)
    score_formulas.save_formula(
        actor=supervisor(), formula_id=draft.id, content=content, name=draft.name, source="本县文件", confirmed=True
    )
    score_formulas.move_formula(actor=supervisor(), formula_id=draft.id, move="submit")
    return score_formulas.move_formula(actor=second(), formula_id=draft.id, move="enable")


def test_the_worked_month_from_stored_rows(formulas):
    worked_month()

    run = scoring.compute_scores(actor=supervisor(), month=MONTH, key="model-a")

    row = unit_row(run)
    # accepted on Friday 9 October: promised 8 working days (until the 21st), by law 15 (until the 31st)
    assert row.total == 93
    assert row.sentence == (
        "100 −14（期限合法扣完） +3（提前办结 34 件，占办结 100 件的 34%）"
        " +4（承诺时限压缩 46.7%：100 件承诺 800 个工作日，法定 1500 个） = 93"
    )
    assert [(card["counts_as"], card["why_not"]) for card in row.detail["cards"]].count(("hint", "")) == 3
    assert row.detail["rates"]["on_time"] == {"part": 100, "whole": 100, "value": "100.0"}
    assert run.rows.filter(kind="item").get().detail["rates"]["on_time"]["whole"] == 100
    again = scoring.compute_scores(actor=supervisor(), month=MONTH, key="model-a")
    assert again.inputs_digest == run.inputs_digest
    assert ScoreRun.objects.count() == 1


def test_freezing_needs_two_persons_and_a_month_that_is_over(formulas, clock):
    county.random_county(2)
    with pytest.raises(NotPermitted):
        scoring.propose_scores(actor=official(FIRE, "leader"), month=MONTH, key="model-a")
    with pytest.raises(Conflict, match="还没有结束"):
        scoring.propose_scores(actor=supervisor(), month=dt.date(2026, 11, 1), key="model-a")
    with pytest.raises(NotFound):
        scoring.propose_scores(actor=supervisor(OTHER), month=MONTH, key="model-a")

    run = scoring.propose_scores(actor=supervisor(), month=MONTH, key="model-a")

    assert (run.state, run.version) == ("proposed", 1)
    answer = {"run_id": run.id, "agreed": True, "reason": WORDS, "digest": run.inputs_digest}
    with pytest.raises(NotPermitted, match="另一位"):
        scoring.decide_scores(actor=supervisor(), **answer)
    with pytest.raises(Conflict, match="不一致"):
        scoring.decide_scores(actor=second(), **answer | {"digest": "0" * 64})
    with pytest.raises(Conflict, match="等待核准"):
        scoring.propose_scores(actor=second(), month=MONTH, key="model-a")
    scoring.decide_scores(actor=second(), **answer | {"agreed": False, "reason": "消防大队的牌还没有核定。"})
    run = published()
    assert (run.state, run.version, run.appeal_until) == ("published", 2, dt.date(2026, 11, 16))


def test_frozen_rows_never_change_and_a_cancelled_card_makes_a_correction(formulas, clock):
    unit = organisation("H05", FIRE[1])
    fire = (unit.id, unit.name)
    WatchedCase.objects.bulk_create(county.closed_case(LEAD) for _ in range(6))
    card = county.carded("red", fire)
    first = published()
    assert (unit_row(first, fire).total, unit_row(first, fire).place) == (90, 2)
    for change in (
        lambda: first.rows.update(total=100),
        lambda: first.rows.all().delete(),
        lambda: ScoreRun.objects.filter(pk=first.pk).update(inputs_digest="x"),
        lambda: ScoreRun.objects.filter(pk=first.pk).update(state="computed", version=0),
        lambda: ScoreRow.objects.create(
            tenant=TENANT, run=first, kind="unit", key="x", name="x", place=1, sentence="", detail={}
        ),
    ):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            change()
    assert not selectors.is_stale(first)
    with pytest.raises(Conflict, match="完全相同"):
        scoring.propose_scores(actor=supervisor(), month=MONTH, key="model-a", reason="想再公布一次看看")

    services.cancel_card(actor=supervisor(), card_id=card.id, reason="当日系统故障，不成立。")

    assert selectors.is_stale(first)
    with pytest.raises(Invalid):
        scoring.propose_scores(actor=supervisor(), month=MONTH, key="model-a")
    changed = published("一张红牌经申诉撤销。")
    first.refresh_from_db()
    assert (first.state, unit_row(first, fire).total) == ("superseded", 90)
    assert (changed.version, unit_row(changed, fire).total) == (2, 100)
    told = [(one.name, one.before.total, one.after.total) for one in selectors.changes(first, changed)]
    assert (FIRE[1], 90, 100) in told
    acts = [entry.act for entry in ledger.entries_of(ObjectRef(kind="supervision_score", id=str(changed.id)), TENANT)]
    assert acts == ["supervision.propose_scores", "supervision.publish_scores"]


def test_the_unit_is_told_and_may_appeal_within_its_days(formulas, clock):
    from zhengtong.capabilities.identity.tests.factories import official as account

    head = account("head", "leader", org_code="H05", org_name=FIRE[1])
    unit = organisation("H05", FIRE[1])
    county.carded("red", (unit.id, unit.name))
    run = published()
    assert SiteMessage.objects.filter(title__contains="10月监察得分已公布：90 分").count() == 1, head
    own, other = official((unit.id, unit.name), "leader"), official(LEAD, "leader")

    with pytest.raises(NotFound):
        scoring.appeal_score(actor=other, run_id=run.id, text="这个月的得分不对。")
    appeal = scoring.appeal_score(actor=own, run_id=run.id, text="红牌是系统故障造成的。")
    with pytest.raises(Conflict):
        scoring.appeal_score(actor=own, run_id=run.id, text="红牌是系统故障造成的。")
    judge = official((unit.id, unit.name), "supervisor")
    with pytest.raises(NotPermitted, match="回避"):
        scoring.answer_appeal(actor=judge, appeal_id=appeal.id, upheld=True, answer="情况属实，予以更正。")
    scoring.answer_appeal(actor=supervisor(), appeal_id=appeal.id, upheld=True, answer="情况属实，予以更正。")
    assert SiteMessage.objects.filter(title__contains="得分申诉成立").exists()
    clock.shift(dt.timedelta(days=8))
    with pytest.raises(Conflict, match="期限已过"):
        scoring.appeal_score(actor=own, run_id=run.id, text="还有一张牌也不对。")


def test_ratings_and_founded_complaints_are_taken_from_their_parts(formulas):
    bad = county.rated(LEAD, "dissatisfied")
    excused = county.rated(LEAD, "dissatisfied")
    judged = county.told(
        "ratings.bad_rating_judged.v1", LEAD, {"verdict": "malicious", "rating_id": excused.fields["rating_id"]}
    )
    events = [bad, excused, judged, *(county.rated(LEAD, "satisfied") for _ in range(5))]
    events += [county.complained(LEAD, "founded"), county.complained(LEAD, "unfounded")]
    WatchedEvent.objects.bulk_create(events)

    row = unit_row(scoring.compute_scores(actor=supervisor(), month=MONTH, key="model-a"), LEAD)

    assert row.total == 97
    assert row.detail["rates"]["satisfaction"] == {"part": 5, "whole": 6, "value": "83.3"}
    opened = selectors.opened(row, "input:complaints_founded")
    assert sorted(record["words"] for record in opened) == ["不属实", "属实"]


def test_what_if_stores_nothing_and_shows_the_change(formulas):
    county.carded("red", FIRE)
    county.carded("yellow", LEAD)
    present = ScoreFormula.objects.get(key="model-a").content

    found = selectors.what_if(supervisor(), MONTH, with_numbers(present, {"card-yellow": "12"}), present)

    assert [(one.then.subject.name, one.now.score.total, one.then.score.total) for one in found] == [
        (FIRE[1], 90, 90),
        (LEAD[1], 95, 88),
    ]
    assert not ScoreRun.objects.exists()


def test_a_formula_is_drafted_by_one_and_enabled_by_another_and_then_kept(formulas):
    old = ScoreFormula.objects.get(key="model-a")
    draft = score_formulas.draft_formula(actor=supervisor(), key="model-a")
    kept = {"name": "本县评分办法", "source": "县政办发〔2026〕1号", "confirmed": True}
    wrong = with_numbers(draft.content, {"weight-fees": "9"})
    with pytest.raises(Invalid) as refused:
        score_formulas.save_formula(actor=supervisor(), formula_id=draft.id, content=wrong, **kept)
    assert "101" in refused.value.errors["parts"]
    with pytest.raises(NotPermitted, match="起草"):
        score_formulas.save_formula(actor=second(), formula_id=draft.id, content=draft.content, **kept)
    score_formulas.move_formula(actor=supervisor(), formula_id=draft.id, move="submit")
    with pytest.raises(NotPermitted):
        score_formulas.move_formula(actor=supervisor(), formula_id=draft.id, move="enable")

    new = score_formulas.move_formula(actor=second(), formula_id=draft.id, move="enable")

    old.refresh_from_db()
    assert (old.state, new.state, new.version) == ("retired", "enabled", 2)
    with pytest.raises(DatabaseError, match="kept"), transaction.atomic():
        ScoreFormula.objects.filter(pk=new.pk).update(content={})
    with pytest.raises(DatabaseError, match="kept"), transaction.atomic():
        ScoreFormula.objects.filter(pk=old.pk).delete()
    assert score_formulas.install_formulas(actor=system(TENANT)) == 0


def targets_book(*rows):
    book = openpyxl.Workbook()
    book.active.append(list(score_targets.COLUMNS.values()))
    for row in rows:
        book.active.append(row)
    found = io.BytesIO()
    book.save(found)
    return found.getvalue()


GOOD = [2026, "全年", FIRE[1], "环节按期率", "环节按期率", "不低于", 95, "%", 60, "县考核办法"]
SELF = [2026, "全年", FIRE[1], "业务培训", "单位自报", "不低于", 4, "次", 40, ""]


def recounted(folder):
    """The month and the year, exported and counted by the foreign script; then with one figure of the year wrong."""
    month = api.export_scores(TENANT, year=2026, month=10, key="model-a")
    year = api.export_year(TENANT, year=2026, key="model-a")
    assert [row["total"] for row in year["periods"]["year"]].count("84.51") == 1
    (folder / "2026-10.json").write_text(json.dumps(month, ensure_ascii=False), encoding="utf-8")
    (folder / "2026.json").write_text(json.dumps(year, ensure_ascii=False), encoding="utf-8")
    assert script().main(str(folder)) == 0
    year["periods"]["q4"][0]["total"] = "1.23"
    (folder / "2026.json").write_text(json.dumps(year, ensure_ascii=False), encoding="utf-8")
    assert script().main(str(folder)) == 1
    (folder / "2026-10.json").unlink()
    assert script().main(str(folder)) == 1


def test_targets_are_imported_reported_reviewed_and_weigh_in_the_year(formulas, tmp_path):
    unit = organisation("H05", FIRE[1])
    fire = (unit.id, unit.name)
    broken = targets_book(GOOD, [2026, "全月", "没有的局", "", "好评", "", "x", "", 0, ""], GOOD)
    with pytest.raises(Invalid) as refused:
        score_targets.import_targets(actor=supervisor(), data=broken)
    assert set(refused.value.errors) == {"第 3 行", "第 4 行"}
    assert "没有指标“好评”" in refused.value.errors["第 3 行"]
    assert not Target.objects.exists()
    with pytest.raises(Invalid, match="xlsx"):
        score_targets.import_targets(actor=supervisor(), data=b"PK\x03\x04 no book")

    score_targets.import_targets(actor=supervisor(), data=targets_book(GOOD, SELF))

    case = county.closed_case(LEAD)
    case.save()
    county.WatchedStep.objects.bulk_create(county.step_of(case, fire, late=n < 2) for n in range(10))
    published()
    by_name = {one.target.name: one for one in target_selectors.progress(supervisor(), 2026)}
    assert by_name["环节按期率"].actual == 80
    assert by_name["业务培训"].reached == 0
    assert target_selectors.unit_scores(TENANT, 2026)[unit.id] == Decimal("50.53")  # 60 % of 80/95, 40 % of 0

    trained = by_name["业务培训"].target
    evidence = ("签到表.pdf", pdf())
    with pytest.raises(NotPermitted):
        score_targets.report_target(
            actor=official(LEAD, "clerk"), target_id=trained.id, value="4", text="四次集中培训", file=evidence
        )
    own = official(fire, "clerk")
    with pytest.raises(Invalid, match="佐证"):
        score_targets.report_target(actor=own, target_id=trained.id, value="4", text="四次集中培训", file=None)
    report = score_targets.report_target(actor=own, target_id=trained.id, value="4", text="四次集中培训", file=evidence)
    with pytest.raises(NotPermitted, match="回避"):
        score_targets.review_report(actor=official(fire, "supervisor"), report_id=report.id, accepted=True, review="")
    score_targets.review_report(actor=supervisor(), report_id=report.id, accepted=True, review="")
    points = target_selectors.unit_scores(TENANT, 2026)
    assert points[unit.id] == Decimal("90.53")

    deduct(unit)
    year = selectors.period_rows(supervisor(), 2026, "year", ScoreFormula.objects.get(key="model-a"), points)
    outcome = next(row.outcome for row in year if row.org_id == unit.id)
    assert outcome.sentence == "1 个月的平均分 108 × 80% + 年度目标得分 90.53 × 20% −20（警告 2 人次） = 84.51"
    assert outcome.grade == "良好"
    recounted(tmp_path)


def deduct(unit):
    given = {"decided_on": "2026-10-20", "kind": "warning", "document": "青纪处〔2026〕3号", "reason": "失职处分两人"}
    row = score_targets.propose_deduction(actor=supervisor(), org_name=unit.name, persons="2", **given)
    with pytest.raises(Invalid, match="已经登记"):
        score_targets.propose_deduction(actor=supervisor(), org_name=unit.name, persons="1", **given)
    with pytest.raises(NotPermitted):
        score_targets.decide_deduction(actor=supervisor(), deduction_id=row.id, agreed=True, reason=WORDS)
    score_targets.decide_deduction(actor=second(), deduction_id=row.id, agreed=True, reason=WORDS)


def pdf():
    import pikepdf

    found = io.BytesIO()
    document = pikepdf.new()
    document.add_blank_page()
    document.save(found)
    return found.getvalue()


def test_the_night_job_works_out_what_is_not_frozen(formulas):
    county.carded("red", FIRE)

    assert scoring.tend_scores(system(TENANT)) == 6
    published()
    assert scoring.tend_scores(system(TENANT)) == 5
    assert ScoreRun.objects.filter(month=MONTH, formula_key="model-a", state="published").count() == 1
