"""The desk's queues, the page of a case, stops of the clock, files: what is shown, and to whom."""

import datetime as dt
import uuid
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.identity.tests import factories
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.testing.work import do_all_work
from zhengtong.systems.service_hall.models import Application
from zhengtong.systems.service_hall.tests import hall_factories as hall
from zhengtong.systems.service_hall.web import desk_clocks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def county() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(hall.MONDAY, tick=False) as traveller:
        hall.found_hall()
        yield traveller


def text_of(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]  # a test response


def reads_of(row: Application, act: str = "service_hall.read") -> list[tuple[str, str]]:
    found = ledger.entries_of(ObjectRef(kind="application", id=str(row.id)), hall.TENANT)
    return [(entry.actor_org_name, entry.purpose) for entry in found if entry.act == act]


def first_file(row: Application) -> str:
    file = row.files.order_by("created_at").first()
    assert file is not None
    return reverse("service_hall:desk-file", args=[row.id, file.id])


def clock_of(row: Application, kind: str) -> cases.ClockView:
    case = cases.case_view(actor=system(hall.TENANT), case_id=hall.case_id(row))
    return next(clock for clock in case.clocks if clock.kind == kind)


# --- queues


def test_desk_lists_what_waits_with_masked_applicant_and_time_left() -> None:
    row = hall.submitted()

    page = text_of(hall.signed_in(hall.clerk()).get(reverse("service_hall:desk")))

    assert hall.task_address(row) in page
    assert "张*" in page
    assert "张一" not in page
    assert "剩 5 个工作日（11月16日）" in page
    assert "data-desk-rows" in page
    assert reads_of(row) == []


def test_empty_queues_say_why() -> None:
    client = hall.signed_in(hall.clerk())

    words = {"": "没有待办事项", "overdue": "没有超期事项", "waiting": "没有等待他人的办件", "done": "还没有办理过"}
    for queue, sentence in words.items():
        assert sentence in text_of(client.get(reverse("service_hall:desk"), {"queue": queue} if queue else {}))


def test_waiting_and_done_after_acceptance() -> None:
    row = hall.submitted()
    hall.do(hall.clerk(), row, "accept", "accept")
    client = hall.signed_in(hall.clerk())

    waiting = text_of(client.get(reverse("service_hall:desk"), {"queue": "waiting"}))
    done = text_of(client.get(reverse("service_hall:desk"), {"queue": "done"}))

    assert waiting.count(hall.case_address(row)) == 4
    assert "青禾县消防救援大队" in waiting
    assert "受理" in done
    assert hall.case_address(row) in done


def test_an_overdue_task_shows_its_lamp_and_counts_in_the_queue(county: time_machine.Traveller) -> None:
    row = hall.submitted()
    hall.do(hall.clerk(), row, "accept", "accept")
    fire = hall.clerk("H05")

    county.move_to(hall.MONDAY + dt.timedelta(days=9))
    page = text_of(hall.signed_in(fire).get(reverse("service_hall:desk"), {"queue": "overdue"}))

    assert "超期" in page
    assert "超过 2 个工作日" in page
    assert "zt-count-late" in page


def test_an_unanswered_acceptance_is_red_on_the_desk(county: time_machine.Traveller) -> None:
    hall.submitted()

    county.move_to(hall.MONDAY + dt.timedelta(days=8))
    page = text_of(hall.signed_in(hall.clerk()).get(reverse("service_hall:desk")))

    assert "超过 1 个工作日" in page
    assert "zt-lamp-red" in page


def test_decisions_stand_first_and_under_the_promised_limit() -> None:
    waits = hall.submitted(factories.citizen("王五", phone="13800000002"))
    decides = hall.submitted()
    hall.reviewed(decides)
    both = hall.clerk("G22", "clerk", "leader")

    page = text_of(hall.signed_in(both).get(reverse("service_hall:desk")))

    assert page.index(hall.task_address(decides, "decide")) < page.index(hall.task_address(waits))
    assert "剩 8 个工作日（11月19日）" in page


