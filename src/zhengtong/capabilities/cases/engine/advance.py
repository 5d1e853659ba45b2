"""The two functions that run a case: `begin` and `advance`. Pure: the caller writes the effects in its transaction.

The same marking, variables and command always give the same result; nothing passed in is changed.
"""

from collections.abc import Mapping

from zhengtong.capabilities.cases.engine.choices import ByVariables, Chooser
from zhengtong.capabilities.cases.engine.marking import WHOLE, Marking
from zhengtong.capabilities.cases.engine.model import CALLS, ROOT, Graph, Kind, Refused
from zhengtong.capabilities.cases.engine.play import Play
from zhengtong.capabilities.cases.engine.recall import recall, remember
from zhengtong.capabilities.cases.engine.returns import jump, return_branch, return_to
from zhengtong.capabilities.cases.engine.signers import add_signer, check_may_finish, remove_signer
from zhengtong.capabilities.cases.engine.steps import (
    AddSigner,
    Cancel,
    CancelService,
    Command,
    Complete,
    Done,
    Effect,
    FireTimer,
    Jump,
    Message,
    Recall,
    RemoveSigner,
    ReturnBranch,
    ReturnTo,
    ServiceDone,
    ServiceFailed,
)


def begin(graph: Graph, variables: Mapping[str, object]) -> tuple[Marking, list[Effect]]:
    """Start a case. Raises Refused when a list the first steps need is missing."""
    play = begin_play(graph, ByVariables(graph, variables))
    return play.marking(), play.effects


def advance(
    graph: Graph, marking: Marking, variables: Mapping[str, object], command: Command
) -> tuple[Marking, list[Effect]]:
    """One step. Raises Refused when the command does not fit the state, Unsafe when the drawing itself is wrong."""
    play = advance_play(graph, marking, ByVariables(graph, variables), command)
    return remember(marking, play, command), play.effects


def begin_play(graph: Graph, chooser: Chooser) -> Play:
    """`begin` with another way of choosing (soundness check)."""
    play = Play(graph, Marking(), chooser)
    start = graph.nodes[graph.starts[ROOT]]
    play.entered.add(start.id)
    play.send(start.outgoing[0], WHOLE, None)
    play.settle()
    return play


def advance_play(graph: Graph, marking: Marking, chooser: Chooser, command: Command) -> Play:
    """`advance` with another way of choosing (soundness check)."""
    play = Play(graph, marking, chooser)
    match command:
        case Complete(token=number):
            _finish(play, number, frozenset({Kind.USER}))
        case ServiceDone(token=number):
            _finish(play, number, CALLS)
        case ServiceFailed(token=number, code=code):
            _fail(play, number, code)
        case FireTimer(token=number, node=event):
            _fire(play, number, event)
        case Message():
            _receive(play, command)
        case ReturnTo(token=number, node=target):
            return_to(play, number, target)
        case ReturnBranch(token=number, node=branch, item=entry):
            return_branch(play, number, branch, entry)
        case AddSigner(token=number, item=signer, where=place):
            add_signer(play, number, signer, place)
        case RemoveSigner(token=number, item=entry):
            remove_signer(play, number, entry)
        case Jump(token=number, node=target):
            jump(play, number, target)
        case Recall(token=number):
            recall(play, marking, number)
        case Cancel():
            _cancel_all(play)
            return play
    play.settle()
    return play


def waiting_messages(graph: Graph, marking: Marking) -> list[Message]:
    """Every message the case waits for now, each with its token and node."""
    play = Play(graph, marking, ByVariables(graph, {}))
    return [
        Message(event.message, number, event.id)
        for number, token in marking.tokens.items()
        for event in play.events_of(graph.nodes[token.node])
        if event.message and play.waits_for(number, event.id)
    ]


def waiting_timers(graph: Graph, marking: Marking) -> list[FireTimer]:
    """Every timer that is armed now, with its token and node."""
    play = Play(graph, marking, ByVariables(graph, {}))
    return [
        FireTimer(number, event.id)
        for number, token in marking.tokens.items()
        for event in play.events_of(graph.nodes[token.node])
        if event.duration and play.waits_for(number, event.id)
    ]


def _finish(play: Play, number: int, kinds: frozenset[Kind]) -> None:
    node = play.node_of(number)
    if node.kind not in kinds or play.is_body(number):
        raise Refused(f"{node.label}不能这样办结：它不是一个正在办理的任务。", node.id)
    check_may_finish(play, number)
    play.finish(number)


def _fail(play: Play, number: int, code: str) -> None:
    node = play.node_of(number)
    if node.kind not in CALLS or play.is_body(number):
        raise Refused(f"{node.label}不是正在等待答复的服务任务。", node.id)
    caught = play.catcher(number, code)
    if caught is None:
        raise Refused(f"{node.label}返回错误“{code}”，而流程图上没有接住它的错误事件，须由人工处理后重试。", node.id)
    play.occur(*caught)
    play.effects.remove(CancelService(number))  # it has answered, there is nothing left to cancel


def _fire(play: Play, number: int, event: str) -> None:
    node = play.graph.nodes.get(event)
    if node is None or not node.duration or not play.waits_for(number, event):
        raise Refused("这个计时已经停止或已经到过期，不再处理。", event)
    play.occur(number, event)


def _receive(play: Play, message: Message) -> None:
    places = [
        (waiting.token, waiting.node)
        for waiting in waiting_messages(play.graph, play.marking())
        if waiting.name == message.name
        and message.token in (None, waiting.token)
        and message.node in (None, waiting.node)
    ]
    if not places:
        raise Refused(f"办件现在不等待消息“{message.name}”，可能已经办结或已经处理过。")
    if len(places) > 1:
        raise Refused(f"有 {len(places)} 个环节在等待消息“{message.name}”，请指明是哪一个。")
    number, event = places[0]
    if number is not None and event is not None:
        play.occur(number, event)


def _cancel_all(play: Play) -> None:
    if not play.tokens:
        raise Refused("办件已经结束，不能再撤回或终止。")
    play.clear(WHOLE)
    play.effects.append(Done(cancelled=True))
