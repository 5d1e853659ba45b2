"""How titles sound: tokens of pinyin, initials and shapes, and the queries that ask for them.

Beside the plain tokens of ``windows`` a title has tokens that begin with a sign no text can hold: ``~p`` two syllables,
``~i`` six initials, ``~h`` two hanzi, ``~s`` the hanzi before and behind one that is left out. Readings are folded
(zh = z, ang = an), as they are often confused. A hanzi of several readings has a token for each of the first three.
"""

import functools
import itertools
import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from zhengtong.capabilities.search.rules.windows import (
    MOST_QUERY_CHARACTERS,
    fold,
    is_hanzi,
    pieces_of,
    query,
    quoted,
)

SIGN: Final = "~"
INITIALS_WINDOW: Final = 6
MOST_READINGS: Final = 3
_MOST_SPLITS, _MOST_LETTERS, _MOST_VARIANTS = 6, 40, 12

Sounds = tuple[str, ...]

_SYLLABLES: Final = (
    "a ai an ang ao ba bai ban bang bao bei ben beng bi bian biao bie bin bing bo bu ca cai can cang cao ce cen "
    "ceng cha chai chan chang chao che chen cheng chi chong chou chu chua chuai chuan chuang chui chun chuo ci "
    "cong cou cu cuan cui cun cuo da dai dan dang dao de dei deng di dia dian diao die ding diu dong dou du duan "
    "dui dun duo e ei en er fa fan fang fei fen feng fo fou fu ga gai gan gang gao ge gei gen geng gong gou gu "
    "gua guai guan guang gui gun guo ha hai han hang hao he hei hen heng hong hou hu hua huai huan huang hui hun "
    "huo ji jia jian jiang jiao jie jin jing jiong jiu ju juan jue jun ka kai kan kang kao ke kei ken keng kong "
    "kou ku kua kuai kuan kuang kui kun kuo la lai lan lang lao le lei len leng li lia lian liang liao lie lin "
    "ling liu lo long lou lu luan lue lun luo lv lve ma mai man mang mao me mei men meng mi mian miao mie min "
    "ming miu mo mou mu na nai nan nang nao ne nei nen neng ni nian niang niao nie nin ning niu nong nou nu nuan "
    "nue nuo nv nve o ou pa pai pan pang pao pei pen peng pi pian piao pie pin ping po pou pu qi qia qian qiang "
    "qiao qie qin qing qiong qiu qu quan que qun ran rang rao re ren reng ri rong rou ru ruan rui run ruo sa sai "
    "san sang sao se sen seng sha shai shan shang shao she shei shen sheng shi shou shu shua shuai shuan shuang "
    "shui shun shuo si song sou su suan sui sun suo ta tai tan tang tao te tei teng ti tian tiao tie ting tong "
    "tou tu tuan tui tun tuo wa wai wan wang wei wen weng wo wu xi xia xian xiang xiao xie xin xing xiong xiu xu "
    "xuan xue xun ya yan yang yao ye yi yin ying yo yong you yu yuan yue yun za zai zan zang zao ze zei zen zeng "
    "zha zhai zhan zhang zhao zhe zhei zhen zheng zhi zhong zhou zhu zhua zhuai zhuan zhuang zhui zhun zhuo zi "
    "zong zou zu zuan zui zun zuo"
)
#: every syllable of pinyin without its tone; ü is written v
SYLLABLES: Final = frozenset(_SYLLABLES.split())
_LONGEST = max(map(len, SYLLABLES))
_BEGINNINGS = frozenset(syllable[:end] for syllable in SYLLABLES for end in range(1, len(syllable)))


def folded_sound(syllable: str) -> str:
    """A syllable as it is compared: zh = z, ch = c, sh = s, ang = an, eng = en, ing = in, ü = u."""
    short = syllable.replace("v", "u")
    if short[:2] in ("zh", "ch", "sh"):
        short = short[0] + short[2:]
    return short[:-1] if len(short) > 2 and short.endswith("ng") else short


