"""The tree against the recursive definitions of RFC 9162 §2.1 and the known answers of Certificate Transparency."""

import functools
import hashlib
import importlib.util
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtong.capabilities.ledger.engine.tree import (
    EMPTY_ROOT,
    Frontier,
    Subtree,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

# Inputs and roots that implementations of Certificate Transparency share as their reference (sizes 1 to 8).
KNOWN_LEAVES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
KNOWN_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
SIZES = st.integers(1, 70)
EXAMPLES = Path(__file__).parents[5] / "examples"


def loaded(name: str) -> ModuleType:
    """A program of the examples as a module: strangers check proofs with it, so it must agree with us."""
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


receipt_script, witness_script = loaded("verify_ledger_receipt"), loaded("ledger_witness")


def naive_root(data: list[bytes]) -> bytes:
    """MTH of §2.1.1, word for word."""
    if not data:
        return hashlib.sha256(b"").digest()
    if len(data) == 1:
        return hashlib.sha256(b"\x00" + data[0]).digest()
    k = largest_power_below(len(data))
    return hashlib.sha256(b"\x01" + naive_root(data[:k]) + naive_root(data[k:])).digest()


def naive_path(index: int, data: list[bytes]) -> list[bytes]:
    """PATH of §2.1.3.1."""
    if len(data) == 1:
        return []
    k = largest_power_below(len(data))
    if index < k:
        return [*naive_path(index, data[:k]), naive_root(data[k:])]
    return [*naive_path(index - k, data[k:]), naive_root(data[:k])]


def naive_consistency(old: int, data: list[bytes], whole: bool = True) -> list[bytes]:
    """SUBPROOF of §2.1.4.1."""
    if old == len(data):
        return [] if whole else [naive_root(data)]
    k = largest_power_below(len(data))
    if old <= k:
        return [*naive_consistency(old, data[:k], whole), naive_root(data[k:])]
    return [*naive_consistency(old - k, data[k:], False), naive_root(data[:k])]


def largest_power_below(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def data_of(size: int) -> list[bytes]:
    return [f"leaf {number}".encode() for number in range(size)]


def subtrees_of(data: list[bytes]) -> Subtree:
    return lambda level, index: naive_root(data[index << level : index + 1 << level])


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_certificate_transparency(size: int) -> None:
    frontier = Frontier()
    for data in KNOWN_LEAVES[:size]:
        frontier.add(leaf_hash(data))

    assert frontier.root().hex() == KNOWN_ROOTS[size - 1]


def test_empty_tree_has_the_hash_of_nothing() -> None:
    assert Frontier().root() == EMPTY_ROOT == root_of(0, subtrees_of([])) == hashlib.sha256().digest()


@given(SIZES)
def test_root_grown_leaf_by_leaf_is_the_defined_root(size: int) -> None:
    data = data_of(size)
    frontier = Frontier()
    completed = {(level, index): value for leaf in data for level, index, value in frontier.add(leaf_hash(leaf))}

    assert frontier.root() == naive_root(data) == root_of(size, subtrees_of(data))
    assert completed == {
        (level, index): subtrees_of(data)(level, index) for level in range(1, 8) for index in range(size >> level)
    }


@given(st.lists(st.integers(0, 40), max_size=8), st.sampled_from([1, 2, 8]))
def test_growth_in_batches_is_growth_leaf_by_leaf(batches: list[int], every: int) -> None:
    hashes = [leaf_hash(leaf) for leaf in data_of(sum(batches))]
    single, batched = Frontier(), Frontier()
    one_by_one = [node for leaf in hashes for node in single.add(leaf) if node[0] % every == 0]

    start, together = 0, []
    for count in batches:
        together += batched.extend(hashes[start : start + count], every=every)
        start += count

    assert (batched.size, batched.peaks) == (single.size, single.peaks)
    assert sorted(together) == sorted(one_by_one)


@given(SIZES, st.integers(0, 70))
def test_a_restored_right_edge_grows_on_as_if_never_stopped(stopped: int, further: int) -> None:
    data = data_of(stopped + further)

    frontier = Frontier.restore(stopped, subtrees_of(data))
    for leaf in data[stopped:]:
        frontier.add(leaf_hash(leaf))

    assert frontier.root() == naive_root(data)


@given(st.data())
def test_inclusion_proof_is_the_defined_path_and_holds(draw: st.DataObject) -> None:
    size = draw.draw(SIZES)
    index = draw.draw(st.integers(0, size - 1))
    data = data_of(size)

    proof = inclusion_proof(index, size, subtrees_of(data))

    assert proof == naive_path(index, data)
    assert verify_inclusion(index=index, size=size, leaf=leaf_hash(data[index]), proof=proof, root=naive_root(data))


@given(st.data())
def test_no_inclusion_proof_holds_for_another_leaf_place_or_path(draw: st.DataObject) -> None:
    size = draw.draw(st.integers(2, 70))
    index = draw.draw(st.integers(0, size - 1))
    other = draw.draw(st.integers(0, size - 1).filter(lambda number: number != index))
    data = data_of(size)
    proof, root, leaf = inclusion_proof(index, size, subtrees_of(data)), naive_root(data), leaf_hash(data[index])
    changed = draw.draw(st.integers(0, len(proof) - 1))
    bent = [bytes([step[0] ^ 1]) + step[1:] if place == changed else step for place, step in enumerate(proof)]

    assert not verify_inclusion(index=index, size=size, leaf=leaf_hash(data[other]), proof=proof, root=root)
    assert not verify_inclusion(index=other, size=size, leaf=leaf, proof=proof, root=root)
    assert not verify_inclusion(index=index, size=size, leaf=leaf, proof=bent, root=root)
    assert not verify_inclusion(index=index, size=size, leaf=leaf, proof=proof[:-1], root=root)
    assert not verify_inclusion(index=index, size=size, leaf=leaf, proof=[*proof, root], root=root)
    assert not verify_inclusion(index=size, size=size, leaf=leaf, proof=proof, root=root)


@given(st.data())
def test_consistency_proof_is_the_defined_one_and_holds(draw: st.DataObject) -> None:
    new = draw.draw(SIZES)
    old = draw.draw(st.integers(1, new))
    data = data_of(new)

    proof = consistency_proof(old, new, subtrees_of(data))

    assert proof == naive_consistency(old, data)
    assert verify_consistency(old=old, new=new, old_root=naive_root(data[:old]), new_root=naive_root(data), proof=proof)


@given(st.data())
def test_no_consistency_proof_holds_for_a_rewritten_past(draw: st.DataObject) -> None:
    new = draw.draw(st.integers(2, 70))
    old = draw.draw(st.integers(1, new - 1))
    place = draw.draw(st.integers(0, old - 1))
    data = data_of(new)
    rewritten = [*data[:place], b"another act", *data[place + 1 :]]

    for past, present in ((data, rewritten), (rewritten, data)):
        for source in (data, rewritten):
            proof = consistency_proof(old, new, subtrees_of(source))
            assert not verify_consistency(
                old=old, new=new, old_root=naive_root(past[:old]), new_root=naive_root(present), proof=proof
            )


class Reference:
    """The recursive definitions once more, remembering what was hashed, so that every proof of a size can be asked."""

    def __init__(self, size: int) -> None:
        self.data = data_of(size)
        self.root = functools.cache(self._root)

    def _root(self, start: int, end: int) -> bytes:
        if end - start == 1:
            return hashlib.sha256(b"\x00" + self.data[start]).digest()
        middle = start + largest_power_below(end - start)
        return hashlib.sha256(b"\x01" + self.root(start, middle) + self.root(middle, end)).digest()

    def subtree(self, level: int, index: int) -> bytes:
        return self.root(index << level, index + 1 << level)

    def path(self, index: int, start: int, end: int) -> list[bytes]:
        if end - start == 1:
            return []
        middle = start + largest_power_below(end - start)
        if index < middle:
            return [*self.path(index, start, middle), self.root(middle, end)]
        return [*self.path(index, middle, end), self.root(start, middle)]

    def growth(self, old: int, start: int, end: int, whole: bool = True) -> list[bytes]:
        if old == end:
            return [] if whole else [self.root(start, end)]
        middle = start + largest_power_below(end - start)
        if old <= middle:
            return [*self.growth(old, start, middle, whole), self.root(middle, end)]
        return [*self.growth(old, middle, end, False), self.root(start, middle)]


@pytest.mark.parametrize("size", range(1, 71))
def test_every_proof_of_every_size_is_the_defined_one_and_holds_also_for_strangers(size: int) -> None:
    check_all_proofs(Reference(size), size, range(size))


@settings(max_examples=8, deadline=None)
@given(st.integers(71, 6000), st.data())
def test_proofs_of_large_trees_are_the_defined_ones(size: int, draw: st.DataObject) -> None:
    places = draw.draw(st.lists(st.integers(0, size - 1), min_size=1, max_size=12))

    check_all_proofs(Reference(size), size, {*places, size - 1, largest_power_below(size)})


def check_all_proofs(reference: Reference, size: int, places: Iterable[int]) -> None:
    """Inclusion of the leaves at ``places``, growth from just behind each: ours, defined, and what strangers check."""
    root = reference.root(0, size)
    for place in places:
        path = inclusion_proof(place, size, reference.subtree)
        leaf = leaf_hash(reference.data[place])
        assert path == reference.path(place, 0, size)
        assert verify_inclusion(index=place, size=size, leaf=leaf, proof=path, root=root)
        assert receipt_script.root_from_path(place, size, leaf, path) == root
        growth = consistency_proof(place + 1, size, reference.subtree)
        old_root = reference.root(0, place + 1)
        assert growth == reference.growth(place + 1, 0, size)
        assert verify_consistency(old=place + 1, new=size, old_root=old_root, new_root=root, proof=growth)
        assert receipt_script.grew(place + 1, size, old_root, root, growth)
        if place + 1 < size:
            assert witness_script.grew(place + 1, size, old_root, root, growth)
            assert not witness_script.grew(place + 1, size, old_root, leaf, growth)
            assert not witness_script.grew(place + 1, size, root, root, growth)


def test_a_leaf_cannot_pass_for_an_inner_node() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")

    assert leaf_hash(left + right) != node_hash(left, right)


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_a_proof_outside_the_tree_is_refused(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="not in a tree"):
        inclusion_proof(index, size, subtrees_of(data_of(3)))


@pytest.mark.parametrize(("old", "new"), [(0, 3), (4, 3)])
def test_a_consistency_proof_backwards_is_refused(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="no consistency proof"):
        consistency_proof(old, new, subtrees_of(data_of(3)))
    assert not verify_consistency(old=old, new=new, old_root=EMPTY_ROOT, new_root=EMPTY_ROOT, proof=[])
