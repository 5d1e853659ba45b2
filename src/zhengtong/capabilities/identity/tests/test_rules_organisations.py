"""Paths, aliases, and the administrators who exclude each other."""

import itertools

import pytest

from zhengtong.capabilities.identity.rules import (
    ADMINISTRATORS,
    Alias,
    colliding_roles,
    excluding_roles,
    organisation_paths,
    parse_aliases,
)


def test_a_path_names_every_superior() -> None:
    paths = organisation_paths({"G22": "C01", "C01": "", "H08": "G04", "G04": "C01"})

    assert paths == {"C01": "/C01/", "G22": "/C01/G22/", "G04": "/C01/G04/", "H08": "/C01/G04/H08/"}


def test_a_circle_and_a_missing_superior_are_refused() -> None:
    with pytest.raises(ValueError, match="成环"):
        organisation_paths({"A": "B", "B": "A"})
    with pytest.raises(ValueError, match="不存在"):
        organisation_paths({"A": "Z"})


def test_marks_of_aliases_are_taken_off_the_name() -> None:
    assert parse_aliases("建设局(旧);县建设局; 县知识产权局(挂牌)") == (
        Alias("建设局", "旧"),
        Alias("县建设局"),
        Alias("县知识产权局", "挂牌"),
    )
    assert parse_aliases("") == ()


def test_a_name_with_brackets_of_its_own_stays_whole() -> None:
    assert parse_aliases("县纪委(县监委)") == (Alias("县纪委(县监委)"),)


@pytest.mark.parametrize(("one", "other"), list(itertools.permutations(ADMINISTRATORS, 2)))
def test_two_administrators_are_never_one_person(one: str, other: str) -> None:
    assert excluding_roles(one, {other, "clerk"}) == {other}
    assert colliding_roles({one, other, "clerk"}) == {one, other}


def test_business_roles_go_together() -> None:
    assert excluding_roles("clerk", {"reviewer", "sys_admin"}) == frozenset()
    assert colliding_roles({"clerk", "leader", "sys_admin"}) == frozenset()
