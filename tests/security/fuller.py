"""What else a county has beside cases and papers, made through the services: every kind of thing an address names."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tests.tenants.county import ITEM, County
from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.cases.services import calendar as cases_calendar
from zhengtong.capabilities.cases.services import drafts, routing, trials
from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.catalogue.services import importing_lists
from zhengtong.capabilities.catalogue.tests import sheets
from zhengtong.capabilities.forms import api as forms
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity import services as identities
from zhengtong.capabilities.identity.models import Person
from zhengtong.capabilities.identity.services import agreements, guards, relying_parties
from zhengtong.capabilities.identity.services.requests import request_role
from zhengtong.capabilities.identity.tests import factories
from zhengtong.capabilities.ledger.services import register_witness
from zhengtong.capabilities.notify.tests import posts
from zhengtong.capabilities.payments import api as payments
from zhengtong.capabilities.payments.models import FeeOrder
from zhengtong.capabilities.payments.tests import factories as paying
from zhengtong.capabilities.ratings.api import register_device
from zhengtong.capabilities.ratings.tests import matters
from zhengtong.capabilities.trust import services as trusting
from zhengtong.capabilities.trust.tests import persons
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.signing import software
from zhengtong.kernel.testing.work import do_all_work
from zhengtong.systems.complaints import api as complaint_api
from zhengtong.systems.complaints.tests import county as complaining
from zhengtong.systems.disclosure import api as disclosure_api
from zhengtong.systems.disclosure.tests import county as disclosing
from zhengtong.systems.inspections.models import Visit
from zhengtong.systems.inspections.tests import county as inspecting
from zhengtong.systems.opinions import api as opinions_api
from zhengtong.systems.opinions.tests import town as asking
from zhengtong.systems.service_centre import services as centre
from zhengtong.systems.service_centre.services import places, roster
from zhengtong.systems.service_centre.tests import hall as centres
from zhengtong.systems.service_hall import api as hall
from zhengtong.systems.service_hall.rules import Words
from zhengtong.systems.service_hall.services import delivering, phrases, reporting, special_steps
from zhengtong.systems.service_hall.tests import counter_factories as counters
from zhengtong.systems.service_hall.tests import factories as halls
from zhengtong.systems.supervision import services as supervising
from zhengtong.systems.supervision.models import Card, RuleVersion
from zhengtong.systems.supervision.selectors import Choice
from zhengtong.systems.supervision.services import drafting, reports, score_formulas, score_targets, scores, trying
from zhengtong.systems.supervision.tests import scored_county


class Town(inspecting.Town):
    """Whoever is drawn inspects, also of those the county had before."""

    def inspectors(self, visit: Visit) -> list[Actor]:
        drawn = visit.inspectors.filter(recused_at=None).order_by("created_at")
        return [identity.actor_for(visit.tenant, person_id=one.person_id) for one in drawn]


SECTIONS: list[Callable[["Fuller"], None]] = []


@dataclasses.dataclass
class Fuller:
    """The county that is filled, with people for what its own do not do."""

    county: County

    @property
    def boss(self) -> Actor:
        return system(self.county.code)

    def __getitem__(self, who: str) -> Actor:
        """One of the county's people."""
        return self.county.people[who]

    def official(self, username: str, *roles: str, unit: str = "G22") -> Actor:
        """Another official of a unit, under the unit's name."""
        found = self.county.unit(unit)
        return factories.official(
            f"{username}.more", *roles, org_code=unit, org_name=found.name, name=f"{self.county.surname}{username}"
        )

    def words(self, text: str) -> str:
        """A text that is known as the county's."""
        return f"{self.county.name}：{text}"


def sure(key: uuid.UUID | None) -> uuid.UUID:
    """A key that is there."""
    assert key is not None
    return key


def section(made: Callable[[Fuller], None]) -> Callable[[Fuller], None]:
    SECTIONS.append(made)
    return made


