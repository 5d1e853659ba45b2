import pytest

from zhengtong.capabilities.catalogue.tests import county
from zhengtong.entry.divisions import DivisionsOfTheCounty, name_of

pytestmark = pytest.mark.django_db
TREE = DivisionsOfTheCounty()


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("980723000000", "青禾县"),
        ("980723100000", "青禾县城关镇"),
        ("980723100001", "青禾县城关镇城东社区"),
        ("980723104202", "青禾县北塘镇塘尾村"),
        ("110000000000", ""),
    ],
)
def test_a_place_has_the_names_above_it(code: str, name: str) -> None:
    county.found_county()

    assert name_of(county.TENANT, code) == name


def test_one_goes_down_from_the_county_to_the_village_and_no_deeper_than_asked() -> None:
    county.found_county()

    (top,) = TREE.below(county.TENANT, "", "village")
    towns = TREE.below(county.TENANT, top.code, "village")
    villages = TREE.below(county.TENANT, "980723104000", "village")

    assert top.name == "青禾县"
    assert "北塘镇" in {town.name for town in towns}
    assert {village.code[:9] for village in villages} == {"980723104"}
    assert "塘尾村" in {village.name for village in villages}
    assert TREE.below(county.TENANT, "980723104000", "nonsense") == villages
    assert not TREE.below(county.TENANT, "980723104000", "town")
    assert not TREE.below(county.TENANT, top.code, "county")


def test_a_village_is_found_by_a_part_of_its_name() -> None:
    county.found_county()

    assert [place.name for place in TREE.search(county.TENANT, "塘尾", "village")] == ["青禾县北塘镇塘尾村"]
    assert not TREE.search(county.TENANT, "塘尾", "town")


def test_a_county_without_a_listed_government_offers_nothing() -> None:
    assert not TREE.below("110101", "", "village")
