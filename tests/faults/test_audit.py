"""The audit counts what is missing, what is there twice and what stands still: each may be the only thing wrong."""

import dataclasses

import pytest

from faults.acknowledged import Acknowledgement, Log, read
from faults.audit import Records, audit

ACTS = [
    Acknowledgement("submit", "a1"),
    Acknowledgement("upload", "a1", "plan:abc"),
    Acknowledgement("step", "w1", "approve", "c1"),
]
WHOLE = Records(
    submitted={"a1": "2026"},
    files={("a1", "plan:abc")},
    steps={"w1": "approve"},
    commands={"c1"},
    opinions={"w1": 1},
    licensed={"a1"},
    approved={"a1"},
    expected={("cases.open", "k1"): 1, ("cases.review.agree", "k1"): 4},
    entered={("cases.open", "k1"): 1, ("cases.review.agree", "k1"): 4},
    counts={"paper of an object": {"licence application a1": 2}, "mail at its reader": {"d1": 2}},
    allowed={"paper of an object": {"licence application a1": 2}, "mail at its reader": {"d1": 3}},
    stuck={"event not told to everybody": []},
)


def test_nothing_is_found_where_all_is_there_once():
    verdict = audit(ACTS, WHOLE)

    assert verdict.clean


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"submitted": {}}, "acknowledged submit"),
        ({"files": set()}, "acknowledged upload"),
        ({"steps": {}}, "acknowledged step"),
        ({"steps": {"w1": "reject"}}, "acknowledged step"),
        ({"opinions": {}}, "acknowledged step"),
        ({"commands": set()}, "acknowledged step"),
        ({"licensed": set()}, "approved without a licence"),
        ({"without_bytes": ["abc"]}, "stored file without its bytes"),
        ({"entered": {("cases.open", "k1"): 1, ("cases.review.agree", "k1"): 3}}, "act without its ledger entry"),
    ],
)
def test_what_is_missing_is_lost(change, words):
    verdict = audit(ACTS, dataclasses.replace(WHOLE, **change))

    assert [finding.what for finding in verdict.lost] == [words]
    assert not verdict.doubled
    assert not verdict.stuck


@pytest.mark.parametrize(
    ("change", "number"),
    [
        ({"opinions": {"w1": 2}}, 1),
        ({"entered": {("cases.open", "k1"): 3, ("cases.review.agree", "k1"): 4}}, 2),
        ({"counts": {"case of an application": {"application a1": 2}}}, 1),
        ({"counts": {"paper of an object": {"licence application a1": 3}}}, 1),
        ({"counts": {"mail at its reader": {"d1": 5}}}, 2),
        ({"counts": {"mail at its reader": {"unknown": 2}}}, 1),
    ],
)
def test_what_is_there_too_often_is_doubled(change, number):
    verdict = audit(ACTS, dataclasses.replace(WHOLE, **change))

    assert len(verdict.doubled) == number
    assert not verdict.lost


def test_what_stands_still_is_stuck():
    verdict = audit(ACTS, dataclasses.replace(WHOLE, stuck={"event not told to everybody": ["e1", "e2"]}))

    assert [finding.key for finding in verdict.stuck] == ["e1", "e2"]
    assert not verdict.clean


def test_the_same_acknowledgement_twice_is_looked_for_once():
    verdict = audit([*ACTS, *ACTS], dataclasses.replace(WHOLE, submitted={}))

    assert len(verdict.lost) == 1


def test_an_act_of_no_known_kind_is_no_act():
    with pytest.raises(ValueError, match="nobody acknowledges"):
        audit([Acknowledgement("sing", "a1")], WHOLE)


def test_a_last_line_cut_short_was_acknowledged_to_nobody(tmp_path):
    log = Log(tmp_path / "acts.jsonl")
    for act in ACTS:
        log.note(act)
    log.close()
    with log.path.open("a") as file:
        file.write('{"act": "submit", "ke')

    assert read([log.path]) == ACTS
