"""退回、退回单个分支、跳转: going to another node, as a change of a marking."""

from zhengtong.capabilities.cases.engine.blocks import Block, Branch
from zhengtong.capabilities.cases.engine.marking import SIGNERS, WHOLE
from zhengtong.capabilities.cases.engine.model import ACTIVITIES, Kind, Node, Refused
from zhengtong.capabilities.cases.engine.play import Play


def _scope_holding(play: Play, number: int, target: Node) -> int:
    """Climb from a token to the scope in which the target is drawn; refused when the target lies elsewhere."""
    play.node_of(number)
    scope = play.tokens[number].scope
    while scope != WHOLE and (play.tokens[scope].node != target.parent or play.is_body(scope)):
        scope = play.tokens[scope].scope
    if scope == WHOLE and target.parent:
        raise Refused(f"不能转到{target.label}：它在另一个子流程里，请先转到该子流程。", target.id)
    return scope


def _target(play: Play, node_id: str) -> Node:
    node = play.graph.nodes.get(node_id)
    if node is None:
        raise Refused(f"本流程没有环节“{node_id}”，不能转到那里。", node_id)
    return node


def _is_fork(node: Node) -> bool:
    return node.kind in (Kind.PARALLEL, Kind.INCLUSIVE) and len(node.outgoing) > 1


def return_to(play: Play, number: int, node_id: str) -> None:
    """Cancel what is open in the scope of the target and open the target again."""
    play.node_of(number)
    node = _target(play, node_id)
    if node.kind not in ACTIVITIES and not _is_fork(node):
        raise Refused(f"不能退回到{node.label}：只能退回到任务、子流程或并行的起点。", node.id)
    _check_returnable(play, node)
    scope = _scope_holding(play, number, node)
    key = f"{scope}/{node.id}"
    if play.graph.returnable is not None and key not in play.history:
        raise Refused(f"办件还没有办过{node.label}，不能退回到那里。", node.id)
    item = _item_of(play, scope)
    play.clear(scope)
    play.forget_since(key, scope)
    if _is_fork(node):
        play.restart_fork(node, scope, item)
    else:
        play.open(node, scope, item)


def _check_returnable(play: Play, node: Node) -> None:
    returnable = play.graph.returnable
    if returnable is None or node.id in returnable:
        return
    if node.id in play.graph.main:
        text = "它在并行分支之内，请退回到并行的起点，或只退回这一个分支。"
        raise Refused(f"不能整体退回到{node.label}：{text}", node.id)
    raise Refused(f"不能整体退回到{node.label}：它是附带的提醒，不在主线上。", node.id)


def jump(play: Play, number: int, node_id: str) -> None:
    """Go on at a node, done before or not: alone in its scope, or alone in the branch in which the token runs."""
    play.node_of(number)
    node = _target(play, node_id)
    if node.kind not in ACTIVITIES and not _is_fork(node):
        raise Refused(f"不能跳转到{node.label}：只能跳转到任务、子流程或并行的起点。", node.id)
    scope = _scope_holding(play, number, node)
    while play.tokens[number].scope != scope:
        number = play.tokens[number].scope
    graph, key = play.graph, f"{scope}/{node.id}"
    around = _chain(play, node.id)
    branch = around[-1].branch_of(node.id) if around else None
    if branch and play.tokens[number].node not in branch.nodes & graph.main:
        raise Refused(f"不能从外面跳转到{node.label}：它在并行分支之内，请跳转到并行的起点。", node.id)
    proved = graph.branchable if branch else graph.returnable
    if proved is not None and node.id not in proved:
        raise Refused(f"不能跳转到{node.label}：只从那里办理，后面的汇聚会一直等不齐，或主线办不完。", node.id)
    item = _item_of(play, scope)
    if branch:
        _undo(play, branch, around[-1], scope)
        play.forget_since(key, scope, branch.nodes)
    else:
        play.clear(scope)
        play.forget_since(key, scope)
    if _is_fork(node):
        play.restart_fork(node, scope, item)
    else:
        play.open(node, scope, item)


def return_branch(play: Play, number: int, node_id: str | None, item: str | None) -> None:
    """Open one branch again; open work, finished work and arrivals of the other branches stay as they are."""
    play.node_of(number)
    if node_id is None:
        _restart_own_branch(play, number)
        return
    node = _target(play, node_id)
    if node.kind not in ACTIVITIES:
        raise Refused(f"不能退回到{node.label}：只能退回到任务或子流程。", node.id)
    scope = _scope_holding(play, number, node)
    branchable = play.graph.branchable
    if branchable is not None and _chain(play, node.id) and node.id not in branchable:
        raise Refused(f"不能单独退回到{node.label}：只从那里办理，后面的汇聚会一直等不齐，或主线办不完。", node.id)
    if node.multi:
        _reopen_instance(play, node, scope, item)
    else:
        if not _chain(play, node.id):
            raise Refused(f"{node.label}不在并行分支中，请使用“退回”。", node.id)
        _require_done(play, node, scope)
        _rewind(play, node, scope)
        play.open(node, scope, _item_of(play, scope))


