import collections

from hypothesis import given
from hypothesis import strategies as st

from zhengtong.capabilities.documents.engine.codes import ALPHABET, LENGTH, grouped, new_code, normalised, well_formed
from zhengtong.capabilities.documents.tests.papers import CODE
from zhengtong.kernel import ids

CODES = st.builds(new_code)


def test_the_alphabet_is_the_kernels() -> None:
    assert ALPHABET == ids.ALPHABET


def test_fresh_codes_are_well_formed_and_differ() -> None:
    codes = [new_code() for _ in range(500)]

    assert all(well_formed(code) for code in codes)
    assert len(set(codes)) == 500
    assert len(collections.Counter("".join(codes))) == len(ALPHABET)


@given(code=CODES, place=st.integers(0, LENGTH - 1), other=st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(code: str, place: int, other: str) -> None:
    changed = code[:place] + other + code[place + 1 :]

    assert well_formed(changed) == (changed == code)


@given(code=CODES, place=st.integers(0, LENGTH - 3))
def test_two_swapped_neighbours_are_noticed(code: str, place: int) -> None:
    changed = code[:place] + code[place + 1] + code[place] + code[place + 2 :]

    assert well_formed(changed) == (changed == code)


@given(code=CODES, separator=st.sampled_from(["", " ", "-", "－", "　", " - "]))
def test_a_code_is_read_as_people_type_it(code: str, separator: str) -> None:
    typed = separator.join(code[i : i + 4] for i in range(0, LENGTH, 4)).lower()
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else c for c in typed)

    assert normalised(typed) == normalised(wide) == code


def test_groups_of_four_as_printed() -> None:
    assert grouped(CODE) == "7KQM-4XTP-A3CX"


@given(text=st.text(max_size=20))
def test_anything_else_is_no_code(text: str) -> None:
    assert not well_formed(text + "é")
