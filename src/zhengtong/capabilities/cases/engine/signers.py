"""加签、减签: signers before, after and beside a task, as a change of a marking."""

from zhengtong.capabilities.cases.engine.marking import AFTER, BEFORE, HELD, PARALLEL, SIGNERS, WHOLE, Marking
from zhengtong.capabilities.cases.engine.model import Kind, Node, Refused
from zhengtong.capabilities.cases.engine.play import Play


def signers_before(marking: Marking, number: int) -> tuple[str, ...]:
    """Who has to sign before the task of this token can be completed."""
    tokens = marking.tokens.values()
    return tuple(token.item or "" for token in tokens if token.scope == number and token.mark == BEFORE)


def check_may_finish(play: Play, number: int) -> None:
    """Refused while signers before the task are open, and for a task whose own work is done."""
    node = play.node_of(number)
    if play.tokens[number].mark == HELD:
        raise Refused(f"{node.label}已经办结，正在等加签的部门或人员，请刷新后查看最新状态。", node.id)
    waiting = [play.tokens[n].item for n in play.inside(number) if play.tokens[n].mark == BEFORE]
    if waiting:
        names = "、".join(name for name in waiting if name)
        raise Refused(f"{node.label}还在等前加签“{names}”办理，请等其办完，或先减签。", node.id)


def add_signer(play: Play, number: int, item: str, where: str) -> None:
    """Refused for one who already takes part, and when it is too late for the place."""
    node = play.node_of(number)
    if where not in SIGNERS:
        raise Refused(f"加签方式“{where}”不认识，可用：前加签、后加签、并签。", node.id)
    if not item:
        raise Refused(f"请选择要在{node.label}加签的部门或人员。", node.id)
    task = play.tokens[number].scope if play.tokens[number].mark in SIGNERS else number
    body = _body_of(play, task)
    if where == PARALLEL and body != WHOLE:
        _add_instance(play, body, node, item)
        return
    if node.kind is not Kind.USER:
        raise Refused(f"{node.label}不是人工任务，不能加签。", node.id)
    if play.is_body(task):
        raise Refused(f"{node.label}有几个部门或人员同时办理，请指明在谁之前或之后加签。", node.id)
    own = play.tokens[task]
    taking_part = {own.item, *play.after.get(task, ()), *(play.tokens[n].item for n in play.inside(task))}
    if item in taking_part:
        raise Refused(f"“{item}”已经在{node.label}的办理名单里，不必重复加签。", node.id)
    if where == BEFORE and own.mark == HELD:
        raise Refused(f"{node.label}已经办结，不能再在它之前加签。", node.id)
    if where == AFTER and own.mark != HELD:
        play.after[task] = (*play.after.get(task, ()), item)
    else:
        play.begin_signer(task, item, where)


def remove_signer(play: Play, number: int, item: str | None) -> None:
    """Drop an added signer or one instance; refused when that alone would let the case move on."""
    node = play.node_of(number)
    signed = play.tokens[number].mark in SIGNERS
    task = play.tokens[number].scope if signed else number
    coming = play.after.get(task, ())
    signer = number if signed and item is None else _signer_named(play, task, item)
    if signer != WHOLE:
        _drop_signer(play, task, signer, node)
    elif item in coming:
        play.after[task] = tuple(entry for entry in coming if entry != item)
        if not play.after[task]:
            del play.after[task]
    elif _body_of(play, task) != WHOLE:
        _remove_instance(play, _body_of(play, task), node, task, item)
    elif item is None:
        raise Refused(f"{node.label}不是会签（多实例）环节，请指明要减去哪一个加签的部门或人员。", node.id)
    else:
        raise Refused(f"“{item}”不在{node.label}的加签名单里，不能减签。", node.id)


def _signer_named(play: Play, task: int, item: str | None) -> int:
    named = (n for n in play.inside(task) if play.tokens[n].mark in SIGNERS and play.tokens[n].item == item)
    return next(named, WHOLE)


def _drop_signer(play: Play, task: int, signer: int, node: Node) -> None:
    if play.tokens[task].mark == HELD and len(play.inside(task)) == 1:
        raise Refused(f"{node.label}只剩最后一个加签的部门或人员，不能减签，请改为办结或退回。", node.id)
    play.cancel(signer)


def _body_of(play: Play, task: int) -> int:
    """The multi-instance activity a task belongs to, WHOLE when there is none."""
    return task if play.is_body(task) else play.tokens[task].scope if play.is_instance(task) else WHOLE


def _add_instance(play: Play, body: int, node: Node, item: str) -> None:
    """One more instance; for a sequence it comes last."""
    done, rest = play.multi[body]
    running = {play.tokens[n].item for n in play.inside(body)}
    if item in running or item in rest:
        raise Refused(f"“{item}”已经在{node.label}的办理名单里，不必重复加签。", node.id)
    if item in done:
        raise Refused(f"“{item}”在{node.label}已经办完，如需重办请退回该分支。", node.id)
    if node.multi and node.multi.sequential:
        play.multi[body] = (done, (*rest, item))
    else:
        play.begin_work(node, body, item)


def _remove_instance(play: Play, body: int, node: Node, number: int, item: str | None) -> None:
    done, rest = play.multi[body]
    if item is None and number == body:
        raise Refused(f"请选择要从{node.label}减去的部门或人员。", node.id)
    if item is not None and item in rest:
        play.multi[body] = (done, tuple(entry for entry in rest if entry != item))
        return
    wanted = number if item is None else next((n for n in play.inside(body) if play.tokens[n].item == item), WHOLE)
    if wanted == WHOLE:
        raise Refused(f"“{item}”不在{node.label}尚未办结的名单里，不能减签。", node.id)
    if len(play.inside(body)) == 1 and not rest:
        raise Refused(f"{node.label}只剩最后一个尚未办结的部门或人员，不能减签，请改为办结或退回。", node.id)
    if play.tokens[wanted].mark == HELD:
        raise Refused(f"“{item or play.tokens[wanted].item}”在{node.label}已经办完，正在等加签，不能减签。", node.id)
    play.cancel(wanted)
    if not play.inside(body):
        play.multi[body] = (done, rest[1:])
        play.begin_work(node, body, rest[0])
