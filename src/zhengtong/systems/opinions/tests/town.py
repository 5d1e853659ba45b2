"""A county whose units ask the public: an officer, two who sign, people who answer."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.test import Client

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.kernel.actors import Actor, anonymous, system
from zhengtong.kernel.clock import local_date
from zhengtong.systems.opinions import api
from zhengtong.systems.opinions.models import Poll, Topic

MONDAY = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)  # 10:00 in Shanghai
TENANT = "980723"
UNIT = ("G21", "青禾县自然资源局")
OTHER = ("G22", "青禾县市场监督管理局")
OFFICE = ("A01", "青禾县人民政府办公室")
NAME, PHONE = "欧阳秋实", "13977001234"


def county() -> None:
    """Tenant and units, no decreed holidays."""
    identity.create_tenant(actor=system(people.tenant()), name="青禾县")
    for unit in (UNIT, OTHER, OFFICE):
        people.organisation(*unit)
    cases.forget_calendars()


def official(username: str, *roles: str, org: tuple[str, str] = UNIT) -> Actor:
    """An official of a unit."""
    return people.official(username, *roles, org_code=org[0], org_name=org[1])


def citizen() -> Actor:
    """A person with an account."""
    return people.citizen(NAME, number=people.citizen_number(711, born="19651203"), phone=PHONE)


def stranger() -> Actor:
    """Somebody who has not signed in."""
    return anonymous(TENANT)


def topic_words(**changes: Any) -> api.TopicWords:
    """A consultation about parking."""
    values: dict[str, Any] = {
        "title": "县城停车管理办法（征求意见稿）",
        "background": "县城停车位不足，拟对路内停车收费和夜间停车作出规定。",
        "basis": "《城市道路管理条例》第三十条",
        "contact": "用途管制科，0999-1234567",
        "questions": ("夜间停车是否免费？", "收费从几点到几点合适？"),
        "opens_on": local_date(),
    }
    return api.TopicWords(**{**values, **changes})


def drafted(clerk: Actor, **changes: Any) -> Topic:
    """A consultation that was written."""
    return api.write_topic(actor=clerk, words=topic_words(**changes))


def opened(clerk: Actor, head: Actor, **changes: Any) -> Topic:
    """One that was signed."""
    row = drafted(clerk, **changes)
    api.submit(actor=clerk, kind=Topic, key=row.pk)
    return api.publish(actor=head, kind=Topic, key=row.pk)


def given(row: Topic, actor: Actor | None = None, **changes: Any) -> api.CommentReceipt:
    """An opinion."""
    values: dict[str, Any] = {"content": "夜间应当免费停车，方便居民。", "answers": ("应当免费", "")}
    words = api.CommentWords(**{**values, **changes})
    return api.give_opinion(actor=actor or stranger(), topic_id=row.pk, words=words)


def surveyed(clerk: Actor, **changes: Any) -> Poll:
    """A survey with a question of each kind, not signed yet."""
    values: dict[str, Any] = {
        "title": "公交线路调整调查",
        "introduction": "为调整线路作参考，约需两分钟。",
        "opens_on": local_date(),
    }
    row = api.write_poll(actor=clerk, words=api.PollWords(**{**values, **changes}))
    for words in (
        api.QuestionWords(kind="single", words="您多久坐一次公交？", choices=("每天", "每周", "很少")),
        api.QuestionWords(kind="multiple", words="您希望增加哪些站点？", choices=("医院", "学校", "车站"), most=2),
        api.QuestionWords(kind="scale", words="您对现有线路满意吗？"),
        api.QuestionWords(kind="text", words="您还有什么建议？", required=False),
    ):
        api.write_question(actor=clerk, poll_id=row.pk, words=words)
    return row


def asking(clerk: Actor, head: Actor, **changes: Any) -> Poll:
    """A survey that was signed."""
    row = surveyed(clerk, **changes)
    api.submit(actor=clerk, kind=Poll, key=row.pk)
    return api.publish(actor=head, kind=Poll, key=row.pk)


def ballot(**changes: Any) -> dict[str, list[str]]:
    """Answers to that survey."""
    return {"q1": ["1"], "q2": ["1", "3"], "q3": ["4"], "q4": [], **changes}


def signed_in(actor: Actor) -> Client:
    """A browser in which somebody is signed in."""
    client: Client = people.sign_in(Client(), actor)
    return client


def text_of(response: HttpResponse) -> str:
    """What a page says."""
    return response.content.decode()
