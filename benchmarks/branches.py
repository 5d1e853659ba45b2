"""Parallel branches: a generated drawing with 2, 20 and 40 reviews at the same time, one commit per step.

The limit comes in two forms: the least rows that a work list needs (``handwritten``), and every row that the platform
writes, hand-coded on its own tables (``same_rows``). The peer saves its state and nothing else.
"""

import itertools
import uuid

from benchmarks.context import Context
from benchmarks.handwritten import EngineInMemory, HandWritten, graph_of
from benchmarks.measure import Contestant, Standing, ratio, take_turns
from benchmarks.peer import Drawing, PeerInDatabase, PeerInMemory, completion, state_only_serializer
from benchmarks.platform import LIMITS, Platform, open_items
from benchmarks.results import Result
from benchmarks.same_rows import SameRows
from benchmarks.walk import OPINION, REVIEWS
from zhengtong.capabilities.cases import api
from zhengtong.capabilities.cases.tests.county import TENANT, officer
from zhengtong.kernel.actors import ObjectRef

_TASK = '<b:userTask id="{node}" name="{name}" zt:role="{role}" zt:unit="{unit}" zt:phase="{phase}" {more}/>'
_FILE = (
    '<b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zt="urn:zhengtong:bpmn" id="d"'
    ' targetNamespace="urn:zhengtong:bench"><b:process id="branches" name="并行审查" isExecutable="true">'
    '<b:startEvent id="start"/><b:parallelGateway id="fork"/><b:parallelGateway id="join"/>'
    '<b:endEvent id="end" zt:result="granted"/>{parts}</b:process></b:definitions>'
)
_AGAINST = {
    "handwritten": "手写 SQL，只有办件、待办、经过三种记录",
    "same_rows": "手写 SQL，与本平台写同样的行",
    "peer": "SpiffWorkflow（只存状态）",
}


