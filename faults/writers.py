"""Applicants and officials who work over the web, and write down what was acknowledged to them."""

import hashlib
import io
import itertools
import random
import re
import threading
from collections import Counter

import pikepdf

from faults.acknowledged import Acknowledgement, Log
from faults.browser import Person, Refused, SignedOut, Stopped
from faults.records import ITEM
from zhengtong.entry.demo.answers import ANSWERS

APPLICANTS = ("13900000001", "13900000002", "13900000003")
OFFICIALS = ("clerk.market", "clerk.fire", "clerk.urban", "clerk.housing", "clerk.tobacco", "leader.market")
#: all that may be asked for with these answers: nothing is left to follow later
_PAPERS = ("premises_proof", "layout_plan", "signboard_picture", "rules_list")
_KNOWN = {"principal", "citizen_number", "phone"}
_DRAFT = re.compile(r"/services/drafts/([0-9a-f-]{36})/")
_TASK = re.compile(r"(?:open=|/desk/(?:tasks|decisions)/)([0-9a-f-]{36})")
_GOOD = ("accept", "pass", "agree", "approve")
_FIRST_TASKS = 6


class Writer:
    """A thread in which one person works until the end of the run."""

    def __init__(self, person: Person, log: Log, seed: int) -> None:
        self.person, self.log, self.dice = person, log, random.Random(f"{seed}:{person.name}")
        self.done: Counter[str] = Counter()
        self.refusals: Counter[str] = Counter()
        self.signed_in = threading.Event()
        self.thread = threading.Thread(target=self._live, name=person.name, daemon=True)

    def turn(self) -> None:
        """One round of work."""
        raise NotImplementedError

    def _live(self) -> None:
        while not self.person.stop.is_set():
            try:
                if not self.signed_in.is_set():
                    self.person.sign_in()
                    self.signed_in.set()
                self.turn()
            except SignedOut:
                self.signed_in.clear()
            except Refused as refusal:
                self.refusals[str(refusal)] += 1
                self.person.stop.wait(1.0)
            except Stopped:
                return

    def acknowledged(self, act: str, key: str, detail: str = "", command: str = "") -> None:
        """Write down what the town said yes to."""
        self.log.note(Acknowledgement(act, key, detail, command))
        self.done[act] += 1


class Applicant(Writer):
    """Applies for a restaurant, again and again: draft, answers, papers, submission."""

    def __init__(self, person: Person, log: Log, seed: int) -> None:
        super().__init__(person, log, seed)
        self._numbers = itertools.count(1)

    def turn(self) -> None:
        """One application."""
        number = next(self._numbers)
        apply = f"/services/apply/{ITEM}/"
        self.person.get(apply)
        found = _DRAFT.search(self.person.post(apply, {"renews": "first"}))
        if found is None:
            raise Refused("no draft was begun")
        key = found.group(1)
        answers = {name: text for name, text in ANSWERS["restaurant"].items() if name not in _KNOWN}
        self.person.post(f"/services/drafts/{key}/save/", json=answers | {"shop_name": f"河畔小馆{number}"})
        for material in _PAPERS:
            content = _paper(f"{self.person.name} {number} {material} {self.dice.random()}")
            self.person.post(
                f"/services/applications/{key}/materials/{material}/",
                files={"file": (f"{material}.pdf", content, "application/pdf")},
            )
            self.acknowledged("upload", key, f"{material}:{hashlib.sha256(content).hexdigest()}")
        review = f"/services/drafts/{key}/review/"
        self.person.get(review)
        mail = f"reader{self.person.name[-1]}@example.cn"
        if "/receipt/" not in self.person.post(review, {"notice_email": mail, "consent": "on"}):
            raise Refused("the review leads to no receipt")
        self.acknowledged("submit", key)


class Official(Writer):
    """Takes what stands first on the desk and finds for it."""

    def turn(self) -> None:
        """One task, or a look at an empty desk."""
        page = self.person.get("/services/desk/")
        links = [element.get("href", "") for element in page.cssselect("main a")]
        tasks = list(dict.fromkeys(found.group(1) for link in links if (found := _TASK.search(link))))
        if not tasks:
            self.person.stop.wait(1.0)
            return
        key = self.dice.choice(tasks[:_FIRST_TASKS])
        page = self.person.get(f"/services/desk/tasks/{key}/")
        form = page.cssselect("form#act-form")
        offered = [element.get("value") for element in page.cssselect("[name=outcome]:not([disabled])")]
        outcome = next((one for one in _GOOD if one in offered), "")
        if not form or not outcome:
            self.person.stop.wait(0.3)
            return
        command = form[0].fields["command_key"]
        words = f"材料齐全，经审查符合要求。（{self.dice.randrange(10**6)}）"
        self.person.post(form[0].action, {"command_key": command, "outcome": outcome, "opinion": words, "back": ""})
        self.acknowledged("step", key, outcome, command)


def _paper(words: str) -> bytes:
    """A page of PDF that is no other's."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        pdf.docinfo["/Title"] = words
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()
