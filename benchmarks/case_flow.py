"""The whole case in the database: ours against hand-written SQL and against the peer, one commit per step each."""

from benchmarks.context import Context
from benchmarks.handwritten import EngineInMemory, EngineOnPlainTables, HandWritten
from benchmarks.measure import Contestant, Standing, ratio, take_turns
from benchmarks.peer import Drawing, PeerInDatabase, PeerInMemory, state_only_serializer, stock_serializer
from benchmarks.results import Result
from benchmarks.walk import STEPS

_LABELS = {
    "ours": "本平台：账目、事件、法定时限、权限、幂等全部在内",
    "handwritten": "手写 SQL：同一办件，普通表，只有办件、待办、经过三种记录",
    "engine_on_plain_tables": "本平台的引擎写手写方案的表（不含账目、事件、时限）",
    "peer": "SpiffWorkflow 3.2，只存状态（图纸留在内存），不写待办和经过",
    "peer_stock": "SpiffWorkflow 3.2，原样序列化（图纸存进每个办件）",
}


def case_flow(context: Context, *, rounds: int, cases: int) -> list[Result]:
    """Cases per second, CPU per case, and the ratios."""
    platform, drawing = context.platform, Drawing()
    plain = context.connect()
    pid = plain.info.backend_pid
    standings = take_turns(
        [
            Contestant("ours", platform.run, context.django_pid()),
            Contestant("handwritten", HandWritten(plain).run, pid),
            Contestant("engine_on_plain_tables", EngineOnPlainTables(plain).run, pid),
            Contestant("peer", PeerInDatabase(plain, drawing, state_only_serializer(drawing)).run, pid),
            Contestant("peer_stock", PeerInDatabase(plain, drawing, stock_serializer()).run, pid),
        ],
        rounds=rounds,
        pieces=cases,
    )
    results = [
        _compared(standings, "handwritten", "手写 SQL"),
        _compared(standings, "peer", "SpiffWorkflow（只存状态）"),
        _compared(standings, "peer_stock", "SpiffWorkflow（原样）"),
    ]
    what = "同样办件的处理器时间之比（客户端加数据库），受机器忙闲影响小"
    value = _cpu(standings["handwritten"]) / _cpu(standings["ours"])
    results.append(Result("case_flow.cpu_to_handwritten", value, what, "手写 SQL", "倍"))
    value = _cpu(standings["peer"]) / _cpu(standings["ours"])
    results.append(Result("case_flow.cpu_to_peer", value, what, "SpiffWorkflow（只存状态）", "倍"))
    value = ratio(standings, "engine_on_plain_tables", "handwritten")
    what = "引擎本身占多少：引擎写手写方案的表，与手写方案之比"
    results.append(Result("case_flow.engine_to_handwritten", value, what, "手写 SQL", "倍"))
    results += _absolute("case_flow", standings, _LABELS)
    statements = context.count_statements(lambda: platform.run(1)) / STEPS
    what = f"每一步发给数据库的语句（含开始和提交），{STEPS} 步平均"
    return [*results, Result("case_flow.ours.statements", statements, what, "", "条/步")]


def engine_only(context: Context, *, rounds: int, cases: int) -> list[Result]:
    """The engines alone, in memory, each step from JSON text to JSON text."""
    del context
    drawing = Drawing()
    ours, theirs = EngineInMemory(), PeerInMemory(drawing, state_only_serializer(drawing))
    contestants = [Contestant("ours", lambda n: ours.run(20 * n)), Contestant("peer", theirs.run)]
    standings = take_turns(contestants, rounds=rounds, pieces=cases)
    faster = 20 * ratio(standings, "ours", "peer")
    rate = 20 * standings["ours"].rate
    what = "引擎速度之比：内存中，每步读写一次 JSON"
    return [
        Result("engine_only.to_peer", faster, what, "SpiffWorkflow（只存状态）", "倍"),
        Result("engine_only.ours", rate, "本平台的引擎", "", "办件/秒"),
        Result("engine_only.peer", standings["peer"].rate, "SpiffWorkflow 3.2，只存状态", "", "办件/秒"),
    ]


def _cpu(standing: Standing) -> float:
    return standing.client_ms + standing.server_ms


def _compared(standings: dict[str, Standing], other: str, against: str) -> Result:
    what = "办件速度之比：每轮内相比，取各轮中位数"
    return Result(f"case_flow.to_{other}", ratio(standings, "ours", other), what, against, "倍")


def _absolute(name: str, standings: dict[str, Standing], labels: dict[str, str]) -> list[Result]:
    results = []
    for who, standing in standings.items():
        results += [
            Result(f"{name}.{who}", standing.rate, labels[who], "", "办件/秒"),
            Result(f"{name}.{who}.client", standing.client_ms, "同上，客户端处理器时间", "", "毫秒/办件"),
            Result(f"{name}.{who}.server", standing.server_ms, "同上，数据库进程处理器时间", "", "毫秒/办件"),
        ]
    return results
