"""撤回: undo the last completion somebody made, as long as nobody has worked on what it brought.

A completion leaves two small markings behind: what its step took away and what it brought. They are forgotten as
soon as a later step touches any of it, so what is still there can be undone without touching anybody else's work:
steps in other branches do not meet it.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from zhengtong.capabilities.cases.engine.marking import BEFORE, HELD, WHOLE, Marking, Token
from zhengtong.capabilities.cases.engine.model import Refused
from zhengtong.capabilities.cases.engine.play import Play
from zhengtong.capabilities.cases.engine.steps import Command, Complete


def remember(before: Marking, play: Play, command: Command) -> Marking:
    """The marking after a step, with what can still be recalled."""
    after = play.marking()
    if after.done:
        return after
    undo = {
        number: pair for number, pair in before.undo.items() if _untouched(after, *pair) and not _emptied(play, pair[0])
    }
    if isinstance(command, Complete) and command.token not in after.tokens:
        pair = _trimmed(_difference(before, after), _difference(after, before))
        if _untouched(after, *pair):
            undo[command.token] = pair
    return replace(after, undo=undo)


def _emptied(play: Play, lost: Marking) -> bool:
    """Whether the place was emptied to begin anew; work that ended and brought nothing shows no other trace of that."""
    places = [(token.scope, token.node) for token in lost.tokens.values()]
    return any(scope == here and name in names for here, names in play.emptied for scope, name in places)


def _difference(one: Marking, other: Marking) -> Marking:
    """What is in one marking and not, or not like that, in the other."""

    def only(name: str) -> dict[Any, Any]:
        mine, theirs = getattr(one, name), getattr(other, name)
        return {} if mine == theirs else {key: value for key, value in mine.items() if theirs.get(key) != value}

    names = ("tokens", "arrived", "expected", "multi", "fired", "history", "after")
    return Marking(0, **{name: only(name) for name in names})


def _trimmed(lost: Marking, won: Marking) -> tuple[Marking, Marking]:
    """Without the arrivals and done instances that were there before: forty branches would each repeat them all."""
    came = {key: flows for key, flows in won.arrived.items() if set(lost.arrived.get(key, ())) <= set(flows)}
    went = {key: pair for key, pair in lost.multi.items() if key in won.multi}
    arrived = {
        key: tuple(flow for flow in flows if flow not in lost.arrived.get(key, ())) for key, flows in came.items()
    }
    done = {
        key: (tuple(entry for entry in won.multi[key][0] if entry not in already), won.multi[key][1])
        for key, (already, _rest) in went.items()
    }
    return (
        replace(
            lost,
            arrived={key: flows for key, flows in lost.arrived.items() if key not in came},
            multi={**lost.multi, **{key: ((), rest) for key, (_done, rest) in went.items()}},
        ),
        replace(won, arrived={**won.arrived, **arrived}, multi={**won.multi, **done}),
    )


def _untouched(now: Marking, lost: Marking, won: Marking) -> bool:
    """Whether all a step brought is still as it was, and its place still there."""
    return (
        (not won.tokens or _tokens_kept(now, won))
        and all(_open(now, lost, token) for token in lost.tokens.values())
        and all(now.history.get(key) == details for key, details in won.history.items())
        and all(now.expected.get(key) == won.expected.get(key) for key in {*lost.expected, *won.expected})
        and all(_arrivals_kept(now, lost, won, key) for key in {*lost.arrived, *won.arrived})
        and all(_instances_kept(now, lost, won, number) for number in won.multi)
    )


def _tokens_kept(now: Marking, won: Marking) -> bool:
    brought = won.tokens.keys()
    return (
        all(now.tokens.get(number) == token for number, token in won.tokens.items())
        and not any(token.scope in brought and number not in brought for number, token in now.tokens.items())
        and all(now.fired.get(number) == won.fired.get(number) for number in brought)
        and all(now.after.get(number) == won.after.get(number) for number in brought)
    )


def _open(now: Marking, lost: Marking, token: Token) -> bool:
    """Whether the place of a token is still there; a signer before a task has none once the task itself is done."""
    if token.scope == WHOLE or token.scope in lost.tokens:
        return True
    place = now.tokens.get(token.scope)
    return place is not None and not (token.mark == BEFORE and place.mark == HELD)


def _arrivals_kept(now: Marking, lost: Marking, won: Marking, key: str) -> bool:
    first, then = set(lost.arrived.get(key, ())), set(won.arrived.get(key, ()))
    if not then:
        return key not in now.arrived
    return first <= then and then - first <= set(now.arrived.get(key, ()))


def _instances_kept(now: Marking, lost: Marking, won: Marking, number: int) -> bool:
    if number not in lost.multi:
        return now.multi.get(number) == won.multi[number]
    done = set(won.multi[number][0]) - set(lost.multi[number][0])
    return number in now.multi and done <= set(now.multi[number][0])


def recall(play: Play, now: Marking, number: int) -> None:
    """Take back what the completion of this token brought, and open again what it closed, under new numbers."""
    if number not in now.undo:
        raise Refused("不能撤回：下一环节已经办理，或办件的状态已经变化。请与下一环节联系，由其退回。")
    lost, won = now.undo[number]
    for brought in sorted(won.tokens):
        if brought in play.tokens and won.tokens[brought].scope not in won.tokens:
            play.cancel(brought)
    fresh = {old: play.n + position for position, old in enumerate(sorted(lost.tokens))}
    play.n += len(fresh)
    _restore_notes(play, lost, won, fresh)
    _restore_arrivals(play, lost, won, fresh)
    _restore_instances(play, lost, won, fresh)
    for old in sorted(lost.tokens):
        token = lost.tokens[old]
        play.tokens[fresh[old]] = token._replace(scope=fresh.get(token.scope, token.scope))
    for old, new in fresh.items():
        for store, kept in ((play.fired, lost.fired), (play.after, lost.after)):
            if old in kept:
                store[new] = kept[old]
        play.announce(new)


def _renumbered(key: str, fresh: Mapping[int, int]) -> str:
    scope, _, name = key.partition("/")
    return f"{fresh.get(int(scope), int(scope))}/{name}"


def _restore_notes(play: Play, lost: Marking, won: Marking, fresh: Mapping[int, int]) -> None:
    for key in won.history:
        if key not in lost.history:
            play.history.pop(key, None)
    for key, details in lost.history.items():
        scope = int(key.partition("/")[0])
        if scope == WHOLE or scope in fresh or scope in play.tokens:
            play.history[_renumbered(key, fresh)] = details


def _restore_arrivals(play: Play, lost: Marking, won: Marking, fresh: Mapping[int, int]) -> None:
    for key in {*lost.arrived, *won.arrived}:
        first, then = lost.arrived.get(key, ()), won.arrived.get(key, ())
        now = play.arrived.pop(key, ())
        kept = tuple(flow for flow in now if flow in first or flow not in then) if then else first
        if kept:
            play.arrived[_renumbered(key, fresh)] = kept
    for key in won.expected:
        play.expected.pop(key, None)
    for key, flows in lost.expected.items():
        play.expected[_renumbered(key, fresh)] = flows


def _restore_instances(play: Play, lost: Marking, won: Marking, fresh: Mapping[int, int]) -> None:
    for number, (done, rest) in lost.multi.items():
        if number in fresh:
            play.multi[fresh[number]] = (done, rest)
        else:
            then_done, then_rest = won.multi[number]
            now_done, now_rest = play.multi[number]
            added = set(then_done) - set(done)
            started = rest[: len(rest) - len(then_rest)]
            play.multi[number] = (tuple(entry for entry in now_done if entry not in added), (*started, *now_rest))