@section
def administration(here: Fuller) -> None:
    keeper, guard, clerk = here["sys_admin"], here["sec_admin"], here["clerk"]
    post = identity.create_post(actor=keeper, organisation_code="G22", title=f"{here.county.name}窗口岗")
    request_role(actor=keeper, post_id=post, role="clerk", reason=here.words("任命文件"))
    request_role(actor=keeper, post_id=sure(clerk.post_id), role="reviewer", reason=here.words("任命文件"))
    helper = here.official("helper", "reviewer")
    today = local_date()
    identity.delegate_post(
        actor=clerk,
        delegate_id=sure(helper.person_id),
        roles=("clerk",),
        valid_from=today,
        valid_until=today + dt.timedelta(days=5),
        reason=here.words("外出学习"),
    )
    identities.request_factor_reset(
        actor=guard, account_id=factories.account_of(clerk).pk, reason=here.words("手机丢失，持工作证到场")
    )
    for _time in range(40):
        guards.count_source_failure(tenant=here.county.code, address="203.0.113.7")


@section
def sign_on(here: Fuller) -> None:
    party: dict[str, Any] = {
        "name": f"{here.county.name}协同系统",
        "org_code": "G22",
        "redirect_uris": ["https://oa.example/callback"],
        "scopes": ["profile"],
        "purpose": here.words("公文流转需要知道经办人"),
    }
    first = relying_parties.register_party(actor=here["sys_admin"], **party)
    secret = relying_parties.approve_party(actor=here["sec_admin"], party_id=first)
    citizen = here["citizen"]
    agreements.agree_to_party(
        actor=citizen, account=factories.account_of(citizen), client_id=secret.client_id, scopes={"profile"}
    )
    relying_parties.register_party(actor=here["sys_admin"], **{**party, "name": f"{here.county.name}公文系统"})


@section
def family_and_firm(here: Fuller) -> None:
    citizen = here["citizen"]
    identities.declare_guardianship(
        actor=citizen,
        ward_name=f"{here.county.surname}小",
        ward_citizen_number=factories.citizen_number(55, born="20200229"),
        evidence="household_register",
    )
    factories.agent(citizen, name=f"{here.county.name}一品餐饮店")
    kept = Person.objects.get(pk=sure(citizen.person_id))
    again = Person.objects.create(
        tenant=kept.tenant, name=kept.name, phone="13800000001", phone_index=kept.phone_index
    )  # as staff registered him once, with the telephone only
    identities.request_merge(
        actor=here["sys_admin"], kept_id=kept.pk, merged_id=again.pk, evidence=here.words("本人持身份证到场核对")
    )


@section
def witnesses(here: Fuller) -> None:
    key = software.generate("ECDSA-P256")
    register_witness(
        actor=here["sec_admin"],
        body=f"{here.county.name}审计局",
        public_key_pem=key.public_key_pem(),
        reason=here.words("共签协议"),
    )


@section
def fees(here: Fuller) -> None:
    unit = here.county.unit("G11")
    citizen, clerk = here["citizen"], here.official("fees", "clerk", unit="G11")
    payee = payments.Payee(org_id=unit.id, org_name=unit.name)
    title = f"{here.county.name}道路占用"
    lines = (paying.line(quantity=Decimal(3)),)

    def order() -> FeeOrder:
        return payments.raise_order(
            actor=here.boss,
            subject=ObjectRef(kind="nothing", id=str(uuid.uuid4())),
            title=title,
            payee=payee,
            lines=lines,
            command_key=uuid.uuid4().hex,
            payer=paying.payer_of(citizen),
        )

    paying.asked(clerk, paying.paid(citizen, order(), refund_mode="later"))
    order()


@section
def messages(here: Fuller) -> None:
    posts.declare_kinds()
    try:
        posts.tell(here["citizen"], item=here.words("食品经营"), kind=posts.DUTY, email="a@example.cn")
    finally:
        posts.forget_kinds()


