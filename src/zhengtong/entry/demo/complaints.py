"""A fixed handful of complaints of the demonstration, in every state, as they came in over the last two months."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import transaction

from zhengtong.capabilities.identity import api as identity
from zhengtong.entry.demo.town import ACCOUNTS, UNIT_ROLES, Town
from zhengtong.kernel import clock
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date
from zhengtong.systems.complaints import api as complaints

_DATA = Path(__file__).parent / "data" / "complaints.json"
_OFFICE, _COUNTER = "supervisor", "hall.window"
#: how every number of a complaint begins
_NUMBERS = "TS"
_Act = Callable[..., object]
_WRITERS: dict[str, _Act] = {
    "satisfy": complaints.satisfy,
    "ask_review": complaints.ask_review,
    "withdraw": complaints.withdraw,
}
_UNITS: dict[str, _Act] = {"draft": complaints.submit_draft, "ask_time": complaints.ask_time}
_OFFICES: dict[str, _Act] = {
    "accept": complaints.accept,
    "reject": complaints.reject,
    "transfer": complaints.transfer,
    "merge": complaints.merge,
    "assign": complaints.assign,
    "self": complaints.handle_by_office,
    "read_identity": complaints.read_identity,
    "return": complaints.return_draft,
    "answer": complaints.approve_answer,
    "time": complaints.decide_time,
    "suspend": complaints.suspend,
    "uphold": complaints.uphold,
    "publish": complaints.publish_answer,
}


def load_complaints(boss: Actor) -> int:
    """All of them with their acts, where the county has no complaint yet; returns how many were added.

    Where the ledger may hold simulated entries each act has its own working day, else all of them happen now.
    """
    with clock.present():
        town = Town(boss.tenant, local_date())
        if complaints.queue(actor=town.named(_OFFICE), text=_NUMBERS).total:
            return 0
        told = [_Told(row) for row in json.loads(_DATA.read_text(encoding="utf-8"))]
        # in the order of time, as the ledger would have come about
        deeds = [(tuple(one.row["at"]), place, -1) for place, one in enumerate(told)]
        deeds += [
            ((day, at), place, no) for place, one in enumerate(told) for no, (day, at, *_) in enumerate(one.steps)
        ]
        with transaction.atomic():
            for (day, at), place, no in sorted(deeds, key=lambda deed: (-deed[0][0], deed[0][1], deed[2])):
                with town.at(day, at):
                    _submit(town, told[place]) if no < 0 else _do(town, told, place, no)
    return len(told)


class _Told:
    """One row of the file, and what became of it."""

    def __init__(self, row: dict[str, Any]) -> None:
        self.row, self.steps = row, row["steps"]
        self.receipt: complaints.Receipt | None = None
        self.unit = ""

    @property
    def taken(self) -> complaints.Receipt:
        """The receipt of what has come in."""
        assert self.receipt is not None, "steps come after the complaint itself"
        return self.receipt

    @property
    def by_account(self) -> bool:
        """Whether somebody wrote it who was signed in."""
        return self.row["by"] in ACCOUNTS


def _submit(town: Town, one: _Told) -> None:
    row = one.row
    happened = town.day(row["happened"]) if "happened" in row else None
    words = complaints.Words(happened_on=happened, **row["words"])
    if row["by"] in ("counter", "phone", "letter"):
        actor = town.named(_COUNTER)
        more = {"channel": row["by"], "received_at": clock.now(), "note": row["note"]}
        one.receipt = complaints.take_in(actor=actor, subject=_subject(actor, row), words=words, **more)
    else:
        actor = town.writer(row["by"])
        one.receipt = complaints.submit(actor=actor, subject=_subject(actor, row), words=words)


def _subject(actor: Actor, row: dict[str, Any]) -> complaints.Subject:
    chosen = ""
    if "post" in row:
        org = identity.organisation(actor.tenant, row["about"].partition(":")[2])
        people = [one for role in UNIT_ROLES for one in identity.people_in(actor.tenant, org.id, role)]
        chosen = next(str(one.post_id) for one in people if one.post_name == row["post"])
    return complaints.subject_of(actor, row["about"], post=chosen, post_words=row.get("post_words", ""))


def _do(town: Town, told: list[_Told], place: int, no: int) -> None:
    """One act; ``into`` names the complaint by its place in the file."""
    one = told[place]
    act = one.steps[no][2]
    said = dict(one.steps[no][3]) if len(one.steps[no]) > 3 else {}
    key = one.taken.row.id
    if act in _WRITERS:
        actor = town.writer(one.row["by"])
        _WRITERS[act](actor=actor, complaint_id=key, bearer=not one.by_account, **said)
    elif act in _UNITS:
        actor = town.of_unit(one.unit) if one.unit else town.named(_OFFICE)
        _UNITS[act](actor=actor, complaint_id=key, **said)
    else:
        actor = town.named(said.pop("who", _OFFICE))
        if act == "assign":
            one.unit = said.pop("org")
            title, brief = complaints.proposed_brief(one.taken.row)
            said |= {"org_code": one.unit, "title": title, "brief": brief, "checked": True}
        elif act == "merge":
            said["into"] = told[said["into"]].taken.row.number
        _OFFICES[act](actor=actor, complaint_id=key, **said)