def test_search_by_number_jumps_to_the_task_or_the_case() -> None:
    row = hall.submitted()
    number = row.number or ""
    spaced = f" {number[:4]} {number[4:]} "

    own = hall.signed_in(hall.clerk()).get(reverse("service_hall:desk"), {"q": spaced})
    leader = hall.signed_in(hall.clerk("G22", "leader")).get(reverse("service_hall:desk"), {"q": number})
    stranger = hall.signed_in(hall.clerk("H05")).get(reverse("service_hall:desk"), {"q": number})

    assert own.headers["Location"] == hall.task_address(row)
    assert leader.headers["Location"] == hall.case_address(row)
    assert stranger.status_code == 200
    assert "没有找到编号" in text_of(stranger)


@pytest.mark.parametrize("query", [{"q": "无"}, {"q": "\x00" * 80}, {"queue": "x"}, {"page": "-1"}, {"page": "9999"}])
def test_odd_queries_still_show_a_desk(query: dict[str, str]) -> None:
    response = hall.signed_in(hall.clerk()).get(reverse("service_hall:desk"), query)

    assert response.status_code == 200


# --- who may open what


def every_address(row: Application, node: str = "accept") -> dict[str, str]:
    case_id = hall.case_id(row)
    return {
        "desk": reverse("service_hall:desk"),
        "task": hall.task_address(row, node),
        "case": hall.case_address(row),
        "file": first_file(row),
        "pause": reverse("service_hall:pause", args=[case_id]),
        "resume": reverse("service_hall:resume", args=[case_id]),
        "paper": reverse("service_hall:desk-paper", args=[uuid.uuid4()]),
    }


def status_of(client: Client, name: str, address: str) -> int:
    posts = name in ("pause", "resume")
    return client.post(address).status_code if posts else client.get(address).status_code


def test_strangers_are_led_to_the_sign_in_page() -> None:
    row = hall.submitted()

    for name, address in every_address(row).items():
        assert status_of(Client(), name, address) == 302
        assert Client().get(address).headers["Location"].startswith("/accounts/login/")


def test_citizens_and_other_roles_are_refused_everywhere() -> None:
    applicant = factories.citizen()
    row = hall.submitted(applicant)
    keeper = factories.official("admin", "sys_admin", name="管理员")

    for actor in (applicant, keeper):
        client = hall.signed_in(actor)
        assert {name: status_of(client, name, url) for name, url in every_address(row).items()} == dict.fromkeys(
            every_address(row), 403
        )
    assert reads_of(row) == []


def test_another_unit_finds_nothing() -> None:
    row = hall.submitted()
    client = hall.signed_in(hall.clerk("H05"))

    found = {name: status_of(client, name, url) for name, url in every_address(row).items()}
    posted = client.post(hall.task_address(row), {"outcome": "accept", "command_key": uuid.uuid4().hex})

    assert found == {"desk": 200, "task": 404, "case": 404, "file": 404, "pause": 404, "resume": 403, "paper": 404}
    assert posted.status_code == 404
    assert reads_of(row) == []


def test_another_role_of_the_unit_reads_but_cannot_act() -> None:
    row = hall.submitted()
    client = hall.signed_in(hall.clerk("G22", "leader"))

    shown = client.get(hall.task_address(row))
    posted = client.post(hall.task_address(row), {"outcome": "accept", "command_key": uuid.uuid4().hex})

    assert shown.headers["Location"] == hall.case_address(row)
    assert posted.status_code == 403
    assert hall.task_of(row).status == "open"


