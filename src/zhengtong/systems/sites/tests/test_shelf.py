"""The shelf of published pages: what is put there, which edition counts, and that nothing old is ever found."""

import os
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.systems.sites.engine.shelf import LARGE, Place, Shelf

HEADERS = [("Content-Type", "text/html; charset=utf-8")]
HOME = Place("980723", "g22", "")


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path, memory=10_000)


def test_a_page_is_found_as_it_was_put_there(shelf, tmp_path):
    shelf.turn("980723", "g22", 3)
    article = Place("980723", "g22", "news/a1/")

    assert shelf.keep(HOME, 3, HEADERS, b"home")
    assert shelf.keep(article, 3, HEADERS, b"article")

    assert shelf.find(HOME).body == b"home"
    assert Shelf(tmp_path).find(article).headers == tuple(HEADERS)
    assert list(shelf.places("980723", "g22")) == [HOME, article]


def test_large_print_is_a_page_of_its_own(shelf):
    shelf.turn("980723", "g22", 1)
    shelf.keep(Place("980723", "g22", "", LARGE), 1, HEADERS, b"large")

    assert shelf.find(HOME) is None


def test_a_new_edition_empties_the_shelf_also_where_pages_are_held_in_memory(shelf, tmp_path):
    shelf.turn("980723", "g22", 1)
    shelf.keep(HOME, 1, HEADERS, b"old")
    assert shelf.find(HOME).body == b"old"

    Shelf(tmp_path).turn("980723", "g22", 2)

    assert shelf.find(HOME) is None
    assert not shelf.keep(HOME, 1, HEADERS, b"made from what was read before")
    assert shelf.find(HOME) is None


def test_no_edition_comes_back(shelf):
    assert shelf.turn("980723", "g22", 5)

    assert not shelf.turn("980723", "g22", 4)
    assert not shelf.turn("980723", "g22", 5)
    assert shelf.edition("980723", "g22") == 5


def test_many_turn_at_once_and_the_latest_counts(tmp_path):
    def turn(edition):
        Shelf(tmp_path).turn("980723", "g22", edition)

    threads = [threading.Thread(target=turn, args=(edition,)) for edition in (3, 9, 1, 7, 5, 8, 2, 6, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Shelf(tmp_path).edition("980723", "g22") == 9


def test_what_nobody_reads_any_more_is_removed_after_a_while(shelf, tmp_path):
    shelf.turn("980723", "g22", 1)
    shelf.keep(HOME, 1, HEADERS, b"old")
    shelf.turn("980723", "g22", 2)
    shelf.keep(HOME, 2, HEADERS, b"new")

    assert shelf.sweep() == 0
    assert shelf.sweep(grace=0) == 1
    assert sorted(found.name for found in (tmp_path / "980723/g22").glob("e*")) == ["e2"]
    assert shelf.find(HOME).body == b"new"


def test_the_memory_keeps_its_measure(tmp_path):
    shelf = Shelf(tmp_path, memory=3000)
    shelf.turn("980723", "g22", 1)
    places = [Place("980723", "g22", f"p{number}/") for number in range(9)]
    for place in places:
        shelf.keep(place, 1, HEADERS, os.urandom(500))

    found = [shelf.find(place) for place in places]

    assert all(found)
    assert sum(one.size for one in shelf._held.values()) <= 3000
    assert shelf._held_bytes == sum(one.size for one in shelf._held.values())


@pytest.mark.parametrize(
    ("code", "rest"),
    [("..", ""), ("g22", "../../keys/"), ("g22", "a/./b/"), ("g22", "%2e/"), ("g22", "x" * 256 + "/"), ("g22", "no")],
)
def test_an_address_that_is_no_folder_is_never_kept(shelf, tmp_path, code, rest):
    place = Place("980723", code, rest)

    assert not place.fits
    assert not shelf.keep(place, 1, HEADERS, b"x")
    assert shelf.find(place) is None
    assert list(tmp_path.iterdir()) == []


@given(st.text(max_size=40))
def test_what_fits_stays_below_its_site(rest):
    place = Place("980723", "g22", rest)

    assert not place.fits or not ({"..", ".", "\x00"} & set(rest.split("/")) or "\x00" in rest or rest.startswith("/"))


def test_a_closed_site_has_no_shelf(shelf):
    shelf.turn("980723", "g22", 1)
    shelf.keep(HOME, 1, HEADERS, b"home")

    shelf.close("980723", "g22")

    assert shelf.find(HOME) is None
    assert shelf.edition("980723", "g22") is None