def _require_done(play: Play, node: Node, scope: int) -> None:
    if f"{scope}/{node.id}" not in play.history:
        raise Refused(f"办件还没有办完{node.label}，不能退回到那里。", node.id)


def _item_of(play: Play, scope: int) -> str | None:
    return play.tokens[scope].item if scope != WHOLE else None


def _chain(play: Play, node_id: str) -> list[Block]:
    """Blocks around a node, the outermost first."""
    return [block for block in play.graph.blocks if block.branch_of(node_id)]


def _running(play: Play, block: Block, scope: int) -> bool:
    open_nodes = {play.tokens[number].node for number in play.inside(scope)}
    return f"{scope}/{block.join}" in play.arrived or bool(open_nodes & block.nodes & play.graph.main)


def _restart_own_branch(play: Play, number: int) -> None:
    while True:
        token = play.tokens[number]
        if token.mark in SIGNERS:
            number = token.scope
            continue
        if play.is_instance(number):
            node = play.graph.nodes[token.node]
            play.cancel(number)
            play.begin_work(node, token.scope, token.item or "")
            return
        blocks = _chain(play, token.node)
        if blocks and token.node in play.graph.main:
            block = blocks[-1]
            branch = block.branch_of(token.node)
            if branch:
                _undo(play, branch, block, token.scope)
                play.forget(branch.nodes, token.scope)
                play.send(branch.entry, token.scope, _item_of(play, token.scope))
                return
        if token.scope == WHOLE:
            raise Refused(f"{play.graph.nodes[token.node].label}不在并行分支中，请使用“退回”。", token.node)
        number = token.scope


def _undo(play: Play, branch: Branch, block: Block, scope: int) -> None:
    """Undo one branch of a running block: its tokens, its half-filled joins, its arrival at the join."""
    play.emptied.append((scope, branch.nodes))
    for number in play.inside(scope):
        if play.tokens[number].node in branch.nodes:
            play.cancel(number)
    for name in branch.nodes:
        play.arrived.pop(f"{scope}/{name}", None)
        play.expected.pop(f"{scope}/{name}", None)
    _keep_arrivals(play, f"{scope}/{block.join}", play.arrived.get(f"{scope}/{block.join}", ()), branch)


def _keep_arrivals(play: Play, key: str, flows: tuple[str, ...], branch: Branch) -> None:
    """The join has received these arrows, but not (or no longer) the one of this branch."""
    left = tuple(flow for flow in flows if flow != branch.exit)
    if left:
        play.arrived[key] = left
    else:
        play.arrived.pop(key, None)


def _rewind(play: Play, node: Node, scope: int) -> None:
    """Make the marking what it was when only the branch of this node was still open, the others' work kept."""
    around = [(block, branch) for block in _chain(play, node.id) if (branch := block.branch_of(node.id))]
    running = [pair for pair in around if _running(play, pair[0], scope)]
    finished = around[len(running) :]
    joined = {block.join: play.history.get(f"{scope}/{block.join}", ()) for block, _ in finished}
    for block, branch in finished:
        if branch.exit not in joined[block.join]:
            raise Refused(f"{node.label}所在的并行还没有全部办完，不能这样退回。", node.id)
    own = around[-1][1].nodes
    if running:
        block, branch = running[-1]
        _undo(play, branch, block, scope)
        if finished:
            play.forget_since(f"{scope}/{finished[0][0].join}", scope, branch.nodes)
    else:
        play.clear(scope)
        play.forget_since(f"{scope}/{finished[0][0].join}", scope)
    play.forget_since(f"{scope}/{node.id}", scope, own)
    for block, branch in finished:
        key = f"{scope}/{block.join}"
        play.history.pop(key, None)
        if play.graph.nodes[block.join].kind is Kind.INCLUSIVE:
            play.expected[key] = joined[block.join]
        _keep_arrivals(play, key, joined[block.join], branch)


def _reopen_instance(play: Play, node: Node, scope: int, item: str | None) -> None:
    if not item:
        raise Refused(f"退回{node.label}的一个分支须指明是哪个部门或人员。", node.id)
    body = next((n for n in play.inside(scope) if play.tokens[n].node == node.id), None)
    if body is None:
        _require_done(play, node, scope)
        key = f"{scope}/{node.id}"
        others = tuple(entry for entry in play.history[key] if entry != item)
        if len(others) == len(play.history[key]):
            raise Refused(f"{node.label}没有“{item}”办过的分支，不能退回。", node.id)
        if _chain(play, node.id):
            _rewind(play, node, scope)
        else:
            _check_returnable(play, node)
            play.clear(scope)
            play.forget_since(key, scope)
        play.open_single(node, scope, _item_of(play, scope), item, others)
        return
    running = next((n for n in play.inside(body) if play.tokens[n].item == item), None)
    done, rest = play.multi[body]
    if running is not None:
        play.cancel(running)
        play.begin_work(node, body, item)
    elif item not in done:
        raise Refused(f"{node.label}没有“{item}”办过的分支，不能退回。", node.id)
    elif node.multi and node.multi.sequential:
        play.multi[body] = (tuple(entry for entry in done if entry != item), (item, *rest))
    else:
        play.multi[body] = (tuple(entry for entry in done if entry != item), rest)
        play.begin_work(node, body, item)