def test_a_supervisor_reads_the_case_and_nothing_else() -> None:
    row = hall.submitted()
    hall.do(hall.clerk(), row, "accept", "accept")
    client = hall.signed_in(hall.watcher())

    page = client.get(hall.case_address(row))

    assert page.status_code == 200
    assert "张一" in text_of(page)
    assert "停止计时（听证" not in text_of(page)
    assert reads_of(row) == [("青禾县政务督查室", "效能监察")]
    assert client.get(first_file(row)).status_code == 200
    assert [purpose[:4] for _unit, purpose in reads_of(row, "service_hall.read_file")] == ["效能监察"]
    refused = ["desk", "task", "pause", "resume"]
    addresses = every_address(row, "review_fire")
    assert [status_of(client, name, addresses[name]) for name in refused] == [403] * 4


# --- a case


def test_case_shows_departments_timeline_and_is_read_once() -> None:
    row = hall.submitted()
    hall.do(hall.clerk(), row, "accept", "accept")
    hall.do(hall.clerk("H05"), row, "review_fire", "disagree", opinion="疏散通道被占用")

    page = text_of(hall.signed_in(hall.clerk("G11")).get(hall.case_address(row)))

    for words in ("联合审查", "疏散通道被占用", "等待意见", "收到申请，开始办理", "审查不同意", "等您办理"):
        assert words in page
    assert hall.task_address(row, "review_signboard") in page
    assert reads_of(row) == [("青禾县城市管理和综合执法局", "查看办件")]


def pause_data(**changes: str) -> dict[str, str]:
    return {"reason_code": "expert_review", "note": "专家评审，预计 5 个工作日", "cap": ""} | changes


def test_pause_and_resume_move_the_deadline(county: time_machine.Traveller) -> None:
    row = hall.submitted()
    hall.do(hall.clerk(), row, "accept", "accept")
    client = hall.signed_in(hall.clerk())
    address = reverse("service_hall:pause", args=[hall.case_id(row)])

    page = text_of(client.post(address, pause_data(), follow=True))
    assert "已经停止计时" in page
    assert "专家评审（行政许可法 第四十五条）" in page
    assert clock_of(row, "promised").due_on is None
    again = text_of(client.post(address, pause_data(), follow=True))
    assert "已经停止计时，恢复以后才能再次停止" in again

    county.shift(dt.timedelta(days=2))
    client = hall.signed_in(hall.clerk())
    page = text_of(client.post(reverse("service_hall:resume", args=[hall.case_id(row)]), follow=True))
    assert "已经恢复计时" in page
    assert clock_of(row, "promised").due_on == dt.date(2026, 11, 20)  # Monday was day zero, Tuesday is left out


def test_a_stop_ends_by_itself_at_its_cap() -> None:
    row = hall.submitted()
    hall.do(hall.clerk(), row, "accept", "accept")

    hall.signed_in(hall.clerk()).post(reverse("service_hall:pause", args=[hall.case_id(row)]), pause_data(cap="3"))

    assert clock_of(row, "promised").due_on is not None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reason_code": ""}, "请选择法律规定的停止计时事由。"),
        ({"reason_code": "holiday"}, "holiday"),
        ({"note": "  "}, "请写明需要的时间和原因"),
        ({"cap": "0"}, "最长停止"),
        ({"cap": "9999"}, "最长停止"),
    ],
)
def test_a_stop_without_ground_or_words_is_refused_and_kept(changes: dict[str, str], sentence: str) -> None:
    row = hall.submitted()
    hall.do(hall.clerk(), row, "accept", "accept")

    response = hall.signed_in(hall.clerk()).post(
        reverse("service_hall:pause", args=[hall.case_id(row)]), pause_data(**changes)
    )

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert clock_of(row, "promised").due_on is not None
    if "note" not in changes:
        assert "专家评审，预计 5 个工作日" in text_of(response)


def test_the_words_of_a_stop_that_came_too_late_are_given_back() -> None:
    row = hall.submitted()
    hall.do(hall.clerk(), row, "accept", "accept")
    client = hall.signed_in(hall.clerk())
    address = reverse("service_hall:pause", args=[hall.case_id(row)])
    client.post(address, pause_data())

    late = client.post(address, pause_data(), headers={"Origin": "http://testserver", "Accept": "text/html"})

    assert late.status_code == 409
    assert "恢复以后才能再次停止" in text_of(late)
    assert "<p>专家评审，预计 5 个工作日</p>" in text_of(late)


