"""送达: chosen by the applicant, in the hands of a counter or a carrier; its clock ends when he has it."""

import datetime as dt
import functools

import pytest
import time_machine
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtong.capabilities.cases import api as cases
from zhengtong.kernel.actors import Actor, system
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.models import OutboxEvent
from zhengtong.kernel.testing.work import do_all_work
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.constants import DeliveryState, DeliveryWay
from zhengtong.systems.service_hall.models import Application, Delivery
from zhengtong.systems.service_hall.registry import Parcel, carriers
from zhengtong.systems.service_hall.rules import address_errors, masked_address, may_move_delivery, reminder_due
from zhengtong.systems.service_hall.services import carrying, delivering
from zhengtong.systems.service_hall.services.courier import SimulatedCourier
from zhengtong.systems.service_hall.tests import counter_factories as counter
from zhengtong.systems.service_hall.tests import factories as hall
from zhengtong.systems.service_hall.tests import hall_factories

POST = api.DeliveryChoice(way="post", recipient="张一", phone="13800000001", address="某省禾州市青禾县城关镇老街 18 号")
NOON = dt.datetime(2026, 11, 9, 4, tzinfo=dt.UTC)


@given(way=st.sampled_from(DeliveryWay.values), state=st.sampled_from(DeliveryState.values))
@settings(max_examples=60)
def test_a_delivery_that_has_ended_goes_nowhere_and_no_way_takes_the_steps_of_another(way: str, state: str) -> None:
    onward = {to for to in DeliveryState.values if may_move_delivery(way=way, state=state, to=to, at_place=True)}
    elsewhere = {to for to in DeliveryState.values if may_move_delivery(way=way, state=state, to=to, at_place=False)}

    assert not onward or state not in ("done", "not_needed")
    assert "posted" not in onward or way == "post"
    assert "on_way" not in onward or way == "township"
    assert "at_place" not in onward or way in ("window", "township")
    assert way != "township" or elsewhere <= {"on_way"}
    assert way != "township" or state not in ("to_prepare", "returned") or onward <= {"on_way"}


def test_an_address_is_checked_part_by_part_and_shown_masked() -> None:
    assert set(address_errors(recipient="", phone="1", address="老街")) == {"recipient", "phone", "address"}
    assert not address_errors(recipient="张一", phone="0990-1234567", address="某省禾州市青禾县老街 18 号")
    assert masked_address("某省禾州市青禾县城关镇老街 18 号") == "某省禾州市青******"


@pytest.mark.parametrize(
    ("waited", "reminded", "times", "due"),
    [(4, None, 0, False), (5, None, 0, True), (9, 5, 1, False), (10, 5, 1, True), (99, 20, 3, False)],
)
def test_a_reminder_goes_out_every_five_days_three_times(
    waited: int, reminded: int | None, times: int, due: bool
) -> None:
    day = dt.timedelta(days=1)
    said = reminder_due(
        since=NOON,
        reminded_at=NOON + reminded * day if reminded else None,
        reminders=times,
        now=NOON + waited * day,
        days=5,
        most=3,
    )

    assert said is due


@pytest.fixture
def citizen() -> Actor:
    hall.found_county()
    counter.town()
    return hall.people.citizen()


def market() -> Actor:
    return counter.window("clerk.market", unit=("G22", hall.UNITS["G22"]), role="clerk")


def granted(row: Application) -> Delivery:
    """The case has ended with a licence; made by hand, the making of the paper is tested elsewhere."""
    delivering.open_delivery(tenant=hall.TENANT, application_id=row.id, granted=True)
    return Delivery.objects.get(application=row)


def chosen(citizen: Actor, choice: api.DeliveryChoice) -> Application:
    row = hall.submitted(citizen)
    api.choose_delivery(actor=citizen, application_id=row.id, choice=choice)
    return row


@pytest.mark.django_db
def test_the_applicant_chooses_and_changes_until_the_paper_leaves(citizen: Actor) -> None:
    row = chosen(citizen, POST)
    api.choose_delivery(actor=citizen, application_id=row.id, choice=api.DeliveryChoice(way="window"))
    assert api.delivery_of(row).address == ""
    api.choose_delivery(actor=citizen, application_id=row.id, choice=POST)
    delivery = granted(row)
    api.send_by_post(actor=market(), delivery_id=delivery.id, carrier="邮政", tracking_no="E1")

    with pytest.raises(Conflict, match="送达途中"):
        api.choose_delivery(actor=citizen, application_id=row.id, choice=api.DeliveryChoice(way="window"))
    with pytest.raises(NotFound):
        api.choose_delivery(actor=hall.people.citizen("李二", phone="13800000002"), application_id=row.id, choice=POST)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "choice",
    [
        api.DeliveryChoice(way="post"),
        api.DeliveryChoice(way="township", place_code="G22"),
        api.DeliveryChoice(way="pigeon"),
    ],
)
def test_a_choice_that_cannot_be_carried_out_is_refused(citizen: Actor, choice: api.DeliveryChoice) -> None:
    row = hall.submitted(citizen)

    with pytest.raises(Invalid):
        api.choose_delivery(actor=citizen, application_id=row.id, choice=choice)


