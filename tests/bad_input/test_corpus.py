"""Every case of the corpus at the real door: no fault of ours, a clear sentence, nothing lost, nothing half done."""

import collections
import html
import re
import sys

import pytest
from django.http import HttpResponse

from tests.bad_input.corpus import CASES, Case
from tests.bad_input.entrances import ENTRANCES
from tests.bad_input.ground import Ground, changed, rows_of_all_tables, text_of
from tests.bad_input.throwing import Thrown

#: a page may count a failed attempt, keep a draft saved on the way, or note who was shown personal data
_ALWAYS_FREE = ("identity_signinguard",)
#: what a form saves whenever one goes on, so that nothing typed is lost; that personal data were shown to a clerk;
#: what had to be made before the case could be thrown
_READ = ("ledger_entry", "ledger_payload")
_SAVED = {
    "form-1": ("forms_submission",),
    "form-2": ("forms_submission",),
    "answer-file": ("forms_submission",),
    "task": _READ,
    "pause": _READ,
    "drawing": ("cases_processdraft", *_READ),
}


@pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in CASES])
def test_a_case(ground: Ground, case: Case) -> None:
    before = rows_of_all_tables()
    thrown = Thrown()

    response = thrown.throw(case.id, lambda: _checked(case, ground, before))

    thrown.say()
    assert response is not None


def _checked(case: Case, ground: Ground, before: dict[str, tuple[int, str]]) -> HttpResponse:
    response = ENTRANCES[case.entrance](ground, case.given)
    said = html.unescape(text_of(response))
    page = "" if getattr(response, "streaming", False) else response.content.decode("utf-8", "replace")
    assert response.status_code < 500, said[:300]
    if case.status:
        assert response.status_code == case.status, said[:600]
    assert case.says in said, said[:900]
    shown = re.sub(r"\s+", " ", html.unescape(page))
    for kept in case.keeps:
        assert re.sub(r"\s+", " ", kept) in shown, (kept[:80], said[:900])
    for never in case.never:
        assert never not in page, never
    if not case.taken:
        free = {*_ALWAYS_FREE, *case.leaves, *_SAVED.get(case.entrance, ())}
        assert not changed(before, but=free), changed(before, but=free)
    return response


def test_the_corpus_is_large_and_every_case_has_a_name_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    count = collections.Counter(case.entrance for case in CASES)

    with capsys.disabled():
        sys.stdout.write("\n" + "".join(f"{entrance:16} {number}\n" for entrance, number in sorted(count.items())))
    assert len({case.id for case in CASES}) == len(CASES) >= 150
    assert set(count) == set(ENTRANCES)
