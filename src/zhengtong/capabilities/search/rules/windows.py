"""分词与检索式: what is written into the index, what is asked of it, and what is marked in a result.

Every run of letters and digits is cut into windows: at each character begins a token of the next two hanzi, or of
the next sixteen letters or digits. A run that ends sooner gives a shorter token. So any part of any word is found
(recall 1), a single character by prefix, and no dictionary is needed.
"""

import dataclasses
import functools
import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from zhengtong.kernel.actors import Actor

HANZI_WINDOW = 2
WORD_WINDOW = 16

# PostgreSQL keeps positions up to 16383 and one megabyte in all; longer texts are split by the caller
MOST_POSITIONS = 16_000
MOST_BYTES = 600_000
MOST_QUERY_CHARACTERS = 100

_HANZI = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af]")

Run = tuple[bool, str]
#: (position among the letters, digits and hanzi of the part, token)
Placed = tuple[int, str]


@dataclasses.dataclass(frozen=True)
class Piece:
    """Part of a text in a result; ``hit`` when it is what was searched for."""

    text: str
    hit: bool = False


@functools.lru_cache(maxsize=40_000)
def folded(character: str) -> str:
    """One character as it is compared: half width, small letters, no accents, a space for everything else."""
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    kept = "".join(part for part in parts if not unicodedata.combining(part))
    return "".join(part if part.isalnum() else " " for part in kept)


def fold(text: str) -> str:
    """A text as it is compared; character by character, so that a part of a text folds to a part of it."""
    return "".join(map(folded, text))


def is_hanzi(character: str) -> bool:
    """True for a Chinese character."""
    return bool(_HANZI.match(character))


def pieces_of(text: str) -> list[list[Run]]:
    """Unbroken pieces of a folded text, each as runs of (is hanzi, characters)."""
    return [
        [(hanzi, "".join(run)) for hanzi, run in itertools.groupby(piece, key=is_hanzi)] for piece in fold(text).split()
    ]


def tokens(text: str) -> Iterator[str]:
    """The tokens of a text in the order of their positions: one for each letter, digit and hanzi."""
    for piece in pieces_of(text):
        for hanzi, run in piece:
            window = HANZI_WINDOW if hanzi else WORD_WINDOW
            for start in range(len(run)):
                yield run[start : start + window]


def vector(parts: Iterable[tuple[str, str]], sounds: Iterable[Placed] = ()) -> str:
    """The text of a tsvector of (weight A to D, text) parts; positions go on from part to part.

    ``sounds`` are further tokens of the first part. What exceeds PostgreSQL's limits is left out, the end of the last
    part first.
    """
    positions: dict[str, list[str]] = {}
    position = size = 0
    for at, token in sounds:
        size += len(token.encode()) + 8
        positions.setdefault(token, []).append(f"{at + 1}C")
    for weight, text in parts:
        for token in tokens(text):
            position += 1
            size += len(token.encode()) + 8
            if position > MOST_POSITIONS or size > MOST_BYTES:
                break
            positions.setdefault(token, []).append(f"{position}{weight}")
        position += 1  # the end of one part and the beginning of the next are no phrase
    return " ".join(f"{quoted(token)}:{','.join(places)}" for token, places in positions.items())


def query(text: str) -> str:
    """The text of a tsquery that finds every entry containing all pieces of ``text``; empty when it has none."""
    phrases = dict.fromkeys(_phrase(piece) for piece in pieces_of(text[:MOST_QUERY_CHARACTERS]))
    return " & ".join(f"({phrase})" for phrase in phrases)


def everyday_in(text: str, known: Mapping[str, str]) -> dict[str, str]:
    """Everyday words that stand in a query, with what they are called here, unless that stands in it as well."""
    whole = "".join(fold(text[:MOST_QUERY_CHARACTERS]).split())
    return {
        said: called
        for said, called in known.items()
        if (short := "".join(fold(said).split())) and short in whole and "".join(fold(called).split()) not in whole
    }


def title_tokens(text: str, known: Mapping[str, str]) -> list[str]:
    """Windows of two hanzi (whole words of letters) of a query and of the everyday words it resembles, once each."""
    own = dict.fromkeys(token for token in tokens(text[:MOST_QUERY_CHARACTERS]) if len(token) > 1)
    like = [called for said, called in known.items() if any(token in fold(said) for token in own)]
    own |= dict.fromkeys(token for called in like for token in tokens(called) if len(token) > 1)
    return list(own)[:MOST_QUERY_CHARACTERS]


def quoted(token: str) -> str:
    """A token as PostgreSQL reads it literally."""
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"


def _phrase(piece: list[Run]) -> str:
    found: list[tuple[int, str]] = []
    start = 0
    for number, (hanzi, run) in enumerate(piece):
        window = HANZI_WINDOW if hanzi else WORD_WINDOW
        open_ended = number == len(piece) - 1 and len(run) < window
        offsets = [*range(0, max(len(run) - window, 0), window), max(len(run) - window, 0)]
        found += [(start + o, quoted(run[o : o + window]) + (":*" if open_ended else "")) for o in offsets]
        start += len(run)
    text = found[0][1]
    for (before, _token), (at, token) in itertools.pairwise(found):
        text += f" <{at - before}> {token}"
    return text


def highlighted(text: str, words: str, *, length: int = 0) -> tuple[Piece, ...]:
    """A text in pieces, those marked that ``words`` ask for; with ``length`` only the part around the first of them."""
    marked = _marks(text, words)
    start, end = 0, len(text)
    if length and len(text) > length:
        start = max(min(marked.index(True) - length // 4 if True in marked else 0, len(text) - length), 0)
        end = start + length
    found = [
        Piece("".join(character for character, _hit in group), hit)
        for hit, group in itertools.groupby(zip(text[start:end], marked[start:end], strict=True), key=lambda p: p[1])
    ]
    before = [Piece("…")] if start else []
    after = [Piece("…")] if end < len(text) else []
    return tuple(before + found + after)


def contains(text: str, words: str) -> bool:
    """Whether every piece of ``words`` stands in the text."""
    whole = fold(text)
    return all(wanted in whole for wanted in fold(words[:MOST_QUERY_CHARACTERS]).split())


def _marks(text: str, words: str) -> list[bool]:
    """For each character whether it belongs to a piece that was searched for."""
    folds = [folded(character) for character in text]
    owner = [number for number, part in enumerate(folds) for _ in part]
    whole = "".join(folds)
    marked = [False] * len(text)
    for wanted in dict.fromkeys(fold(words[:MOST_QUERY_CHARACTERS]).split()):
        at = whole.find(wanted)
        while at >= 0:
            for number in owner[at : at + len(wanted)]:
                marked[number] = True
            at = whole.find(wanted, at + 1)
    return marked


def access_tokens(actor: Actor) -> list[str]:
    """What an actor may find: the words that entries for him, his post, his units or his roles carry."""
    found = ["public"]
    if actor.signed_in:
        found += ["signed_in", f"person:{actor.person_id}"]
    if actor.post_id:
        found.append(f"post:{actor.post_id}")
    if actor.org_code:
        found.append(f"org:{actor.org_code}")
    found += [f"under:{code}" for code in actor.org_path.split("/") if code]
    found += [f"role:{role}" for role in sorted(actor.roles)]
    return found