@section
def drafts_of_forms_and_processes(here: Fuller) -> None:
    forms.save_form_draft(
        actor=here.official("forms", "item_editor"),
        key="shop",
        definition={
            "title": f"{here.county.name}申请表",
            "sections": [{"title": "甲", "fields": [{"key": "a", "label": "乙", "kind": "text"}]}],
        },
    )
    drawer = here["process_admin"]
    draft = drafts.create_draft(actor=drawer, key="food", title=f"{here.county.name}流程")
    moves = [{"do": "start"}, {"do": "task", "node": "accept", "outcome": "accept"}]
    trials.record_trial(actor=drawer, draft_id=draft, title=here.words("试办"), moves=moves)


@section
def lists(here: Fuller) -> None:
    book = sheets.book(("事项", [sheets.HEAD, sheets.item(1, here.words("测试许可"))]))
    importing_lists.receive_list(
        actor=here.official("lists", "item_admin"),
        name=f"{here.county.name}清单.xlsx",
        content=sheets.saved(book),
        sender=f"{here.county.name}民政局",
    )


@section
def steps(here: Fuller) -> None:
    assert here.county.pending is not None
    case = cases.case_view(actor=here.boss, case_id=sure(here.county.pending.case_id))
    fire = next(item for item in case.open_items if item.node == "review_fire")
    cases.supervise_step(
        actor=here["supervisor"],
        work_item_id=fire.id,
        text=here.words("说明原因"),
        answer_by=local_date() + dt.timedelta(days=3),
    )
    cases.add_signer(
        actor=here["clerk.H05"],
        work_item_id=fire.id,
        org_code="G10",
        where="parallel",
        reason=here.words("请住建核对"),
        command_key=uuid.uuid4().hex,
    )
    routing.set_routing(actor=here["leader"], mode="turn")
    routing.note_absence(
        actor=here["leader"],
        person_id=sure(here["clerk"].person_id),
        from_day=local_date(),
        until_day=local_date() + dt.timedelta(days=2),
    )
    other = next(item for item in case.open_items if item.node == "review_housing")
    cases.request_intervention(
        actor=here["process_admin"],
        case_id=sure(here.county.pending.case_id),
        kind="reassign",
        reason=here.words("无人办理"),
        detail={"work_item_id": str(other.id), "org_code": "G22"},
    )


@section
def calendar(here: Fuller) -> None:
    day = dt.date(2026, 12, 15)
    cases_calendar.propose_local(
        actor=here["process_admin"], first=day, last=day, title=here.words("停工"), source="县政府通知"
    )


@section
def seals(here: Fuller) -> None:
    trusting.apply_for_seal(actor=here["leader"], kind="approval", reason=here.words("审批用章"))
    trusting.apply_for_person_certificate(actor=here["clerk"], data=persons.request(), reason=here.words("登录和签名"))


@section
def ratings(here: Fuller) -> None:
    owner = here["citizen"]
    matters.bad(owner, ref=matters.matter(owner, title=here.words("小餐饮")))
    register_device(
        actor=here["leader"], org_code="G22", name=f"{here.county.name}评价器", window="3 号窗口", kind="terminal"
    )


@section
def complaints(here: Fuller) -> None:
    sent = complaining.sent(here["citizen"], title=here.words("窗口三天不收材料"), content=here.words("连来三天都不收"))
    complaint_api.accept(actor=here["supervisor"], complaint_id=sent.row.id)


@section
def disclosure(here: Fuller) -> None:
    clerk, title = here["clerk"], here.words("规划条件通知书")
    row = disclosing.sent(here["citizen"], org_code="G22", title=title, content=here.words("要 2025 年的那一份")).row
    disclosing.consulted(clerk, row, about=here.words("附图里的设计方案"))
    disclosure_api.open_year(actor=system(clerk.tenant), year=local_date().year)
    disclosure_api.write_entry(
        actor=clerk,
        words=disclosure_api.EntryWords(
            category="20-01",
            title=here.words("征收办法"),
            summary=here.words("征收的程序"),
            address="https://example.org/1",
            made_on=local_date(),
        ),
    )
    disclosure_api.begin_report(actor=clerk, year=local_date().year, county=False)


