"""What pages of sites show of consultations and surveys: each unit its own, the county's site all, no token."""

import datetime as dt

import pytest

from zhengtong.kernel.pages import PageAsk, page_modules
from zhengtong.systems.opinions import api
from zhengtong.systems.opinions.tests import town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
DAY = dt.timedelta(days=1)


def shown(name, org_code="G21", **more):
    return page_modules.get(f"opinions.{name}").show(PageAsk(tenant=town.TENANT, org_code=org_code, **more))


def test_open_ones_are_listed_for_their_unit_and_the_county_until_they_close(clerk, head, clock):
    row = town.opened(clerk, head)
    town.drafted(clerk, title="还没有签发的征集")

    assert [one.title for one in shown("open").lines] == [row.title]
    assert [one.title for one in shown("open", "").lines] == [row.title]
    assert shown("open", "G22").lines == []
    other = PageAsk(tenant="350000", org_code="")
    assert page_modules.get("opinions.open").show(other).lines == []
    clock.shift(31 * DAY)
    assert shown("open").lines == []


def test_feedback_is_listed_with_its_figures(clerk, head, clock):
    row = town.opened(clerk, head)
    town.given(row)
    clock.shift(31 * DAY)
    api.tick()
    api.reply(actor=clerk, topic_id=row.pk, comments=[1], verdict="adopted", gist="建议夜间免费停车")
    api.write_feedback(actor=clerk, topic_id=row.pk, text="共收到意见一条，已经采纳。")
    assert shown("answered").lines == []
    api.publish_feedback(actor=head, topic_id=row.pk)

    assert [one.summary for one in shown("answered").lines] == ["收到意见 1 条，采纳和部分采纳 1 条"]
    assert shown("answered", "G22").lines == []


def test_a_survey_stands_on_the_page_of_its_unit_and_leads_to_its_own(clerk, head):
    row = town.asking(clerk, head)

    page = shown("poll", layout="whole", part="7").html

    assert f'action="/opinions/polls/{row.pk}/fill/"' in page
    assert 'id="poll7_q1' in page
    assert "csrf" not in page
    assert shown("poll", layout="first").html.count("<fieldset") == 1
    assert shown("poll", "G22", layout="whole").html == ""
    assert shown("poll", "G22", layout="whole", chosen=row.number).html == ""
    assert shown("poll", "", layout="whole", chosen=row.number).html


def test_results_stand_on_the_page_when_everybody_may_see_them(clerk, head, clock):
    row = town.asking(clerk, head, shown="voted")
    api.vote(actor=town.stranger(), poll_id=row.pk, answers=town.ballot(q4=["只给单位看的话"]))
    assert shown("results", layout="bars", chosen=row.number).html == ""
    clock.shift(40 * DAY)
    page = shown("results", layout="bars").html

    assert "每天" in page
    assert "1 份答卷" in page
    assert "只给单位看的话" not in page
    assert "<table" in shown("results", layout="table").html


@pytest.mark.parametrize("name", ["open", "answered", "poll", "results"])
def test_the_gallery_has_a_sample_without_anything_there(name):
    ask = PageAsk(tenant=town.TENANT, org_code="G21", layout="whole" if name == "poll" else "bars")
    found = page_modules.get(f"opinions.{name}").sample(ask)

    assert found.lines or found.html