@pytest.mark.django_db
def test_after_the_end_of_the_case_no_paper_is_promised_that_nobody_would_send(citizen: Actor) -> None:
    row = hall.submitted(citizen)
    api.close_withdrawn(row.id, tenant=hall.TENANT, outcome_label="申请人撤回")

    with pytest.raises(Conflict, match="已经办结"):
        api.choose_delivery(actor=citizen, application_id=row.id, choice=POST)

    assert api.delivery_of(row) is None


@pytest.mark.django_db
def test_the_counter_chooses_for_whom_it_took_in_and_for_nobody_else(citizen: Actor) -> None:
    window = counter.window()
    taken = counter.handed_in(window).application
    online = hall.submitted(citizen)

    assert api.choose_delivery(actor=window, application_id=taken.id, choice=POST).way == "post"
    with pytest.raises(NotFound):
        api.choose_delivery(actor=window, application_id=online.id, choice=POST)
    with pytest.raises(NotFound):
        api.choose_delivery(actor=counter.window("window.two"), application_id=taken.id, choice=POST)


@pytest.mark.django_db
def test_address_and_code_are_kept_encrypted_and_told_to_nobody(citizen: Actor) -> None:
    row = chosen(citizen, POST)
    granted(row)

    with connection.cursor() as cursor:
        cursor.execute("select recipient || phone || address from service_hall_delivery")
        stored = cursor.fetchone()[0]
        cursor.execute("select content from ledger_payload")
        kept = [content for (content,) in cursor.fetchall()]
    told = [str(event.data) for event in OutboxEvent.objects.all()]
    for text in (stored, *kept, *told):
        assert POST.address not in text
        assert POST.phone not in text


@pytest.mark.django_db
def test_a_paper_is_collected_in_a_town_with_card_or_code(citizen: Actor) -> None:
    place = counter.town("town.helper")
    row = chosen(citizen, api.DeliveryChoice(way="township", place_code="T02"))
    delivery = granted(row)
    with pytest.raises(NotFound):
        api.put_at_place(actor=place, delivery_id=delivery.id)  # it has not left the unit
    for early in (api.put_at_place, functools.partial(api.hand_out, to=api.Collection(name="张一", proof="id_card"))):
        with pytest.raises(Conflict):
            early(actor=market(), delivery_id=delivery.id)
    api.send_to_place(actor=market(), delivery_id=delivery.id)
    with pytest.raises(Conflict, match=r"由.*登记"):
        api.put_at_place(actor=market(), delivery_id=delivery.id)
    api.put_at_place(actor=place, delivery_id=delivery.id)
    code = api.delivery_of(row).collect_code

    for wrong in (
        api.Collection(name=""),
        api.Collection(name="钱大爷"),
        api.Collection(name="钱大爷", proof="id_card"),
        api.Collection(name="钱大爷", code="000000" if code != "000000" else "111111"),
    ):
        with pytest.raises(Invalid):
            api.hand_out(actor=place, delivery_id=delivery.id, to=wrong)
    done = api.hand_out(
        actor=place,
        delivery_id=delivery.id,
        to=api.Collection(name="钱大爷", code=code, signature=counter.signature()),
    )

    assert (done.state, done.signature is not None) == ("done", True)
    assert [event.words for event in api.delivery_events(done)][-1] == "已领取（凭领取码）"
    with pytest.raises(Conflict):
        api.hand_out(actor=place, delivery_id=delivery.id, to=api.Collection(name="张一", proof="id_card"))


@pytest.mark.django_db
def test_who_has_to_do_with_a_delivery(citizen: Actor) -> None:
    row = chosen(citizen, api.DeliveryChoice(way="township", place_code="T02"))
    delivery = granted(row)
    clerk, window = market(), counter.window()
    api.send_to_place(actor=clerk, delivery_id=delivery.id)
    fire = counter.window("clerk.fire", unit=("H05", hall.UNITS["H05"]), role="clerk")
    elsewhere = counter.town("town.two", unit=("T03", "青禾县西岭镇人民政府"))
    here = counter.town("town.helper")

    assert [one.id for actor in (clerk, window, here) for one in api.deliveries_in_hand(actor=actor).rows] == [
        delivery.id
    ] * 3
    for stranger in (fire, elsewhere, citizen):
        assert not api.deliveries_in_hand(actor=stranger).rows
        with pytest.raises(NotFound):
            api.delivery_for_official(actor=stranger, delivery_id=delivery.id)


