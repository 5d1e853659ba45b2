"""The divisions of the county as far as they are known: county, towns and villages out of the list of organisations."""

from collections.abc import Sequence

from zhengtong.capabilities.forms.registry import Place
from zhengtong.capabilities.identity import api as identity

_MOST = 40
_LEVELS = ("county", "town", "village")
_LABELS = {"county": "县（区）", "town": "乡镇（街道）", "village": "村（社区）"}
_SELVES = ("人民政府", "街道办事处", "社区居民委员会", "居民委员会", "村民委员会")


class DivisionsOfTheCounty:
    """County, towns and villages out of the list of organisations, by the codes they carry."""

    def below(self, tenant: str, code: str, level: str) -> Sequence[Place]:
        """The county for an empty code, towns below the county, villages below a town; none below ``level``."""
        places = _places(tenant)
        depth = _depth(code)
        if depth >= _depth_of(level):
            return ()
        head = code[: (0, 6, 9)[depth]]
        return [place for place in places if _depth(place.code) == depth + 1 and place.code.startswith(head)]

    def way(self, tenant: str, code: str) -> Sequence[Place]:
        """From the county down to the place; nothing for an unknown code."""
        known = {place.code: place for place in _places(tenant)}
        if code not in known:
            return ()
        heads = (f"{code[:6]}000000", f"{code[:9]}000", code)
        return [known[head] for head in dict.fromkeys(heads) if head in known]

    def search(self, tenant: str, text: str, level: str) -> Sequence[Place]:
        """Places of the level whose name has the text, with their full names."""
        wanted = _depth_of(level)
        found = [place for place in _places(tenant) if _depth(place.code) == wanted and text in place.name]
        return [Place(place.code, name_of(tenant, place.code), place.level_label) for place in found[:_MOST]]


def name_of(tenant: str, code: str) -> str:
    """The full name of a division; empty for an unknown code."""
    return "".join(place.name for place in DivisionsOfTheCounty().way(tenant, code))


def _depth_of(level: str) -> int:
    """How far down a level lies; whatever else a browser sends means the deepest."""
    return _LEVELS.index(level) + 1 if level in _LEVELS else len(_LEVELS)


def _depth(code: str) -> int:
    """0 for no place, 1 for a county, 2 for a town, 3 for a village."""
    if not code:
        return 0
    return 1 if code[6:] == "000000" else 2 if code[9:] == "000" else 3


def _places(tenant: str) -> list[Place]:
    """The county first, then towns and villages by code; nothing while the county's government is not listed."""
    listed = {
        row.division_code: row.name
        for row in identity.organisations(tenant)
        if row.division_code and row.name.endswith(_SELVES)
    }
    county = listed.get(f"{tenant}000000", "")
    if not county:
        return []
    found: list[Place] = []
    names: dict[str, str] = {}
    for code, name in sorted(listed.items()):
        above = (_bare(county), names.get(f"{code[:9]}000", "")) if code[6:] != "000000" else ()
        names[code] = _bare(name, *above)
        found.append(Place(code, names[code], _LABELS[_LEVELS[_depth(code) - 1]]))
    return found


def _bare(name: str, *above: str) -> str:
    """The name of the place without the words for its government and without the places above it."""
    ending = next((words for words in _SELVES if name.endswith(words)), "")
    bare = name.removesuffix(ending)
    for start in above:
        bare = bare.removeprefix(start)
    return bare + (
        "社区" if ending == "社区居民委员会" else "村" if ending == "村民委员会" and not bare.endswith("村") else ""
    )