@functools.lru_cache(maxsize=10_000)
def readings(hanzi: str) -> Sounds:
    """The readings of one hanzi as they are compared, the commonest first; none for what has none."""
    # the readings of phrases would take another 40 MB of every process
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")
    from pypinyin import Style, pinyin

    found = pinyin(hanzi, style=Style.NORMAL, heteronym=True, errors="ignore")
    spoken = [folded_sound(one) for one in (found[0] if found else []) if one in SYLLABLES]
    return tuple(dict.fromkeys(spoken))[:MOST_READINGS]


def title_sounds(title: str) -> Iterator[tuple[int, str]]:
    """(position, token) of how a title sounds and looks; positions count its letters, digits and hanzi from 0."""
    position = 0
    for piece in pieces_of(title):
        for hanzi, run in piece:
            if hanzi:
                spoken = [readings(one) for one in run]
                for at in range(len(run)):
                    yield from ((position + at, SIGN + token) for token in _at(run, spoken, at))
            position += len(run)


def _at(run: str, spoken: Sequence[Sounds], at: int) -> Iterator[str]:
    yield "h" + run[at : at + 2]
    if at + 2 < len(run):
        yield "s" + run[at] + run[at + 2]
    after = spoken[at + 1] if at + 1 < len(run) else ("",)
    for first, second in itertools.product(spoken[at], after or ("",)):
        yield f"p{first}-{second}"
    initials = [tuple(dict.fromkeys(one[0] for one in sounds)) for sounds in spoken[at : at + INITIALS_WINDOW]]
    known = list(itertools.takewhile(bool, initials))
    if known:
        for letters in itertools.islice(itertools.product(*known), _MOST_VARIANTS):
            yield "i" + "".join(letters)


def syllables_in(letters: str) -> list[tuple[Sounds, bool]]:
    """How letters can be read as pinyin, longest syllables first: (syllables, the last one is whole).

    A last syllable that is only begun is taken where nothing else can be read.
    """
    letters = fold(letters)
    if not letters.isascii() or not letters.isalpha() or len(letters) > _MOST_LETTERS:
        return []
    whole = list(itertools.islice(_split(letters), _MOST_SPLITS))
    if whole:
        return [(one, True) for one in whole]
    for cut in range(1, min(_LONGEST, len(letters))):
        if letters[-cut:] in _BEGINNINGS:
            begun = [((*one, letters[-cut:]), False) for one in itertools.islice(_split(letters[:-cut]), 2)]
            if begun:
                return begun
    return []


@functools.lru_cache(maxsize=2_000)
def _cuts(letters: str) -> tuple[int, ...]:
    """Lengths of the syllables letters may begin with, the longest first, where the rest can be read as well."""
    found = range(min(_LONGEST, len(letters)), 0, -1)
    return tuple(n for n in found if letters[:n] in SYLLABLES and (n == len(letters) or _cuts(letters[n:])))


def _split(letters: str) -> Iterator[Sounds]:
    for length in _cuts(letters):
        if length == len(letters):
            yield (letters,)
        else:
            yield from ((letters[:length], *rest) for rest in _split(letters[length:]))


def letters_query(letters: str, *, typing: bool = False) -> str:
    """The text of a tsquery for titles that sound like these letters or begin words with them; empty for none.

    While somebody is ``typing`` the last syllable may go on.
    """
    found = []
    for sounds, whole in syllables_in(letters):
        spoken = [(folded_sound(one),) for one in sounds]
        if len(spoken) > 1 or typing:
            found.append(_spoken_query(spoken, open_ended=typing or not whole))
    short = fold(letters)
    if short.isascii() and short.isalpha() and 2 <= len(short) <= 2 * INITIALS_WINDOW:
        found.append(_initials_query(short))
    return " | ".join(f"({one})" for one in found if one)


def hanzi_query(run: str) -> str:
    """The text of a tsquery for titles that hold something sounding like this run of hanzi; empty for none."""
    spoken = [readings(one)[:2] for one in run]
    return _spoken_query(spoken) if len(run) > 1 and all(spoken) else ""