def test_only_the_owning_unit_stops_the_clock() -> None:
    row = hall.submitted()
    hall.do(hall.clerk(), row, "accept", "accept")
    client = hall.signed_in(hall.clerk("H05"))

    response = client.post(reverse("service_hall:pause", args=[hall.case_id(row)]), pause_data())

    assert response.status_code == 403
    assert "由青禾县市场监督管理局主办" in text_of(response)
    assert "停止计时（听证" not in text_of(client.get(hall.case_address(row)))


# --- files and papers


def test_a_material_is_shown_in_a_sandbox_and_its_reading_entered() -> None:
    row = hall.submitted()

    response = hall.signed_in(hall.clerk()).get(first_file(row))

    assert response.content.startswith(b"\x89PNG")
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["Content-Disposition"].startswith("inline")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"].startswith("sandbox")
    assert reads_of(row, "service_hall.read_file") == [("青禾县市场监督管理局", f"办理办件 {row.number}")]


def test_a_file_of_another_application_is_not_found() -> None:
    row, other = hall.submitted(), hall.submitted(factories.citizen("王五", phone="13800000002"))
    file = other.files.first()
    assert file is not None

    response = hall.signed_in(hall.clerk()).get(reverse("service_hall:desk-file", args=[row.id, file.id]))

    assert response.status_code == 404
    assert reads_of(row, "service_hall.read_file") == []


def paper_address(row: Application, actor: Actor) -> str:
    page = text_of(hall.signed_in(actor).get(hall.case_address(row)))
    return next(part for part in page.split('"') if "/desk/papers/" in part)


def test_papers_are_read_by_participants_only() -> None:
    row = hall.submitted()
    hall.do(hall.clerk(), row, "accept", "accept")
    do_all_work()
    address = paper_address(row, hall.clerk("H05"))

    mine = hall.signed_in(hall.clerk("H05")).get(address)
    stranger = hall.signed_in(factories.official("other", "clerk", org_code="G09", org_name="青禾县民政局")).get(
        address
    )

    assert mine.content.startswith(b"%PDF")
    assert stranger.status_code == 403


# --- words of time


@pytest.mark.parametrize(
    ("today", "due", "words"),
    [
        (9, None, ""),
        (9, "2026-11-10T00:00+08:00", "今天到期"),
        (9, "2026-11-09T15:00+08:00", "今天 15:00 到期"),
        (9, "2026-11-11T00:00+08:00", "剩 1 个工作日"),
        (9, "2026-11-17T00:00+08:00", "剩 5 个工作日"),
        (14, "2026-11-16T00:00+08:00", "11月15日到期"),
        (14, "2026-11-14T00:00+08:00", "已到期"),
        (16, "2026-11-14T00:00+08:00", "超过 1 个工作日"),
        (9, "2099-01-01T00:00+08:00", "2098年12月31日到期"),
    ],
)
def test_time_left_in_words(today: int, due: str | None, words: str) -> None:
    due_at = dt.datetime.fromisoformat(due) if due else None
    morning = dt.datetime(2026, 11, today, 2, tzinfo=dt.UTC)

    assert desk_clocks.time_left(due_at, cases.calendar_of(hall.TENANT), at=morning) == words


def test_bar_counts_the_days_of_the_limit_and_goes_on_when_it_is_over(county: time_machine.Traveller) -> None:
    row = hall.submitted()
    hall.do(hall.clerk(), row, "accept", "accept")

    county.move_to(hall.MONDAY + dt.timedelta(days=12))
    days = desk_clocks.bar(clock_of(row, "promised"))

    assert sum(day["state"] == "counted" for day in days) == 8
    assert [day["day"].day for day in days if day["state"] == "overdue"] == [20, 21]
    assert [day["day"].day for day in days if day.get("due")] == [19]
    assert days[0]["day"] == dt.date(2026, 11, 10)
