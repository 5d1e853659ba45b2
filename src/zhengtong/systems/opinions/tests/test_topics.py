"""A consultation from draft to feedback: four eyes, the clock, opinions that are not lost, figures that are frozen."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from zhengtong.capabilities.ledger.models import Entry
from zhengtong.capabilities.notify.models import SiteMessage
from zhengtong.capabilities.search.models import SearchEntry
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.models import OutboxEvent, ParameterValue
from zhengtong.systems.opinions import api
from zhengtong.systems.opinions.constants import State
from zhengtong.systems.opinions.models import Comment, Topic
from zhengtong.systems.opinions.selectors.clocks import lamp_of
from zhengtong.systems.opinions.selectors.comments import comments, figures, replies
from zhengtong.systems.opinions.tests import town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
DAY = dt.timedelta(days=1)


def told(name: str) -> list[dict[str, object]]:
    return [dict(row.data) for row in OutboxEvent.objects.filter(name=name).order_by("id")]


def closed(clerk, head, clock):
    """One whose thirty days have passed."""
    row = town.opened(clerk, head)
    town.given(row, name=town.NAME, phone=town.PHONE)
    town.given(row)
    clock.shift(31 * DAY)
    api.tick()
    row.refresh_from_db()
    return row


def test_the_period_of_the_parameter_counts_and_the_writer_cannot_sign(clerk, head):
    writer = town.official("both", "clerk", "leader")
    row = town.drafted(writer)
    assert (row.closes_on - row.opens_on).days == 29
    api.submit(actor=writer, kind=Topic, key=row.pk)

    with pytest.raises(NotPermitted):
        api.publish(actor=writer, kind=Topic, key=row.pk)
    with pytest.raises(NotPermitted):
        api.publish(actor=clerk, kind=Topic, key=row.pk)
    row.refresh_from_db()
    assert row.state == State.SUBMITTED
    signed = api.publish(actor=head, kind=Topic, key=row.pk)

    assert (signed.state, signed.opened) == (State.PUBLISHED, True)
    assert SearchEntry.objects.get().url == f"/opinions/topics/{row.pk}/"
    assert [one["step"] for one in told("opinions.topic_moved.v1")] == ["published", "opened"]
    assert Entry.objects.filter(act="opinions.publish").count() == 1


def test_the_database_wants_two_persons(clerk, head):
    row = town.opened(clerk, head)

    with pytest.raises(IntegrityError), transaction.atomic():
        Topic.objects.filter(pk=row.pk).update(published_by_id=row.written_by_id)


def test_another_unit_sees_and_signs_nothing(clerk, head, office):
    row = town.drafted(clerk)
    other = town.official("other", "leader", org=town.OTHER)

    with pytest.raises(NotFound):
        api.submit(actor=other, kind=Topic, key=row.pk)
    with pytest.raises(NotPermitted):
        api.submit(actor=office, kind=Topic, key=row.pk)


def test_it_opens_and_closes_by_the_clock_and_the_limit_runs(clerk, head, clock):
    row = town.opened(clerk, head, opens_on=dt.date(2026, 11, 12), closes_on=dt.date(2026, 11, 13))
    with pytest.raises(Conflict):
        town.given(row)
    clock.shift(3 * DAY)
    # the tick is late: opinions are taken by the hour, not by it
    town.given(row)
    assert api.tick() == 1
    clock.shift(2 * DAY)
    with pytest.raises(Conflict, match="截止"):
        town.given(row)
    assert api.tick() == 1
    row.refresh_from_db()

    assert (row.closed, row.due_on) == (True, dt.date(2026, 12, 4))
    assert lamp_of(row) == "green"
    assert [one["step"] for one in told("opinions.topic_moved.v1")] == ["published", "opened", "closed"]
    assert told("opinions.topic_moved.v1")[-1]["opinions"] == 1


def test_late_feedback_lights_lamps_once_and_tells_supervision(clerk, head, clock):
    row = closed(clerk, head, clock)
    clock.shift(16 * DAY)
    assert api.tick() == 1
    assert api.tick() == 0
    clock.shift(10 * DAY)
    assert api.tick() == 1
    assert api.tick() == 0
    row.refresh_from_db()

    assert (row.level, lamp_of(row)) == ("red", "red")
    assert [one["level"] for one in told("opinions.feedback_due.v1")] == ["yellow", "red"]
    assert "工作日" in str(told("opinions.feedback_due.v1")[0]["arithmetic"])
    assert api.late(head) == 1
    assert SiteMessage.objects.filter(title__contains="超期").exists()


def test_a_longer_limit_puts_the_lamp_out(clerk, head, clock):
    row = closed(clerk, head, clock)
    clock.shift(30 * DAY)
    api.tick()
    row.refresh_from_db()
    assert row.level in ("yellow", "red")
    ParameterValue.objects.create(
        tenant=town.TENANT, key="opinions.feedback_limit", value="200 WD", source="试", valid_from=dt.date(2026, 1, 1)
    )
    clock.shift(DAY)
    api.tick()
    row.refresh_from_db()

    assert (row.level, lamp_of(row)) == ("", "green")


def test_a_draft_signed_late_stays_open_as_long(clerk, head, clock):
    row = town.drafted(clerk)
    api.submit(actor=clerk, kind=Topic, key=row.pk)
    clock.shift(5 * DAY)

    signed = api.publish(actor=head, kind=Topic, key=row.pk)

    assert (signed.opens_on, signed.closes_on) == (dt.date(2026, 11, 14), dt.date(2026, 12, 13))


def test_extended_and_withdrawn_with_a_reason_by_who_signs(clerk, head):
    row = town.opened(clerk, head)
    with pytest.raises(Invalid):
        api.extend(actor=head, kind=Topic, key=row.pk, closes_on=row.closes_on, reason="再多听听意见")
    with pytest.raises(NotPermitted):
        api.extend(actor=clerk, kind=Topic, key=row.pk, closes_on=row.closes_on + DAY, reason="再多听听意见")
    longer = api.extend(actor=head, kind=Topic, key=row.pk, closes_on=row.closes_on + DAY, reason="再多听听意见")
    assert longer.closes_on == row.closes_on + DAY
    with pytest.raises(Invalid):
        api.withdraw(actor=head, kind=Topic, key=row.pk, reason="错")
    town.given(row)
    gone = api.withdraw(actor=head, kind=Topic, key=row.pk, reason="草案依据的条例已经修订。")

    assert gone.state == State.WITHDRAWN
    assert Comment.objects.count() == 1
    assert not SearchEntry.objects.exists()
    with pytest.raises(Conflict):
        town.given(row)


def test_an_opinion_is_encrypted_masked_and_found_by_its_receipt_only(clerk, head):
    row = town.opened(clerk, head)
    made = town.given(row, name=town.NAME, phone=town.PHONE)
    with connection.cursor() as cursor:
        cursor.execute("select name, phone, content, answers, receipt_digest from opinions_comment")
        kept = " ".join(map(str, cursor.fetchone()))

    assert not any(word in kept for word in (town.NAME, town.PHONE, "夜间", "免费", made.receipt))
    view = comments(row, which="waiting", page=1).rows[0]
    assert (view.who, view.phone) == ("欧***", "139****1234")
    assert view.answers == (("夜间停车是否免费？", "应当免费"),)
    assert api.find_by_receipt(tenant=town.TENANT, receipt=f" {made.receipt.lower()} ").pk == made.comment.pk
    with pytest.raises(NotFound):
        api.find_by_receipt(tenant=town.TENANT, receipt="AAAAAAAAAAAA")
    entry = Entry.objects.get(act="opinions.comment")
    assert "夜间" not in str(entry.__dict__)


def test_an_official_speaks_as_anybody_and_a_citizen_keeps_his_account(clerk, head):
    row = town.opened(clerk, head)

    assert town.given(row, clerk).comment.person_id is None
    assert town.given(row, town.citizen()).comment.person_id is not None


def test_signed_in_only_is_held(clerk, head):
    row = town.opened(clerk, head, signed_in_only=True)

    with pytest.raises(NotPermitted):
        town.given(row)
    with pytest.raises(NotPermitted):
        town.given(row, clerk)
    assert town.given(row, town.citizen()).comment.no == 1


@pytest.mark.parametrize("changes", [{"content": "短", "answers": ()}, {"content": "", "answers": ("", "")}])
def test_too_little_is_refused(clerk, head, changes):
    row = town.opened(clerk, head)

    with pytest.raises(Invalid) as refusal:
        town.given(row, **changes)
    assert list(refusal.value.errors) == ["content"]
    assert not Comment.objects.exists()


def test_alike_opinions_get_one_reply_which_names_nobody(clerk, head):
    row = town.opened(clerk, head)
    for changes in ({"name": town.NAME}, {}, {"content": "收费时段应当缩短一些。"}):
        town.given(row, **changes)
    said = {"actor": clerk, "topic_id": row.pk, "comments": [1, 2], "verdict": "partly"}
    with pytest.raises(Invalid) as refusal:
        api.reply(**said, gist="建议夜间免费停车", reason="")
    assert list(refusal.value.errors) == ["reason"]
    with pytest.raises(Invalid) as refusal:
        api.reply(**said, gist="欧阳秋实建议夜间免费", reason="只对居民免费")
    assert list(refusal.value.errors) == ["gist"]
    made = api.reply(**said, gist="建议夜间免费停车", reason="对居民免费，对车队收费。")
    with pytest.raises(Conflict):
        api.reply(**{**said, "comments": [2, 3]}, gist="建议夜间免费停车", reason="对居民免费，对车队收费。")

    assert [(one.count, one.verdict) for one in replies(row)] == [(2, "partly")]
    assert figures(row).open == 1
    api.undo_reply(actor=clerk, topic_id=row.pk, no=made.no)
    assert figures(row).open == 3


def test_feedback_waits_for_every_opinion_and_a_second_person_then_is_frozen(clerk, head, clock):
    row = town.opened(clerk, head)
    person = town.citizen()
    town.given(row, person)
    town.given(row)
    with pytest.raises(Conflict):
        api.write_feedback(actor=clerk, topic_id=row.pk, text="共收到意见两条，均已研究。")
    clock.shift(31 * DAY)
    api.tick()
    second = town.official("second", "leader")
    api.write_feedback(actor=head, topic_id=row.pk, text="共收到意见两条，均已研究。")
    with pytest.raises(Conflict, match="2 条"):
        api.publish_feedback(actor=second, topic_id=row.pk)
    api.reply(actor=clerk, topic_id=row.pk, comments=[1, 2], verdict="adopted", gist="建议夜间免费停车")
    with pytest.raises(NotPermitted):
        api.publish_feedback(actor=head, topic_id=row.pk)
    done = api.publish_feedback(actor=second, topic_id=row.pk)

    assert (done.state, done.in_time, done.figures["adopted"]) == (State.ANSWERED, True, 2)
    assert told("opinions.topic_moved.v1")[-1]["in_time"] is True
    assert SiteMessage.objects.filter(person_id=person.person_id, title="意见采纳情况已公布").count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Topic.objects.filter(pk=row.pk).update(feedback="改一改")
    with pytest.raises(Conflict):
        api.undo_reply(actor=clerk, topic_id=row.pk, no=1)


def test_who_gave_an_opinion_is_read_with_a_purpose_and_an_entry(clerk, head):
    row = town.opened(clerk, head)
    made = town.given(row, town.citizen(), name=town.NAME, phone=town.PHONE)
    with pytest.raises(Invalid):
        api.read_contact(actor=clerk, topic_id=row.pk, no=1, purpose="看看")
    assert not Entry.objects.filter(act="opinions.read_contact").exists()
    found = api.read_contact(actor=clerk, topic_id=row.pk, no=1, purpose="请提出人来座谈")

    assert (found.name, found.phone) == (town.NAME, town.PHONE)
    entry = Entry.objects.get(act="opinions.read_contact", object_kind="opinions_comment")
    assert entry.object_id == str(made.comment.pk)


def test_lines_of_the_time_line_and_opinions_stay(clerk, head):
    row = town.opened(clerk, head)
    town.given(row)

    with pytest.raises(IntegrityError), transaction.atomic():
        row.acts.update(text="别的")
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.all().delete()