def typed_query(words: str) -> str:
    """The text of a tsquery for titles that hold what was typed so far, by hanzi, pinyin or initials."""
    found = []
    for piece in pieces_of(words):
        text = "".join(run for _hanzi, run in piece)
        if all(map(is_hanzi, text)):
            found.append(shape_query(text) if len(text) > 1 else f"{quoted(SIGN + 'h' + text)}:*")
        else:
            asked = letters_query(text, typing=True) if text.isalpha() else ""
            found.append(f"({asked} | {quoted(text[:16])}:*)" if asked else f"{quoted(text[:16])}:*")
    return " & ".join(f"({one})" for one in found[:4])


def spoken_query(words: str) -> str:
    """The text of a tsquery like ``windows.query`` whose pieces of letters also find titles that sound like them."""
    found = []
    for piece in fold(words[:MOST_QUERY_CHARACTERS]).split():
        plain = query(piece)
        heard = letters_query(piece) if piece.isascii() and piece.isalpha() else ""
        found.append(f"({plain} | {heard})" if plain and heard else plain)
    return " & ".join(one for one in dict.fromkeys(found) if one)


def heard_in(title: str, words: str) -> list[str]:
    """The parts of a title that sound like the pieces of letters in a query, or whose initials these are."""
    text, found = fold(title), []
    for piece in fold(words[:MOST_QUERY_CHARACTERS]).split():
        if not (piece.isascii() and piece.isalpha()) or len(piece) < 2 or piece in text:
            continue
        ways = [[folded_sound(one) for one in sounds] for sounds, _whole in syllables_in(piece)]
        ways = [way for way in ways if len(way) > 1] + [list(piece)]
        parts = (text[at : at + len(way)] for way in ways for at in range(len(text) - len(way) + 1))
        found += [part for part in parts if _heard(part, ways)][:1]
    return found


def _heard(part: str, ways: Sequence[Sequence[str]]) -> bool:
    """Whether each hanzi of the part begins a reading as one of the ways says it."""
    return any(
        len(part) == len(way)
        and all(any(sound.startswith(said) for sound in readings(one)) for one, said in zip(part, way, strict=True))
        for way in ways
    )


def shape_query(run: str) -> str:
    """The text of a tsquery for titles that hold this run of two hanzi or more."""
    return _joined([(at, quoted(f"{SIGN}h{run[at : at + 2]}")) for at in _offsets(len(run), 2)])


def _spoken_query(spoken: Sequence[Sounds], *, open_ended: bool = False) -> str:
    if len(spoken) == 1:
        last = "" if open_ended else "-"
        return " | ".join(f"{quoted(f'{SIGN}p{one}{last}')}:*" for one in spoken[0])
    found = []
    for at in _offsets(len(spoken), 2):
        tail = ":*" if open_ended and at + 2 == len(spoken) else ""
        pairs = itertools.product(spoken[at], spoken[at + 1])
        found.append((at, " | ".join(quoted(f"{SIGN}p{one}-{two}") + tail for one, two in pairs)))
    return _joined([(at, f"({token})") for at, token in found])


def _initials_query(letters: str) -> str:
    size = INITIALS_WINDOW
    if len(letters) <= size:
        return f"{quoted(SIGN + 'i' + letters)}:*"
    return _joined([(at, quoted(f"{SIGN}i{letters[at : at + size]}")) for at in _offsets(len(letters), size)])


def _offsets(length: int, window: int) -> list[int]:
    return list(dict.fromkeys([*range(0, max(length - window, 0), window), max(length - window, 0)]))


def _joined(found: Iterable[tuple[int, str]]) -> str:
    """Tokens at their places as a phrase."""
    placed = list(found)
    text = placed[0][1]
    for (before, _token), (at, token) in itertools.pairwise(placed):
        text += f" <{at - before}> {token}"
    return text
