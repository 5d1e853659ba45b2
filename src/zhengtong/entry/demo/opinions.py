"""Consultations and surveys in every phase for the demonstration, in their own time."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import transaction

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.entry.demo.town import Town
from zhengtong.kernel import clock
from zhengtong.kernel.actors import Actor, anonymous
from zhengtong.kernel.clock import local_date
from zhengtong.systems.opinions import api as opinions

_DATA = Path(__file__).parent / "data" / "opinions.json"
#: (day of the deed, time, place in the file): the deeds are done in the order of time
_Deed = tuple[int, str, int, Callable[[], object]]


def load_opinions(boss: Actor) -> int:
    """All of them, where the county has asked nothing yet; returns how many were added."""
    with clock.present():
        town = Town(boss.tenant, local_date())
        data = json.loads(_DATA.read_text(encoding="utf-8"))
        # what closed lately was opened before: without a past there is nothing to tell
        if not ledger.may_simulate() or opinions.Topic.objects.filter(tenant=boss.tenant).exists():
            return 0
        deeds: list[_Deed] = []
        for place, row in enumerate(data["topics"]):
            deeds += _topic(town, row, place)
        for place, row in enumerate(data["polls"], start=len(data["topics"])):
            deeds += _poll(town, row, place)
        with transaction.atomic():
            for day, at, _place, do in sorted(deeds, key=lambda deed: (-deed[0], deed[1], deed[2])):
                with town.at(day, at):
                    do()
                    opinions.tick()
    return len(data["topics"]) + len(data["polls"])


def _topic(town: Town, row: dict[str, Any], place: int) -> list[_Deed]:
    """A consultation: written and signed on its day, opinions on theirs, judged and answered where the file says."""
    made: list[opinions.Topic] = []
    clerk, head = town.of_unit(row["unit"]), _head(town, row["unit"])

    def write() -> None:
        words = opinions.TopicWords(opens_on=local_date(), closes_on=town.day(row["until"]), **row["words"])
        made.append(opinions.write_topic(actor=clerk, words=words))
        if row.get("leave") != "draft":
            opinions.submit(actor=clerk, kind=opinions.Topic, key=made[0].pk)
        if not row.get("leave"):
            opinions.publish(actor=head, kind=opinions.Topic, key=made[0].pk)

    def give(said: dict[str, Any]) -> Callable[[], object]:
        writer = anonymous(town.tenant) if said.get("by") is None else town.writer(said["by"])
        words = {name: value for name, value in said.items() if name not in ("at", "by")}
        return lambda: opinions.give_opinion(actor=writer, topic_id=made[0].pk, words=opinions.CommentWords(**words))

    def judge() -> None:
        for said in row["replies"]:
            opinions.reply(actor=clerk, topic_id=made[0].pk, **said)

    def answer() -> None:
        opinions.write_feedback(actor=clerk, topic_id=made[0].pk, text=row["feedback"])
        opinions.publish_feedback(actor=head, topic_id=made[0].pk)

    deeds: list[_Deed] = [(row["day"], "09:10", place, write)]
    deeds += [(said["at"][0], said["at"][1], place, give(said)) for said in row.get("opinions", ())]
    if "judged" in row:
        deeds.append((row["judged"], "15:20", place, judge))
    if "answered" in row:
        deeds.append((row["answered"], "16:40", place, answer))
    if row["until"] > 0 and not row.get("leave"):
        # the clock of the town passes the last day
        deeds.append((row["until"] - 1, "00:05", place, lambda: None))
    return deeds


def _poll(town: Town, row: dict[str, Any], place: int) -> list[_Deed]:
    """A survey: written and signed on its day, then answered."""
    made: list[opinions.Poll] = []
    clerk, head = town.of_unit(row["unit"]), _head(town, row["unit"])

    def write() -> None:
        words = opinions.PollWords(opens_on=local_date(), closes_on=town.day(row["until"]), **row["words"])
        made.append(opinions.write_poll(actor=clerk, words=words))
        for question in row["questions"]:
            opinions.write_question(actor=clerk, poll_id=made[0].pk, words=opinions.QuestionWords(**question))
        if not row.get("leave"):
            opinions.submit(actor=clerk, kind=opinions.Poll, key=made[0].pk)
            opinions.publish(actor=head, kind=opinions.Poll, key=made[0].pk)

    def answer() -> None:
        for said in row["ballots"]:
            given = {f"q{no}": value if isinstance(value, list) else [value] for no, value in said.items()}
            opinions.vote(actor=anonymous(town.tenant), poll_id=made[0].pk, answers=given)
        for no, text in row.get("excerpts", ()):
            opinions.choose_excerpt(actor=clerk, poll_id=made[0].pk, no=no, text=text)

    deeds: list[_Deed] = [(row["day"], "10:20", place, write)]
    if "ballots" in row:
        deeds.append((row["day"] - 1, "11:00", place, answer))
    if row["until"] > 0 and not row.get("leave"):
        deeds.append((row["until"] - 1, "00:06", place, lambda: None))
    return deeds


def _head(town: Town, code: str) -> Actor:
    """Who leads a unit."""
    org = identity.organisation(town.tenant, code)
    found = identity.people_in(town.tenant, org.id, "leader")[0]
    return identity.actor_for(town.tenant, person_id=found.person_id, post_id=found.post_id)