@section
def opinions(here: Fuller) -> None:
    clerk, head = here["clerk"], here["leader"]
    topic = asking.drafted(clerk, title=here.words("停车管理办法"), background=here.words("县城停车位不足，拟作出规定"))
    opinions_api.submit(actor=clerk, kind=opinions_api.Topic, key=topic.pk)
    opinions_api.publish(actor=head, kind=opinions_api.Topic, key=topic.pk)
    asking.given(topic, here["citizen"], content=here.words("夜间应当免费停车"))
    asking.surveyed(clerk, title=here.words("公交线路调查"))


@section
def inspections(here: Fuller) -> None:
    town = Town()
    visit, pair = inspecting.started(town, subject=here.words("专项督查"))
    photo = (f"{here.county.name}.png", inspecting.picture())
    inspecting.note(pair[0], visit, 1, "bad", remark=here.words("看到的问题"), serious=True, photos=[photo])
    inspecting.referred(town)


@section
def service_centre(here: Fuller) -> None:
    place = centres.hall(name=f"{here.county.name}大厅")
    keeper = centres.manager()
    today = local_date()
    duties = [centres.put(here[who], 1, half=half) for who, half in (("clerk", "am"), ("leader", "pm"))]
    roster.ask(actor=here["clerk"], duty_id=duties[0].id, reason=here.words("看病"))
    places.close_place(
        actor=keeper,
        place=place,
        first_day=today + dt.timedelta(days=12),
        last_day=today + dt.timedelta(days=12),
        reason=here.words("检修"),
    )
    slot = f"{today + dt.timedelta(days=1)}T09:00"
    centre.book(actor=here["citizen"], zone=centres.zone(), slot=slot, item_code=ITEM, item_name="一件事")


@section
def counter(here: Fuller) -> None:
    clerk = counters.window()
    sitting = counters.begun(clerk, code=ITEM)
    hall.add_scans(
        actor=clerk, application_id=sitting.application_id, material_key="lease", given=[("照片.jpg", halls.photo())]
    )


@section
def desk(here: Fuller) -> None:
    clerk = here["clerk"]
    phrases.keep_phrase(actor=clerk, words=Words(text=here.words("同意"), use="opinion"))
    reporting.make_report(actor=here["supervisor"], month="2026-10")


@section
def plain_item(here: Fuller) -> None:
    """An application with a promise, on its way to a licence that is posted and asked back, and papers of a town."""
    citizen, unit = here["citizen"], here.county.unit("G22")
    forms.declare_form(actor=here.boss, key="general", definition=halls.form_definition("general"))
    catalogue.publish_item(actor=here.boss, draft=halls.item_draft(department=unit.name))
    row = halls.act(halls.submitted(citizen), "accept")
    post = hall.DeliveryChoice(
        way="post", recipient=citizen.name, phone="13800000001", address=here.words("老街 18 号")
    )
    hall.choose_delivery(actor=citizen, application_id=row.id, choice=post)
    delivering.open_delivery(tenant=here.county.code, application_id=row.id, granted=True)
    clerk, second = here["clerk"], here.official("second.clerk", "clerk")
    people = [{"id": str(one.person_id), "name": one.name, "title": "执法人员"} for one in (clerk, second)]
    day = local_date() + dt.timedelta(days=1)
    step = special_steps.arrange(
        actor=clerk,
        case_id=sure(row.case_id),
        kind="inspection",
        plan=here.words("核查场所布局，请派人到场。"),
        from_day=day,
        until_day=day,
        place=here.words("老街"),
        people=people,
    )
    special_steps.add_photo(actor=second, step_id=step.id, name="门头.png", content=inspecting.picture(), note="门头")
    cases.request_extension(actor=clerk, case_id=sure(row.case_id), days=5, reason=here.words("情况复杂需要延长"))
    town = counters.town()
    handed = counters.handed_in(town)
    hall.pass_up(actor=town, pieces={handed.application_id: 2})


@section
def measures(here: Fuller) -> None:
    licence = hall.my_licences(actor=here["citizen"])[0]
    hall.propose_measure(
        actor=here["clerk"], document_id=licence.id, kind="revoke", ground="fraud", reason=here.words("伪造场所证明")
    )


