import datetime as dt

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.kernel import clock, parameters
from zhengtong.kernel.fields import blind_index, decrypt, encrypt
from zhengtong.kernel.ids import ALPHABET, new_id, query_code
from zhengtong.kernel.models import ParameterValue
from zhengtong.kernel.registry import Registry


def test_ids_grow_with_time_and_are_version_7():
    ids = [new_id() for _ in range(50)]

    assert {i.version for i in ids} == {7}
    assert ids[0].int >> 80 <= ids[-1].int >> 80
    assert len(set(ids)) == 50


def test_query_codes_have_no_characters_that_look_alike():
    assert not set(ALPHABET) & set("0O1IL2Z5S8B")
    assert len(query_code()) == 8


@given(st.text(max_size=200))
def test_encrypted_text_comes_back(text):
    assert decrypt(encrypt(text)) == text


def test_equal_texts_have_different_ciphertexts_and_equal_indexes():
    assert encrypt("980723199003070014") != encrypt("980723199003070014")
    assert blind_index("98072319900307 001x") == blind_index("98072319900307001X")
    assert blind_index("") == ""


def test_changed_ciphertext_is_refused():
    stored = encrypt("13900000001")
    changed = stored[:-6] + ("A" if stored[-6] != "A" else "B") + stored[-5:]

    with pytest.raises(InvalidTag):
        decrypt(changed)


def test_registry_refuses_a_second_use_of_a_name():
    registry: Registry[str] = Registry("things")
    registry.register("a", "one")

    with pytest.raises(ValueError, match="twice"):
        registry.register("a", "two")
    with pytest.raises(LookupError, match="things"):
        registry.get("b")


def test_clock_moves_only_where_a_file_is_named(settings, tmp_path):
    settings.ZHENGTONG_CLOCK_FILE = ""
    with pytest.raises(RuntimeError):
        clock.set_simulated_offset(dt.timedelta(days=1))

    settings.ZHENGTONG_CLOCK_FILE = str(tmp_path / "clock")
    real = clock.now()
    clock.set_simulated_offset(dt.timedelta(days=3))
    assert dt.timedelta(days=3) <= clock.now() - real < dt.timedelta(days=3, minutes=5)


@pytest.mark.django_db
def test_parameter_takes_the_tenants_value_of_the_day(monkeypatch):
    monkeypatch.setattr(parameters, "declared", Registry("parameters"))
    parameters.declare("x.days", default=5, label="天数", unit="天", source="某办法", confirmed=False)
    ParameterValue.objects.create(
        tenant="980723",
        key="x.days",
        value=3,
        source="本县规定",
        valid_from=dt.date(2026, 1, 1),
        valid_until=dt.date(2026, 6, 30),
    )

    assert parameters.value("x.days", tenant="980723", on=dt.date(2026, 3, 1)) == 3
    assert parameters.value("x.days", tenant="980723", on=dt.date(2026, 7, 1)) == 5
    assert parameters.value("x.days", tenant="980724", on=dt.date(2026, 3, 1)) == 5
    with pytest.raises(LookupError):
        parameters.value("x.unknown", tenant="980723")
