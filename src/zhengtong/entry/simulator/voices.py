"""What people say of how they were served, what the units answer, and complaints."""

import random
import uuid
from collections.abc import Iterator

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ratings import api as ratings
from zhengtong.entry.simulator import behaviour
from zhengtong.entry.simulator.stage import Does, Stage, Work
from zhengtong.kernel import clock
from zhengtong.kernel.actors import Actor, ObjectRef, anonymous
from zhengtong.systems.complaints import api as complaints
from zhengtong.systems.service_hall import api as hall

_WORDS = {
    "very_satisfied": ("一次就办好了。", "答复很快，一次也没有跑。", ""),
    "satisfied": ("办得顺利。", ""),
    "fairly_satisfied": ("基本可以，补正了一次。", ""),
    "dissatisfied": ("比承诺的时间晚。", "打电话问了两次才有答复。"),
    "very_dissatisfied": ("等得太久，没有人主动联系。",),
}
_SPOKEN = "已经电话联系评价人，了解了等候过程和不满意的原因，当面致歉。"
_MENDED = "已经调整窗口人员安排，并向评价人说明办理经过，以后到期前一天主动联系。"
_CONCERNS = {
    "consult": ("这件事还要多久能办好", "想问一问现在办到哪一步，还需要我补什么材料，什么时候能有结果。"),
    "complaint": ("窗口让我跑了两次", "第一次去窗口没有说清楚要带什么，第二次去又说要加一份材料，耽误了半天时间。"),
    "suggestion": ("建议在网上写明进度", "建议在办件页面写明下一步由谁办、大约什么时候办好，免得大家打电话问。"),
}
_ANSWERS = {
    "consult": ("explained", ()),
    "complaint": ("partly", ("rectify", "apology")),
    "suggestion": ("adopted", ()),
}
_FACTS = "调阅了办理记录，询问了当班人员，核对了告知书和通话记录。"
_REPLY = "经核实，所反映的情况已经弄清，我们已经向承办人员重申一次告知的要求，并安排专人跟进，感谢您的反映。"
#: share of the applicants who write a complaint, a question or a proposal
_WRITING = 0.05
#: days within which an answer of a kind is in time, less some
_USUAL_DAYS = {"consult": (0, 1), "complaint": (2, 9), "suggestion": (3, 9)}