@section
def own_data(here: Fuller) -> None:
    here.official("registry", "counter", unit="G26")
    citizen = here["citizen"]
    hall.ask_correction(actor=citizen, holding="registration", wrong="一", right=here.words("壹"))
    hall.ask_erasure(actor=citizen, reason=here.words("不再使用"))


@section
def scoring(here: Fuller) -> None:
    score_formulas.install_formulas(actor=here.boss)
    judge, second = here["supervisor"], here.official("second", "supervisor", unit="A02")
    unit = here.county.unit("H05")
    case = scored_county.closed_case((unit.id, unit.name))  # type: ignore[no-untyped-call]  # a factory without types
    case.save()
    month = scored_county.MONTH
    run = scores.propose_scores(actor=judge, month=month, key="model-a")
    run = scores.decide_scores(
        actor=second, run_id=run.id, agreed=True, reason=here.words("核对无误"), digest=run.inputs_digest
    )
    scores.appeal_score(actor=here["clerk.H05"], run_id=run.id, text=here.words("红牌是系统故障"))
    score_formulas.draft_formula(actor=judge, key="model-a")
    target = {
        "year": "2026",
        "period": "全年",
        "unit_name": unit.name,
        "name": here.words("业务培训"),
        "measure": "单位自报",
        "bound": "不低于",
        "goal": "4",
        "unit": "次",
        "weight": "40",
        "basis": "",
    }
    made = score_targets.set_target(actor=judge, row=target)
    score_targets.report_target(
        actor=here["clerk.H05"], target_id=made.id, value="4", text=here.words("培训"), file=("签到表.pdf", halls.pdf())
    )
    score_targets.propose_deduction(
        actor=judge,
        org_name=unit.name,
        persons="2",
        decided_on="2026-10-20",
        kind="warning",
        document="青纪处〔2026〕3号",
        reason=here.words("失职"),
    )


@section
def cards(here: Fuller) -> None:
    judge = here["supervisor"]
    rule = RuleVersion.objects.filter(tenant=here.county.code, active=True).order_by("key")[0]
    unit = here.county.unit("G22")
    made = [
        supervising.raise_by_hand(
            actor=judge,
            evidence_kind="complaint",
            rule_id=rule.id,
            org_id=unit.id,
            reference=str(number),
            text=here.words("要求申请人重复提交"),
        )
        for number in range(2)
    ]
    supervising.explain_card(actor=here["clerk"], card_id=made[0].id, text=here.words("系统升级，已经补办"))
    supervising.confirm_card(actor=judge, card_id=made[0].id, reason=here.words("原因不成立"))
    supervising.issue_letter(
        actor=judge, card_id=made[0].id, findings=here.words("超期没有答复"), advice=here.words("建立清零制度")
    )
    supervising.declare_outage(
        actor=judge,
        starts_at=now() - dt.timedelta(hours=1),
        ends_at=None,
        concerned=(),
        reason=here.words("机房断电"),
        evidence="运维单 2026-11-09",
    )
    supervising.propose_bulk_cancel(
        actor=judge,
        choice=Choice(unit=Card.objects.get(pk=made[1].pk).org_id),
        cause="other",
        reason=here.words("安排变更，时限应当顺延"),
        evidence="国办发明电〔2026〕9号",
    )


@section
def rules(here: Fuller) -> None:
    judge = here["supervisor"]
    draft = drafting.draft_rule(actor=judge, key="55-paused-on-last-day")
    trying.start_trial(
        actor=judge, draft_id=draft.id, from_day=local_date() - dt.timedelta(days=9), until_day=local_date()
    )


@section
def monthly_report(here: Fuller) -> None:
    reports.propose_report(actor=here["supervisor"], month=dt.date(2026, 10, 1))


def fill(county: County) -> None:
    """Everything."""
    here = Fuller(county)
    for each in SECTIONS:
        each(here)
    county.name_units()  # what apps use in their tests has names of its own
    do_all_work()
