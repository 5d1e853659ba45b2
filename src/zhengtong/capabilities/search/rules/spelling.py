"""Words that are nearly right: what to ask the index for, and which words of a title are meant."""

import collections
from collections.abc import Iterable, Iterator
from typing import Final

from zhengtong.capabilities.search.rules.sounds import SIGN, hanzi_query, readings
from zhengtong.capabilities.search.rules.windows import fold, is_hanzi, quoted

SHORTEST, LONGEST = 2, 12
#: one hanzi wrong, left out or too many is looked for in words of at least so many
_SHORTEST_SLIP: Final = 3
_MOST_ADDED: Final = 2
_AT_AN_END: Final = 3
_LEAST_TITLES: Final = 2


def correctable(words: str) -> list[str]:
    """The pieces of a query in which a slip is looked for: runs of hanzi, neither a single one nor a sentence."""
    found = [piece for piece in fold(words).split() if SHORTEST <= len(piece) <= LONGEST and all(map(is_hanzi, piece))]
    return list(dict.fromkeys(found))[:3]


def slip_query(run: str) -> str:
    """The text of a tsquery for titles that hold something like this run of hanzi; empty for none."""
    found = [hanzi_query(run)]
    if len(run) >= _SHORTEST_SLIP:
        found += [_phrase(places) for places in _slips(run)]
    return " | ".join(f"({one})" for one in dict.fromkeys(found) if one)


def meant_in(run: str, title: str) -> tuple[int, str]:
    """How near and which part of a title was probably meant by a run of hanzi; an empty part where none is near enough.

    One that sounds the same comes first, then one that differs in an inner hanzi, one with a hanzi more or less, one
    that differs at an end.
    """
    text, size = fold(title), len(run)
    windows = [text[at : at + size] for at in range(len(text) - size + 1)]
    alike = next((part for part in windows if part != run and _sounds_like(part, run)), "")
    if alike or size < _SHORTEST_SLIP:
        return 0, alike
    others = [part for part in windows if all(map(is_hanzi, part)) and _different(part, run) == 1]
    inner = next((part for part in others if (part[0], part[-1]) == (run[0], run[-1])), "")
    if inner:
        return 1, inner
    longer = (text[at : at + size + 1] for at in range(len(text) - size))
    shorter, short = (text[at : at + size - 1] for at in range(len(text) - size + 2)), _without_one(run)
    missing = next((part for part in longer if run in _without_one(part)), "")
    if missing or (missing := next((part for part in shorter if part in short), "")):
        return 2, missing
    return _AT_AN_END, next(iter(others), "")


def most_meant(run: str, titles: Iterable[str]) -> str:
    """What most of the titles suggest, the nearest first; among equals the one met first, so that better titles count.

    Where the slip is at an end, the part is lengthened by what stands there in all titles: 营业证 means 营业执照 then.
    """
    texts = [fold(title) for title in titles]
    graded = collections.Counter(found for text in texts if (found := meant_in(run, text))[1])
    if not graded:
        return ""
    nearest = min(grade for grade, _part in graded)
    part = next(part for (grade, part), _n in graded.most_common() if grade == nearest)
    return part if nearest != _AT_AN_END else _whole(part, run, [text for text in texts if part in text])


def _whole(part: str, run: str, texts: list[str]) -> str:
    """A part with what follows or precedes it everywhere, at the end where it differs from what was typed."""
    if len(texts) < _LEAST_TITLES:
        return part
    ends, begins = part[-1] != run[-1], part[0] != run[0]
    for _ in range(_MOST_ADDED):
        behind = {text[text.find(part) + len(part) :][:1] for text in texts}
        before = {text[max(text.find(part) - 1, 0) : text.find(part)] for text in texts}
        if ends and _one_hanzi(behind):
            part += behind.pop()
        elif begins and _one_hanzi(before):
            part = before.pop() + part
    return part


def _one_hanzi(signs: set[str]) -> bool:
    return len(signs) == 1 and all(map(is_hanzi, signs)) and "" not in signs


def _sounds_like(part: str, run: str) -> bool:
    return all(set(readings(one)) & set(readings(other)) for one, other in zip(part, run, strict=True))


def _different(part: str, run: str) -> int:
    return sum(one != other for one, other in zip(part, run, strict=True))


def _without_one(text: str) -> set[str]:
    """A text with one of its inner signs left out: at its ends nothing would be known to be missing."""
    return {text[:at] + text[at + 1 :] for at in range(1, len(text) - 1)}


def _slips(run: str) -> Iterator[list[tuple[int, str]]]:
    """Tokens with their places for each way to slip: one hanzi wrong, one missing, one too many."""
    size = len(run)
    for wrong in range(size):
        kept = [(at, "h" + run[at : at + 2]) for at in range(size - 1) if wrong not in (at, at + 1)]
        if 0 < wrong < size - 1:
            kept.append((wrong - 1, "s" + run[wrong - 1] + run[wrong + 1]))
        yield sorted(kept)
    for gap in range(1, size):
        before = [(at, "h" + run[at : at + 2]) for at in range(gap - 1)]
        behind = [(at + 1, "h" + run[at : at + 2]) for at in range(gap, size - 1)]
        yield [*before, (gap - 1, "s" + run[gap - 1] + run[gap]), *behind]
    for extra in range(1, size - 1):
        short = run[:extra] + run[extra + 1 :]
        yield [(at, "h" + short[at : at + 2]) for at in range(len(short) - 1)]


def _phrase(places: list[tuple[int, str]]) -> str:
    """Tokens at their places; a phrase may begin in the middle, so that only distances count."""
    text, last = "", 0
    for at, token in places:
        asked = quoted(SIGN + token)
        text = f"{text} <{at - last}> {asked}" if text else asked
        last = at
    return text
