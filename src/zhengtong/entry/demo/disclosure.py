"""Requests for information in every state, a catalogue and guides for the demonstration, in their own time."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import transaction

from zhengtong.capabilities.identity import api as identity
from zhengtong.entry.demo.town import ACCOUNTS, Town
from zhengtong.kernel import clock
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date
from zhengtong.systems.disclosure import api as disclosure

_DATA = Path(__file__).parent / "data" / "disclosure.json"
_COUNTER = "hall.window"
#: the unit that has begun its report of the year
_REPORTS = "G22"
_STRANGER = {"name": "赵四", "identity_number": "980723198801010033", "phone": "13900000009"}
#: (day of the deed, time, place in the file): the deeds are done in the order of time
_Deed = tuple[int, str, int, Callable[[], object]]


def load_disclosure(boss: Actor) -> int:
    """All of it, where the county has no request yet; returns how many requests were added."""
    with clock.present():
        town = Town(boss.tenant, local_date())
        data = json.loads(_DATA.read_text(encoding="utf-8"))
        if disclosure.has_requests(boss.tenant):
            return 0
        disclosure.open_year(actor=boss, year=local_date().year)
        deeds: list[_Deed] = []
        for place, row in enumerate(data["requests"]):
            deeds += _asked(town, row, place)
        for place, row in enumerate(data["entries"]):
            deeds += _listed(town, row, len(data["requests"]) + place)
        with transaction.atomic():
            for row in data["guides"]:
                words = {name: value for name, value in row.items() if name != "unit"}
                disclosure.publish_guide(actor=_head(town, row["unit"]), words=words)
            for day, at, _place, do in sorted(deeds, key=lambda deed: (-deed[0], deed[1], deed[2])):
                with town.at(day, at):
                    do()
            report = disclosure.begin_report(actor=town.of_unit(_REPORTS), year=local_date().year, county=False)
            disclosure.write_report(
                actor=town.of_unit(_REPORTS), report_id=report.id, words=disclosure.ReportWords(**data["report"])
            )
    return len(data["requests"])


def _asked(town: Town, row: dict[str, Any], place: int) -> list[_Deed]:
    """A request and what was done with it."""
    made: list[disclosure.Receipt] = []
    day, at = row["at"]

    def submit() -> None:
        words = disclosure.Words(org_code=row["unit"], applicant_kind="person", **_who(row), **row["words"])
        if row["by"] in (*ACCOUNTS, "stranger"):
            made.append(disclosure.submit(actor=town.writer(row["by"]), words=words))
            return
        actor = town.named(_COUNTER)
        receipt = disclosure.take_in(actor=actor, words=words, channel=row["by"], arrived_on=local_date())
        made.append(receipt)

    def step(act: str, said: dict[str, Any]) -> Callable[[], object]:
        return lambda: _do(town, row["unit"], made[0], act, said)

    steps = [(step_day, time, place, step(act, *said or ({},))) for step_day, time, act, *said in row["steps"]]
    return [(day, at, place, submit), *steps]


def _who(row: dict[str, Any]) -> dict[str, Any]:
    return {} if row["by"] in ACCOUNTS else _STRANGER


def _do(town: Town, unit: str, receipt: disclosure.Receipt, act: str, said: dict[str, Any]) -> object:
    clerk, head, key = town.of_unit(unit), _head(town, unit), receipt.row.id
    if act == "draft":
        return disclosure.draft_answer(actor=clerk, request_id=key, answer=disclosure.Answer(**said))
    if act == "reply":
        asked = receipt.row.consultations.get(opinion="")
        return disclosure.reply(actor=clerk, consultation_id=asked.id, **said)
    if act == "confirm":
        return disclosure.confirm(actor=clerk, request_id=key, confirmed_on=local_date())
    if act == "remedy":
        return disclosure.enter_remedy(actor=clerk, request_id=key, lodged_on=local_date(), **said)
    if act in _HEAD:
        return _HEAD[act](actor=head, request_id=key, **said)
    return _CLERK[act](actor=clerk, request_id=key, **said)


_HEAD: dict[str, Callable[..., object]] = {"approve": disclosure.approve_answer, "time": disclosure.decide_time}
_CLERK: dict[str, Callable[..., object]] = {
    "correct": disclosure.ask_correction,
    "consult": disclosure.consult,
    "ask_time": disclosure.ask_time,
    "fee": disclosure.charge,
    "split": disclosure.split,
}


def _listed(town: Town, row: dict[str, Any], place: int) -> list[_Deed]:
    """An entry of the catalogue: written on its day, opened five working days later unless it is left before."""
    day, leave = row["days"], row.get("leave", "")
    names = ("category", "title", "summary", "document_number", "subject", "kind")
    given = {name: row[name] for name in names if name in row}

    def write() -> None:
        words = disclosure.EntryWords(address=row.get("address", "/gov/"), made_on=local_date(), **given)
        head = _head(town, row["unit"])
        made = disclosure.write_entry(actor=town.of_unit(row["unit"]), words=words)
        if leave != "draft":
            disclosure.review_entry(actor=head, entry_id=made.id, result="open", note="")
        if not leave:
            disclosure.publish_entry(actor=head, entry_id=made.id)
        if "end" in row:
            disclosure.end_entry(actor=head, entry_id=made.id, validity=row["end"], ended_on=local_date())

    return [(day, "10:30", place, write)]


def _head(town: Town, code: str) -> Actor:
    """Who leads a unit."""
    org = identity.organisation(town.tenant, code)
    found = identity.people_in(town.tenant, org.id, "leader")[0]
    return identity.actor_for(town.tenant, person_id=found.person_id, post_id=found.post_id)
