"""No list ends silently: what a page cannot show at once is turned to page after page (kernel.paging)."""

import re

import pytest

from tests.fitness.tree import SOURCE

#: the first hundred or more of an ordered list, and nothing said of the others
_CUT = re.compile(r"(?:order_by\([^()]*(?:\([^()]*\)[^()]*)*\)|\b(?:rows|ordered|found)|\w+\(actor\))\[:\d{3,}\]")
_MAY = {
    "capabilities/exchange/selectors/work_list.py": "what is held back stands above the page, the oldest first",
    "systems/service_hall/selectors/reuse.py": "the newest files of one person, offered to be used again",
}


def cut(text: str) -> list[str]:
    return [found.group() for found in _CUT.finditer(text)]


@pytest.mark.parametrize(
    "text",
    ['return list(rows.order_by("due_on", "id")[:200])', "sorted(rows[:200])", "reads.desk_reports(actor)[:200]"],
)
def test_the_rule_sees_a_cut(text: str) -> None:
    assert cut(text)


def test_no_list_of_a_page_is_cut() -> None:
    found = {
        str(path.relative_to(SOURCE)): cut(path.read_text())
        for part in ("systems", "capabilities")
        for folder in ("selectors", "web")
        for path in (SOURCE / part).glob(f"*/{folder}/*.py")
    }

    assert len(found) > 200
    assert {path: lines for path, lines in found.items() if lines and path not in _MAY} == {}