class Voices:
    """Ratings with their follow-ups, and complaints with their answers."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def does(self) -> dict[str, Does]:
        """The acts by their names."""
        return {
            "rate": self.rate,
            "rate_for_him": self.rate_for_him,
            "contact": self.contact,
            "rectify": self.rectify,
            "rate_again": self.rate_again,
            "complain": self.complain,
            "take_complaint": self.take_complaint,
            "answer_complaint": self.answer_complaint,
            "approve_complaint": self.approve_complaint,
            "say_satisfied": self.say_satisfied,
        }

    def after_decision(self, row: hall.Application, life: str, *, granted: bool) -> Iterator[Work]:
        """Who rates, and how; where it is planted somebody of the unit does it for him."""
        fate, dice = self._stage.fate(life), self._stage.dice("rate", life)
        if fate == "rated_by_staff":
            yield Work(self._stage.later(hours=3), "rate_for_him", str(row.id))
            return
        if fate == "bad_rating_left":
            yield Work(self._stage.later(hours=5), "rate", f"{row.id}:very_dissatisfied")
            return
        said = behaviour.rating(clock.now(), dice, granted=granted)
        if said:
            yield Work(said[0], "rate", f"{row.id}:{said[1]}")

    def after_submission(self, row: hall.Application, life: str) -> Iterator[Work]:
        """Few write to the supervisors about it."""
        dice, late = self._stage.dice("complain", life), self._stage.fate(life) == "complaint_late"
        if late or (not self._stage.fate(life) and dice.random() < _WRITING):
            yield Work(self._stage.later(hours=dice.uniform(20, 100)), "complain", str(row.id))

    def rate_for_him(self, work: Work) -> Iterator[Work]:
        """Somebody of the unit rates on its evaluator in the applicant's place."""
        row = self._stage.application(work.key)
        if self.rate_on_device(row, "very_satisfied"):
            self._stage.plant("rated_by_staff", row.number)
        yield from ()

    def rate_on_device(self, row: hall.Application, grade: str) -> bool:
        """A rating of an application on the evaluator of its unit; False where the unit has none."""
        device = self._stage.town.device(row.org_id)
        if device is not None:
            ratings.give_rating(
                actor=anonymous(self._stage.tenant),
                ref=ObjectRef(kind="application", id=str(row.id)),
                service="close",
                answer=ratings.Answer(grade=grade),
                channel="tablet",
                device=device,
                bearer=True,
            )
        return device is not None

    def rate(self, work: Work) -> Iterator[Work]:
        """An applicant says how he was served; the unit has to answer a bad rating."""
        key, _colon, grade = work.key.partition(":")
        row, dice = self._stage.application(key), self._stage.dice("words", work.life)
        ratings.give_rating(
            actor=self._stage.town.applicant_of(row),
            ref=ObjectRef(kind="application", id=key),
            service="close",
            answer=ratings.Answer(grade=grade, text=dice.choice(_WORDS[grade])),
            channel="mobile",
        )
        if grade in behaviour.BAD_GRADES:
            days = 4 if self._stage.fate(work.life) == "bad_rating_left" else dice.choice((0, 0, 1))
            yield Work(self._stage.office_time(dice, days), "contact", key)

    def contact(self, work: Work) -> Iterator[Work]:
        """The unit calls the one who rated badly; late where that is planted."""
        row, dice = self._stage.application(work.key), self._stage.dice("contact", work.life)
        found = self._follow_up(row)
        if found is None:
            return
        official, follow_up = found
        if follow_up.contact_due_at <= clock.now():
            self._stage.plant("bad_rating_left", row.number)
        ratings.record_contact(actor=official, follow_up_id=follow_up.id, means="phone", reached=True, text=_SPOKEN)
        yield Work(self._stage.office_time(dice, dice.randrange(1, 3)), "rectify", work.key)

    def rectify(self, work: Work) -> Iterator[Work]:
        """The unit reports what it put right; some of those who rated do so once more."""
        row, dice = self._stage.application(work.key), self._stage.dice("rectify", work.life)
        found = self._follow_up(row)
        if found is None:
            return
        ratings.report_rectified(actor=found[0], follow_up_id=found[1].id, text=_MENDED)
        if dice.random() < 0.6:
            yield Work(self._stage.later(hours=dice.uniform(3, 90)), "rate_again", work.key)

    def rate_again(self, work: Work) -> Iterator[Work]:
        """The second rating, after it was put right."""
        row, dice = self._stage.application(work.key), self._stage.dice("again", work.life)
        grade = dice.choice(("satisfied", "satisfied", "fairly_satisfied"))
        ratings.give_rating(
            actor=self._stage.town.applicant_of(row),
            ref=ObjectRef(kind="application", id=work.key),
            service="close",
            answer=ratings.Answer(grade=grade),
            channel="mobile",
            turn="again",
        )
        yield from ()

    def _follow_up(self, row: hall.Application) -> "tuple[Actor, ratings.FollowUp] | None":
        official = self._stage.town.official(row.org_id, "clerk", "ratings")
        ref = ObjectRef(kind="application", id=str(row.id))
        found = ratings.open_about(actor=official, ref=ref) if official is not None else None
        return (official, found) if official is not None and found is not None else None

    def complain(self, work: Work) -> Iterator[Work]:
        """An applicant writes about his matter; some want to remain unknown to the unit, some to everybody."""
        row, dice = self._stage.application(work.key), self._stage.dice("write", work.life)
        late = self._stage.fate(work.life) == "complaint_late"
        kind = "consult" if late else dice.choices(("consult", "complaint", "suggestion"), (40, 45, 15))[0]
        protection = dice.choices(("signed", "confidential", "anonymous"), (55, 28, 17))[0]
        applicant = self._stage.town.applicant_of(row)
        token = f"item:{row.item_code}" if protection == "anonymous" else f"application:{row.id}"
        title, content = _CONCERNS[kind]
        receipt = complaints.submit(
            actor=applicant,
            subject=complaints.subject_of(applicant, token),
            words=complaints.Words(kind=kind, protection=protection, title=title, content=content),
        )
        yield Work(self._stage.office_time(dice, 0 if kind == "consult" else 1), "take_complaint", str(receipt.row.id))

    def take_complaint(self, work: Work) -> Iterator[Work]:
        """The supervisor's office takes it in and gives it to the unit, in words that do not tell who wrote."""
        dice = self._stage.dice("complaint", work.life)
        office, key = self._office(0), uuid.UUID(work.key)
        row = complaints.accept(actor=office, complaint_id=key)
        unit = row.accused_org_id and identity.heir_of(self._stage.tenant, row.accused_org_id)
        if not unit:
            return
        title, brief = complaints.proposed_brief(row)
        complaints.assign(actor=office, complaint_id=key, org_code=unit.code, title=title, brief=brief, checked=True)
        yield Work(
            self._stage.office_time(dice, self._answering(row.kind, work.life, dice)), "answer_complaint", work.key
        )

    def _answering(self, kind: str, life: str, dice: random.Random) -> int:
        return 6 if self._stage.fate(life) == "complaint_late" else dice.randint(*_USUAL_DAYS[kind])

    def answer_complaint(self, work: Work) -> Iterator[Work]:
        """The unit reports what it found and how it would answer."""
        row = complaints.desk_view(actor=self._office(0), complaint_id=uuid.UUID(work.key))
        official = self._stage.town.official(row.handler_id, "clerk", "complaints") if row.handler_id else None
        if official is None:
            return
        finding, measures = _ANSWERS[row.kind]
        complaints.submit_draft(
            actor=official,
            complaint_id=uuid.UUID(work.key),
            text=_REPLY,
            finding=finding,
            measures=measures,
            facts=_FACTS,
        )
        yield Work(self._stage.later(hours=1.5), "approve_complaint", work.key)

    def approve_complaint(self, work: Work) -> Iterator[Work]:
        """Another of the office approves the answer and it is told."""
        row = complaints.approve_answer(actor=self._office(1), complaint_id=uuid.UUID(work.key))
        if not row.in_time:
            self._stage.plant("complaint_late", row.number)
        if row.person_id is not None and self._stage.dice("satisfied", work.life).random() < 0.6:
            yield Work(self._stage.later(hours=20), "say_satisfied", f"{work.key}:{row.subject_id}")

    def say_satisfied(self, work: Work) -> Iterator[Work]:
        """Who wrote says what he thinks of the answer."""
        complaint, _colon, application = work.key.partition(":")
        applicant = self._stage.town.applicant_of(self._stage.application(application))
        said = self._stage.dice("satisfaction", work.life).choices(("satisfied", "fairly", "dissatisfied"), (6, 3, 1))[
            0
        ]
        complaints.satisfy(actor=applicant, complaint_id=uuid.UUID(complaint), satisfaction=said)
        yield from ()

    def _office(self, number: int) -> Actor:
        return self._stage.town.supervisors()[number]
