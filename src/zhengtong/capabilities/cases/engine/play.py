"""The token game: moves tokens of one marking until every one waits. Commands are in advance.py and returns.py."""

from collections.abc import Collection

from zhengtong.capabilities.cases.engine.choices import INSTANCES, INSTANCES_DONE, INSTANCES_OPEN, Chooser
from zhengtong.capabilities.cases.engine.marking import AFTER, HELD, SIGNERS, WHOLE, Marking, Token
from zhengtong.capabilities.cases.engine.model import CALLS, ENDS, Graph, Kind, Node, Refused, Unsafe
from zhengtong.capabilities.cases.engine.steps import (
    ArmTimer,
    CallService,
    CancelService,
    CancelTask,
    DisarmTimers,
    Done,
    Effect,
    Ended,
    OpenTask,
    StillOpen,
    Subscribe,
    Unsubscribe,
)

MOVES = 10_000
_OPENING = (OpenTask, CallService, ArmTimer, Subscribe)


class Play:
    """A working copy of one marking; `settle` must be called after the first move, `marking` gives the result."""

    def __init__(self, graph: Graph, marking: Marking, chooser: Chooser) -> None:
        self.graph = graph
        self.chooser = chooser
        self.n = marking.n
        self.tokens = dict(marking.tokens)
        self.arrived = dict(marking.arrived)
        self.expected = dict(marking.expected)
        self.multi = dict(marking.multi)
        self.fired = dict(marking.fired)
        self.history = dict(marking.history)
        self.after = dict(marking.after)
        self.effects: list[Effect] = []
        self.entered: set[str] = set()
        self.emptied: list[tuple[int, Collection[str]]] = []
        self._moving: list[tuple[str, int, str | None]] = []
        self._left: set[int] = set()
        self._moves = 0

    def marking(self) -> Marking:
        """The marking reached."""
        return Marking(
            self.n, self.tokens, self.arrived, self.expected, self.multi, self.fired, self.history, self.after
        )

    # -- reading -------------------------------------------------------------------------------------------------

    def node_of(self, number: int) -> Node:
        """The node a token stands on; refused when the token is gone."""
        token = self.tokens.get(number)
        if token is None:
            raise Refused("这个环节已经办结、退回或撤销，请刷新后查看最新状态。")
        return self.graph.nodes[token.node]

    def is_instance(self, number: int) -> bool:
        """Whether the token is one instance of a multi-instance activity."""
        return self.tokens[number].scope in self.multi

    def is_part(self, number: int) -> bool:
        """Whether the token is an instance or an added signer: it carries no timers and waits for nothing itself."""
        return self.is_instance(number) or self.tokens[number].mark in SIGNERS

    def is_body(self, number: int) -> bool:
        """Whether the token is the whole of a multi-instance activity."""
        return number in self.multi

    def inside(self, scope: int) -> list[int]:
        """Tokens directly in a scope, oldest first."""
        return [number for number, token in self.tokens.items() if token.scope == scope]

    # -- history -------------------------------------------------------------------------------------------------

    def record(self, key: str, details: tuple[str, ...] = ()) -> None:
        """Note that "scope/node" is done; the order of the notes is the order of the work."""
        self.history.pop(key, None)
        self.history[key] = details

    def forget(self, names: Collection[str], scope: int) -> None:
        """What is done again from the beginning does not count as done."""
        for name in names:
            self.history.pop(f"{scope}/{name}", None)

    def forget_since(self, key: str, scope: int, among: Collection[str] | None = None) -> None:
        """Forget this note and every later one of the scope, or only those of certain nodes."""
        notes = list(self.history)
        for note in notes[notes.index(key) :] if key in self.history else []:
            owner, _, name = note.partition("/")
            if owner == str(scope) and (among is None or name in among):
                del self.history[note]

    # -- moving --------------------------------------------------------------------------------------------------

    def send(self, flow: str, scope: int, item: str | None) -> None:
        """Put a token on an arrow; it moves on when `settle` is called."""
        self._moving.append((flow, scope, item))

    def leave(self, node: Node, scope: int, item: str | None) -> None:
        """A token leaves an activity or event by its only arrow."""
        self.send(node.outgoing[0], scope, item)
        self._left.add(scope)

    def settle(self) -> None:
        """Move until every token waits, closing each sub-process that has become empty; then announce the end."""
        while True:
            while self._moving:
                self._moves += 1
                if self._moves > MOVES:
                    node = self.graph.nodes[self.graph.flows[self._moving[0][0]].target]
                    raise Unsafe(f"流程在{node.label}附近空转，没有任何环节会停下来等待。", node.id, "spin")
                self.enter(*self._moving.pop(0))
            closed = next((scope for scope in sorted(self._left, reverse=True) if self._empty(scope)), None)
            if closed is None:
                break
            self._left.discard(closed)
            self.finish(closed)
        self._left.clear()
        self._compact()
        if not self.tokens and not self.arrived:
            self.effects.append(Done())

    def _compact(self) -> None:
        """What was opened and taken away within this very step never happened for the caller."""
        opened = {effect.token for effect in self.effects if isinstance(effect, _OPENING)}
        passing = opened - self.tokens.keys()
        if passing:
            self.effects = [effect for effect in self.effects if getattr(effect, "token", None) not in passing]

    def _empty(self, scope: int) -> bool:
        """A sub-process with nothing open and no half-filled join is finished; other scopes never close here."""
        token = self.tokens.get(scope)
        if token is None or self.is_body(scope) or self.graph.nodes[token.node].kind is not Kind.SUBPROCESS:
            return False
        return not self.inside(scope) and not any(key.startswith(f"{scope}/") for key in self.arrived)

    def enter(self, flow_id: str, scope: int, item: str | None) -> None:
        """A token arrives over an arrow."""
        node = self.graph.nodes[self.graph.flows[flow_id].target]
        self.entered.add(node.id)
        if node.kind in (Kind.PARALLEL, Kind.INCLUSIVE):
            if len(node.incoming) > 1 and not self._joined(node, flow_id, scope):
                return
            self._fork(node, scope, item)
        elif node.kind is Kind.EXCLUSIVE:
            self.send(self._one_way(node, item), scope, item)
        elif node.kind in ENDS:
            self._end(node, scope)
        else:
            self.open(node, scope, item)

    def _one_way(self, node: Node, item: str | None) -> str:
        return node.outgoing[0] if len(node.outgoing) == 1 else self.chooser.exclusive(node, item)

    def _joined(self, node: Node, flow_id: str, scope: int) -> bool:
        """Note the arrival; true when all awaited arrows have arrived."""
        key = f"{scope}/{node.id}"
        arrived = self.arrived.get(key, ())
        if flow_id in arrived:
            raise Unsafe(f"汇聚网关{node.label}还没有等齐，同一条线（{flow_id}）又到达了一次。", node.id, "pile")
        arrived = (*arrived, flow_id)
        awaited = self.expected.get(key, node.incoming)
        if set(awaited) <= set(arrived):
            self.arrived.pop(key, None)
            self.expected.pop(key, None)
            self.record(key, awaited)
            return True
        self.arrived[key] = arrived
        self._left.add(scope)
        return False

    def _fork(self, node: Node, scope: int, item: str | None) -> None:
        ways = node.outgoing
        block = next((block for block in self.graph.blocks if block.fork == node.id), None)
        if len(ways) > 1:
            self.forget((block.nodes | {block.join}) if block else (), scope)
            self.record(f"{scope}/{node.id}")
        if node.kind is Kind.INCLUSIVE and block:
            ways = self.chooser.inclusive(node, item)
            exits = tuple(branch.exit for branch in block.branches if branch.entry in ways)
            self.expected[f"{scope}/{block.join}"] = exits
        for flow in ways:
            self.send(flow, scope, item)

    def restart_fork(self, node: Node, scope: int, item: str | None) -> None:
        """Open all branches of a fork again (a return to the start of the parallel work)."""
        self.entered.add(node.id)
        self._fork(node, scope, item)

    def _end(self, node: Node, scope: int) -> None:
        self.effects.append(Ended(node.id))
        if node.kind is Kind.ERROR_END:
            caught = self.catcher(scope, node.error)
            if caught:
                self._drop_moves(caught[0])
                self.occur(*caught)
                return
            scope = WHOLE
        if node.kind is not Kind.END:
            self._drop_moves(scope)
            self.clear(scope)
        self._left.add(scope)

    def _drop_moves(self, scope: int) -> None:
        self._moving = [move for move in self._moving if not self._within(move[1], scope)]

    def catcher(self, number: int, code: str) -> tuple[int, str] | None:
        """The nearest activity around (or at) a token with an error event for this code, and that event."""
        while number != WHOLE:
            if not self.is_part(number):
                events = self.events_of(self.graph.nodes[self.tokens[number].node])
                errors = [event for event in events if event.kind is Kind.BOUNDARY_ERROR]
                for wanted in (code, ""):
                    found = next((event.id for event in errors if event.error == wanted), None)
                    if found:
                        return number, found
            number = self.tokens[number].scope
        return None

    def _within(self, scope: int, outer: int) -> bool:
        while scope != outer and scope != WHOLE:
            scope = self.tokens[scope].scope
        return scope == outer

    # -- opening -------------------------------------------------------------------------------------------------

    def open(self, node: Node, scope: int, item: str | None) -> int:
        """Open an activity or a waiting event in a scope; returns its token, or 0 when it passed at once."""
        self.entered.add(node.id)
        if any(token.node == node.id and token.scope == scope for token in self.tokens.values()):
            raise Unsafe(f"环节{node.label}还没有办完又被打开了一次。", node.id, "double")
        self.forget((node.id,), scope)
        items = self.chooser.items(node, item) if node.multi else ()
        if node.multi and not items:
            self.record(f"{scope}/{node.id}")
            self.leave(node, scope, item)
            return 0
        number = self._place(node, scope, item)
        if node.multi:
            first = items[:1] if node.multi.sequential else items
            self.multi[number] = ((), items[len(first) :])
            for entry in first:
                self.begin_work(node, number, entry)
        elif node.kind in (Kind.USER, Kind.SUBPROCESS) or node.kind in CALLS:
            self._start_work(number)
        return number

    def open_single(self, node: Node, scope: int, item: str | None, entry: str, done: tuple[str, ...]) -> None:
        """Open a multi-instance activity for one entry only, the others counting as done (return of one branch)."""
        self.entered.add(node.id)
        self.forget((node.id,), scope)
        number = self._place(node, scope, item)
        self.multi[number] = (done, ())
        self.begin_work(node, number, entry)

    def begin_work(self, node: Node, body: int, entry: str) -> int:
        """One instance of a multi-instance activity."""
        number = self._new(Token(node.id, body, entry))
        self._start_work(number)
        return number

    def begin_signer(self, task: int, entry: str, place: str) -> None:
        """An added signer of a task."""
        self._start_work(self._new(Token(self.tokens[task].node, task, entry, place)))

    def _new(self, token: Token) -> int:
        number, self.n = self.n, self.n + 1
        self.tokens[number] = token
        return number

    def _place(self, node: Node, scope: int, item: str | None) -> int:
        """A new token with everything it waits for: its own event, or the events on its border."""
        number = self._new(Token(node.id, scope, item))
        self._await(number)
        return number

    def _await(self, number: int) -> None:
        for event in self.events_of(self.graph.nodes[self.tokens[number].node]):
            if event.duration and event.id not in self.fired.get(number, ()):
                self.effects.append(ArmTimer(number, event.id, event.duration))
            elif event.message and event.id not in self.fired.get(number, ()):
                self.effects.append(Subscribe(number, event.id, event.message))

    def announce(self, number: int) -> None:
        """The effects of a token that is there again: its events, and its work unless that is done already."""
        token = self.tokens[number]
        if not self.is_part(number):
            self._await(number)
        if self.graph.nodes[token.node].kind in CALLS | {Kind.USER} and token.mark != HELD and not self.is_body(number):
            self._start_work(number)

    def events_of(self, node: Node) -> list[Node]:
        """The timers and messages a token on this node waits for."""
        nodes = self.graph.nodes
        if node.kind is Kind.EVENT_BASED:
            return [nodes[self.graph.flows[flow].target] for flow in node.outgoing]
        if node.kind in (Kind.TIMER, Kind.MESSAGE):
            return [node]
        return [nodes[event] for event in node.boundaries]

    def _start_work(self, number: int) -> None:
        token = self.tokens[number]
        node = self.graph.nodes[token.node]
        if node.kind is Kind.USER:
            self.effects.append(OpenTask(number, node.id, token.item, token.mark))
        elif node.kind in CALLS:
            self.effects.append(CallService(number, node.id, node.settings.get("topic", ""), token.item))
        else:
            start = self.graph.nodes[self.graph.starts[node.id]]
            self.entered.add(start.id)
            self.send(start.outgoing[0], number, token.item)

    # -- closing -------------------------------------------------------------------------------------------------

    def finish(self, number: int) -> None:
        """An activity, or one instance of it, is done."""
        token = self.tokens[number]
        node = self.graph.nodes[token.node]
        if token.mark in SIGNERS:
            self.remove(number)
            self._signed(token.scope)
        elif self._held(number):
            self.tokens[number] = token._replace(mark=HELD)
        elif self.is_instance(number):
            self.remove(number)
            self._instance_done(node, token.scope, token.item or "")
        else:
            self.record(f"{token.scope}/{node.id}", self.multi[number][0] if number in self.multi else ())
            self.remove(number)
            self.leave(node, token.scope, token.item)

    def _held(self, number: int) -> bool:
        """The work of a task is done: call the signers who come after it; true when some signer is still open."""
        for entry in self.after.pop(number, ()):
            self.begin_signer(number, entry, AFTER)
        return bool(self.inside(number))

    def _signed(self, task: int) -> None:
        if self.tokens[task].mark == HELD and not self.inside(task):
            self.finish(task)

    def _instance_done(self, node: Node, body: int, entry: str) -> None:
        done, rest = self.multi[body]
        done = (*done, entry)
        self.multi[body] = (done, rest)
        running = self.inside(body)
        counts = {
            INSTANCES: len(done) + len(running) + len(rest),
            INSTANCES_DONE: len(done),
            INSTANCES_OPEN: len(running),
        }
        item = self.tokens[body].item
        enough = bool(node.multi and node.multi.until) and self.chooser.enough(node, item, counts)
        if not enough and (running or rest):
            if not running:
                self.multi[body] = (done, rest[1:])
                self.begin_work(node, body, rest[0])
            return
        self.clear(body)
        self.finish(body)

    def clear(self, scope: int) -> None:
        """Cancel everything inside a scope and forget its half-filled joins."""
        self.emptied.append((scope, self.graph.nodes.keys()))
        for number in self.inside(scope):
            self.cancel(number)
        for store in (self.arrived, self.expected):
            for key in [key for key in store if key.startswith(f"{scope}/")]:
                del store[key]

    def cancel(self, number: int) -> None:
        """Cancel a token with everything inside it."""
        token = self.tokens[number]
        kind = self.graph.nodes[token.node].kind
        self.clear(number)
        if not self.is_body(number) and token.mark != HELD:
            if kind is Kind.USER:
                self.effects.append(CancelTask(number))
            elif kind in CALLS:
                self.effects.append(CancelService(number))
        self.remove(number)

    def remove(self, number: int) -> None:
        """Take a token away with the timers and subscriptions it carries (instances and signers have none)."""
        if not self.is_part(number):
            events = self.events_of(self.graph.nodes[self.tokens[number].node])
            if any(event.duration for event in events):
                self.effects.append(DisarmTimers(number))
            if any(event.message for event in events):
                self.effects.append(Unsubscribe(number))
        self._left.add(self.tokens[number].scope)
        del self.tokens[number]
        self.multi.pop(number, None)
        self.fired.pop(number, None)
        self.after.pop(number, None)
        prefix = f"{number}/"
        for key in [key for key in self.history if key.startswith(prefix)]:
            del self.history[key]

    # -- events --------------------------------------------------------------------------------------------------

    def waits_for(self, number: int, event: str) -> bool:
        """Whether this token still waits for this event (instances and signers have none)."""
        token = self.tokens.get(number)
        if token is None or event in self.fired.get(number, ()) or self.is_part(number):
            return False
        return any(node.id == event for node in self.events_of(self.graph.nodes[token.node]))

    def occur(self, number: int, event: str) -> None:
        """A timer has run out, a message has come or an error was thrown."""
        token = self.tokens[number]
        node = self.graph.nodes[event]
        self.entered.add(event)
        if not node.attached_to:
            self.remove(number)
        elif node.interrupting:
            self.cancel(number)
        else:
            self.fired[number] = (*self.fired.get(number, ()), event)
            if self._goes_on(node, token.scope):
                self.effects.append(StillOpen(number, event))
                return
        self.leave(node, token.scope, token.item)

    def _goes_on(self, event: Node, scope: int) -> bool:
        """Whether what an event beside an activity brought the last time is still open (the activity began again)."""
        way = self.graph.beside[event.id]
        joins = (key.partition("/") for key in self.arrived)
        return any(self.tokens[number].node in way for number in self.inside(scope)) or any(
            owner == str(scope) and name in way for owner, _, name in joins
        )
