"""When a message may go out, when it is tried again, and how its words are put together."""

import dataclasses
import datetime as dt
import re
from collections.abc import Collection, Iterable, Mapping
from zoneinfo import ZoneInfo

_CHINA = ZoneInfo("Asia/Shanghai")
_FIRST_PAUSE = dt.timedelta(seconds=30)
_DOUBLINGS = 20
_QUIET = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")
_VARIABLE = re.compile(r"\{([^{}]*)\}")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
TITLE_LENGTH = 120


def pause_after(attempts: int, *, longest: dt.timedelta) -> dt.timedelta:
    """How long to wait after so many attempts: 30 s, doubled each time, ``longest`` at most."""
    return min(_FIRST_PAUSE * (1 << min(max(attempts - 1, 0), _DOUBLINGS)), longest)


@dataclasses.dataclass(frozen=True)
class QuietHours:
    """The hours of the night in which no short message goes out; equal ends mean that there are none."""

    begin: dt.time
    end: dt.time

    @classmethod
    def parse(cls, text: str) -> "QuietHours":
        """From ``22:00-07:00``; raises ValueError for anything else. The empty text means no quiet hours."""
        if not text.strip():
            return cls(dt.time(0), dt.time(0))
        found = _QUIET.fullmatch(text.strip())
        if found is None:
            raise ValueError(f"{text!r} names no hours such as 22:00-07:00")
        first, second, third, fourth = map(int, found.groups())
        return cls(dt.time(first, second), dt.time(third, fourth))

    def over_at(self, instant: dt.datetime) -> dt.datetime:
        """When a message of that instant may go out: then, or at the end of the quiet hours it falls into."""
        local = instant.astimezone(_CHINA)
        if self.begin <= self.end:
            quiet = self.begin <= local.time() < self.end
        else:
            quiet = local.time() >= self.begin or local.time() < self.end
        if not quiet:
            return instant
        day = local.date() + dt.timedelta(days=int(self.begin > self.end and local.time() >= self.begin))
        return dt.datetime.combine(day, self.end, _CHINA).astimezone(dt.UTC)


def variables_in(text: str) -> list[str]:
    """What stands in braces in a text, in order, each once."""
    return list(dict.fromkeys(_VARIABLE.findall(text)))


def faults_of(text: str, known: Collection[str]) -> list[str]:
    """What is wrong with the words of a template, as Chinese sentences; empty when nothing is."""
    unknown = [name for name in variables_in(text) if name not in known]
    found = []
    if unknown:
        names = "、".join(f"{{{name}}}" for name in known) or "无"
        found.append(f"没有这个变量：{'、'.join(f'{{{name}}}' for name in unknown)}。可以使用：{names}。")
    rest = _VARIABLE.sub("", text)
    if "{" in rest or "}" in rest:
        found.append("花括号没有成对。变量写作 {名称}，前后各一个半角花括号。")
    if "｛" in text or "｝" in text:
        found.append("花括号请用半角 { }。")
    return found


def filled(text: str, values: Mapping[str, object]) -> str:
    """The words with values for variables; raises ValueError that names the values nobody gave."""
    missing = [name for name in variables_in(text) if name not in values]
    if missing:
        raise ValueError(f"no value for {', '.join(missing)}")
    return _VARIABLE.sub(lambda found: str(values[found[1]]), text)


def title_of(text: str) -> str:
    """A title on one line that fits into its column."""
    plain = " ".join(text.split())
    return plain if len(plain) <= TITLE_LENGTH else f"{plain[: TITLE_LENGTH - 1]}…"


def is_variable_name(text: str) -> bool:
    """True for a name as kinds of messages give to their variables."""
    return bool(_NAME.fullmatch(text))


def outcome_of_parts(states: Iterable[str]) -> str:
    """What the states of all parts mean for the message: delivered, sent, flying or failed."""
    found = set(states)
    if found == {"delivered"}:
        return "delivered"
    if "submitted" in found:
        return "flying"
    return "sent" if found and found <= {"accepted", "delivered"} else "failed"


def masked_mail(address: str) -> str:
    """``z***@example.cn``: the first letter and the server."""
    name, sign, server = address.partition("@")
    return f"{name[:1]}***{sign}{server}" if address else ""