def branches(context: Context, *, rounds: int, sizes: tuple[int, ...] = (2, 20, 40)) -> list[Result]:
    """How fast a case with parallel reviews is, against hand-written SQL in two forms and the peer."""
    results = []
    for size in sizes:
        standings = _measured(context, reviews_of(size), rounds, max(1, 16 // size))
        name, steps = f"branches.at_{size}", size + 3
        for who, against in _AGAINST.items():
            what = f"{size} 个单位并行审查，办件速度之比：每轮内相比，取各轮中位数"
            results.append(Result(f"{name}.to_{who}", ratio(standings, "ours", who), what, against, "倍"))
            what = f"{size} 个单位并行审查，处理器时间之比（客户端加数据库）"
            value = _cpu(standings[who]) / _cpu(standings["ours"])
            results.append(Result(f"{name}.cpu_to_{who}", value, what, against, "倍"))
        what = f"{size} 个单位并行审查，只算引擎：内存中，每步读写一次 JSON"
        results.append(Result(f"{name}.engine_to_peer", _engines(size, rounds), what, _AGAINST["peer"], "倍"))
        what = "本平台每步处理器时间（客户端加数据库）"
        results.append(Result(f"{name}.ours", _cpu(standings["ours"]) / steps, what, "", "毫秒/步"))
    return results


def reviews_of(size: int) -> dict[str, str]:
    """Node and unit of each review; the units of the county take turns."""
    units = itertools.cycle(REVIEWS.values())
    return {f"review_{number}": unit for number, unit in zip(range(1, size + 1), units, strict=False)}


def drawing_of(reviews: dict[str, str]) -> str:
    """Accept, these reviews at the same time, decide."""
    limit = 'zt:limit="5 WD" zt:outcomes="agree:同意;disagree:不同意"'
    accept, approve = (
        'zt:limit="5 WD" zt:outcomes="accept:受理;supplement:一次性告知补正;refuse:不予受理"',
        'zt:outcomes="approve:准予许可"',
    )
    parts = [
        _task("accept", "受理", "clerk", "lead", "accept", accept),
        *(_task(node, f"审查 {node}", "clerk", unit, "review", limit) for node, unit in reviews.items()),
        _task("decide", "决定", "leader", "lead", "decide", approve),
    ]
    arrows = [("start", "accept"), ("accept", "fork"), ("join", "decide"), ("decide", "end")]
    arrows += [("fork", node) for node in reviews] + [(node, "join") for node in reviews]
    parts += [f'<b:sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in arrows]
    return _FILE.format(parts="".join(parts))


def _task(node: str, name: str, role: str, unit: str, phase: str, more: str) -> str:
    return _TASK.format(node=node, name=name, role=role, unit=unit, phase=phase, more=more)


class Branches:
    """Our own way: the case through ``cases.api``."""

    def __init__(self, platform: Platform, reviews: dict[str, str]) -> None:
        self._platform = platform
        self._reviews = reviews
        self.process_key = f"branches-{len(reviews)}-{uuid.uuid4().hex[:8]}"
        self._numbers = itertools.count(1)
        self.process = api.deploy_process(
            actor=officer("G22", "process_admin"),
            approver=platform.leader,
            key=self.process_key,
            title="并行审查",
            bpmn_xml=drawing_of(reviews),
        )

    def run(self, cases: int) -> None:
        """Walk whole cases, one after another."""
        for _ in range(cases):
            self.walk()

    def walk(self) -> uuid.UUID:
        """One case from the application to the decision."""
        platform, number = self._platform, f"{self.process_key}-{next(self._numbers)}"
        case_id = api.open_case(
            actor=platform.applicant,
            number=number,
            title="开办餐饮店一件事",
            item_code="1198072300720319364980131801000",
            process_key=self.process_key,
            owner_org_id=platform.lead.id,
            owner_org_name=platform.lead.name,
            subject_ref=ObjectRef(kind="application", id=number),
            limits=LIMITS,
        )
        platform.complete(case_id, "G22", open_items(case_id)["accept"], "accept")
        items = open_items(case_id)
        for node, code in self._reviews.items():
            platform.complete(case_id, code, items[node], "agree", OPINION)
        platform.decide(case_id)
        return case_id


def _engines(size: int, rounds: int) -> float:
    """The engines alone: how many times the peer's speed."""
    reviews, times = reviews_of(size), 20
    answers = _answers(reviews)
    drawing = Drawing(drawing_of(reviews).encode(), "branches")
    ours = EngineInMemory(graph_of(drawing_of(reviews)), answers)
    theirs = PeerInMemory(drawing, state_only_serializer(drawing), [completion(*answer) for answer in answers])
    contestants = [Contestant("ours", lambda n: ours.run(times * n)), Contestant("peer", theirs.run)]
    return times * ratio(take_turns(contestants, rounds=rounds, pieces=1), "ours", "peer")


def _answers(reviews: dict[str, str]) -> list[tuple[str, str]]:
    return [("accept", "accept"), *((node, "agree") for node in reviews), ("decide", "approve")]


def _measured(context: Context, reviews: dict[str, str], rounds: int, cases: int) -> dict[str, Standing]:
    plain = context.connect()
    pid = plain.info.backend_pid
    drawing = Drawing(drawing_of(reviews).encode(), "branches")
    steps = [completion(*answer) for answer in _answers(reviews)]
    ours = Branches(context.platform, reviews)
    return take_turns(
        [
            Contestant("ours", ours.run, context.django_pid()),
            Contestant("handwritten", HandWritten(plain, reviews, service=False).run, pid),
            Contestant("same_rows", SameRows(plain, TENANT, ours.process.id, reviews).run, pid),
            Contestant("peer", PeerInDatabase(plain, drawing, state_only_serializer(drawing), steps).run, pid),
        ],
        rounds=rounds,
        pieces=cases,
    )


def _cpu(standing: Standing) -> float:
    return standing.client_ms + standing.server_ms