@pytest.mark.django_db
def test_a_carrier_that_is_connected_tells_itself_when_the_paper_arrived(
    citizen: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "simulated" not in dict(carriers.items()):
        monkeypatch.setitem(carriers._items, "simulated", SimulatedCourier())
    with time_machine.travel(hall_factories.MONDAY, tick=False):
        delivery = granted(chosen(citizen, POST))
        sent = api.send_by_post(actor=market(), delivery_id=delivery.id, carrier="simulated")
        assert sent.tracking_no == SimulatedCourier().accept(Parcel(str(delivery.id), "", "", ""))
        assert api.poll_carriers() == 0
    with time_machine.travel(hall_factories.MONDAY + dt.timedelta(hours=25), tick=False):
        assert api.poll_carriers() == 1
        assert api.poll_carriers() == 0

    delivery.refresh_from_db()
    assert delivery.state == "done"
    assert [event.words for event in api.delivery_events(delivery)][-1] == "已签收"


@pytest.mark.django_db
def test_a_letter_that_came_back_is_told_and_sent_again(citizen: Actor) -> None:
    delivery = granted(chosen(citizen, POST))
    clerk = market()
    with pytest.raises(Invalid):
        api.send_by_post(actor=clerk, delivery_id=delivery.id, carrier="邮政")
    api.send_by_post(actor=clerk, delivery_id=delivery.id, carrier="邮政", tracking_no="E1")
    with pytest.raises(Invalid):
        api.confirm_post(actor=clerk, delivery_id=delivery.id, delivered=False)

    api.confirm_post(actor=clerk, delivery_id=delivery.id, delivered=False, reason="地址不详")
    api.send_by_post(actor=clerk, delivery_id=delivery.id, carrier="邮政", tracking_no="E2")

    assert api.confirm_post(actor=clerk, delivery_id=delivery.id, delivered=True).state == "done"


@pytest.mark.django_db
def test_who_has_not_collected_is_reminded(citizen: Actor) -> None:
    with time_machine.travel(hall_factories.MONDAY, tick=False):
        delivery = granted(chosen(citizen, api.DeliveryChoice(way="window")))
        api.put_at_place(actor=market(), delivery_id=delivery.id)
        assert api.remind_to_collect() == 0
    with time_machine.travel(hall_factories.MONDAY + dt.timedelta(days=6), tick=False):
        assert api.remind_to_collect() == 1
        assert api.remind_to_collect() == 0


@pytest.mark.django_db
def test_nothing_is_locked_while_a_carrier_is_asked_and_what_happened_meanwhile_counts(
    citizen: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    courier = SimulatedCourier()
    monkeypatch.setitem(carriers._items, "simulated", courier)
    delivery = granted(chosen(citizen, POST))
    accept, blocks = courier.accept, len(connection.atomic_blocks)

    def slow(parcel: Parcel) -> str:
        assert len(connection.atomic_blocks) == blocks, "no transaction is open"
        api.send_by_post(actor=market(), delivery_id=delivery.id, carrier="邮政", tracking_no="E1")
        return accept(parcel)

    monkeypatch.setattr(courier, "accept", slow)
    with pytest.raises(Conflict, match="不能这样登记"):
        api.send_by_post(actor=market(), delivery_id=delivery.id, carrier="simulated")

    delivery.refresh_from_db()
    assert (delivery.carrier, delivery.tracking_no, delivery.state) == ("邮政", "E1", "posted")


def two(citizen: Actor, choice: api.DeliveryChoice) -> list[Delivery]:
    """Deliveries to two applicants."""
    other = hall.people.citizen("李二", phone="13800000002")
    return [granted(chosen(one, choice)) for one in (citizen, other)]


@pytest.mark.django_db
def test_a_parcel_that_cannot_be_asked_about_keeps_no_other_waiting(
    citizen: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    courier = SimulatedCourier()
    monkeypatch.setitem(carriers._items, "simulated", courier)
    with time_machine.travel(hall_factories.MONDAY, tick=False):
        posted = [
            api.send_by_post(actor=market(), delivery_id=one.id, carrier="simulated") for one in two(citizen, POST)
        ]
    events = courier.events

    def broken(tracking_no: str, *, since: dt.datetime) -> object:
        if tracking_no == posted[0].tracking_no:
            raise ValueError("an answer nobody can read")
        return events(tracking_no, since=since)

    monkeypatch.setattr(courier, "events", broken)
    later = time_machine.travel(hall_factories.MONDAY + dt.timedelta(hours=25), tick=False)
    with later, pytest.raises(RuntimeError, match="1 of what was due failed"):
        api.poll_carriers()

    assert [Delivery.objects.get(pk=one.pk).state for one in posted] == ["posted", "done"]


@pytest.mark.django_db
def test_more_parcels_than_one_round_asks_about_have_their_turn(
    citizen: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    courier = SimulatedCourier()
    monkeypatch.setitem(carriers._items, "simulated", courier)
    monkeypatch.setattr(carrying, "_BATCH", 1)
    asked: list[str] = []

    def silent(tracking_no: str, *, since: dt.datetime) -> list[object]:
        asked.append(tracking_no)
        if len(asked) == 1:
            raise TimeoutError
        return []

    monkeypatch.setattr(courier, "events", silent)
    with time_machine.travel(hall_factories.MONDAY, tick=False) as clock:
        posted = {
            api.send_by_post(actor=market(), delivery_id=one.id, carrier="simulated").tracking_no
            for one in two(citizen, POST)
        }
        for _round in range(4):
            clock.shift(dt.timedelta(minutes=10))
            assert api.poll_carriers() == 0

    assert set(asked[:2]) == posted
    assert asked[2:] == asked[:2]


@pytest.mark.django_db
def test_one_who_cannot_be_reminded_to_collect_keeps_nobody_else_from_it(
    citizen: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with time_machine.travel(hall_factories.MONDAY, tick=False):
        waiting = two(citizen, api.DeliveryChoice(way="window"))
        for one in waiting:
            api.put_at_place(actor=market(), delivery_id=one.id)
    tell = delivering.tell_applicant

    def broken(row: Application, title: str, body: str) -> None:
        if row.pk == waiting[0].application_id:
            raise ValueError("no such person")
        tell(row, title, body)

    monkeypatch.setattr(delivering, "tell_applicant", broken)
    later = time_machine.travel(hall_factories.MONDAY + dt.timedelta(days=6), tick=False)
    with later, pytest.raises(RuntimeError, match="1 of what was due failed"):
        api.remind_to_collect()

    assert [Delivery.objects.get(pk=one.pk).reminders for one in waiting] == [0, 1]


@pytest.mark.django_db
def test_a_refusal_and_an_electronic_licence_need_no_delivery(citizen: Actor) -> None:
    refused = chosen(citizen, POST)
    electronic = chosen(hall.people.citizen("李二", phone="13800000002"), api.DeliveryChoice(way="electronic"))

    api.open_delivery(tenant=hall.TENANT, application_id=refused.id, granted=False)

    assert api.delivery_of(refused).state == "not_needed"
    assert granted(electronic).state == "not_needed"


@pytest.mark.django_db
@pytest.mark.parametrize("paper", [True, False])
def test_the_time_for_delivery_ends_when_the_applicant_has_his_paper(citizen: Actor, paper: bool) -> None:
    row = hall.submitted(citizen)
    if paper:
        api.choose_delivery(actor=citizen, application_id=row.id, choice=api.DeliveryChoice(way="window"))
    hall.act(row, "accept")
    _to_the_end(row)
    clock = _delivery_clock(row)

    assert clock.running is paper
    if paper:
        clerk = market()
        delivery = api.delivery_of(row)
        api.put_at_place(actor=clerk, delivery_id=delivery.id)
        assert _delivery_clock(row).running
        api.hand_out(actor=clerk, delivery_id=delivery.id, to=api.Collection(name="张一", proof="id_card"))
        assert not _delivery_clock(row).running


def _to_the_end(row: Application) -> None:
    """Review and decision, then the platform's own work."""
    for _step in range(4):
        case = cases.case_view(actor=system(hall.TENANT), case_id=row.case_id)
        if not case.open_items:
            break
        item = case.open_items[0]
        good = next(code for code, _label in item.outcomes if code in ("pass", "agree", "approve"))
        hall.act(row, good, role=item.role)
    do_all_work()
    row.refresh_from_db()
    assert row.status == "closed"


def _delivery_clock(row: Application) -> cases.ClockView:
    case = cases.case_view(actor=system(hall.TENANT), case_id=row.case_id)
    return next(clock for clock in case.clocks if clock.kind == "delivery")
