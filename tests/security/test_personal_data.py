"""Every table has its protection level, every level its demands, and what is confidential lies encrypted."""

import re

import pytest
from django.apps import apps
from django.db.models import CharField, Model, TextField

from tests.fitness.tree import own_models, product_modules
from tools.data_levels import LEVELS, OF_PACKAGES, encrypted_columns, level_of, rows, statement_of, tables

#: columns by whose name one sees that they hold what level 3 keeps encrypted
_CONFIDENTIAL = re.compile(r"^(citizen_number|id_number|phone|mobile|telephone|email|address|recipient|bank_account)$")
#: of organisations and machines, which everybody may know, or a masked copy
_PUBLIC = {
    "identity.Organisation.address",
    "identity.SignIn.address",
    "identity.PasswordRecovery.address",
    "service_centre.Place.address",
    "service_centre.Place.phone",
    "sites.Banner.address",
    "sites.MigrationRow.address",
    "sites.OldAddress.address",
    "disclosure.CatalogueEntry.address",
    "disclosure.DisclosureGuide.address",
    "disclosure.DisclosureGuide.phone",
    "sites.GovernmentSite.address",
    "sites.GovernmentSite.phone",
    "catalogue.ItemVersion.address",
    "catalogue.ItemVersion.phone",
    # network addresses as keyed digests
    "ratings.LinkUse.address",
    "service_hall.FailedLookup.address",
    "complaints.ComplaintTry.address",
    "disclosure.DisclosureTry.address",
    "opinions.OpinionTry.address",
}


def test_every_table_has_a_protection_level() -> None:
    labels = {model._meta.label for model in apps.get_models()}

    assert {model._meta.label for model in tables()} == labels
    assert {level_of(model) for model in tables()} == set(LEVELS)
    assert {label for label in labels if not apps.get_model(label).__module__.startswith("zhengtong.")} <= set(
        OF_PACKAGES
    )


def test_a_table_that_says_nothing_has_no_level() -> None:
    class Silent:
        """No word of people."""

        __module__ = "zhengtong.kernel.models"

        class _meta:  # noqa: N801  (Django's name)
            label = "kernel.Silent"

    with pytest.raises(ValueError, match="says nothing"):
        level_of(Silent)  # type: ignore[arg-type]  # a stand-in of a model


def test_every_level_says_how_it_is_protected() -> None:
    assert sorted(LEVELS) == [1, 2, 3, 4]
    assert all(len(demands) == 6 and all(demands) for demands in LEVELS.values())


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model._meta.label)
def test_confidential_columns_are_encrypted(model: type[Model]) -> None:
    plain = [
        f"{model._meta.label}.{field.name}"
        for field in model._meta.concrete_fields
        if isinstance(field, CharField | TextField)
        and _CONFIDENTIAL.match(field.name)
        and field.name not in encrypted_columns(model)
    ]

    assert not set(plain) - _PUBLIC


def test_encrypted_columns_are_of_a_level_that_asks_for_it() -> None:
    assert [model._meta.label for model in own_models() if encrypted_columns(model)]
    assert not [m._meta.label for m in own_models() if encrypted_columns(m) and level_of(m) < 3]


def test_what_is_kept_says_how_long() -> None:
    words = re.compile(
        r"kept|deleted|erased|as long as|for ever|until|while|replaced|with the|as evidence|rebuilt|swept|follows",
        re.IGNORECASE,
    )
    silent = [m._meta.label for m in own_models() if level_of(m) >= 3 and not words.search(statement_of(m))]

    assert len(rows()) > 200
    assert not silent


def test_the_cache_is_used_for_counts_and_codes_only() -> None:
    users = {
        path.as_posix().partition("/src/")[2]
        for path in product_modules()
        if re.search(r"\bfrom django\.core\.cache import|cache_page|caches\[", path.read_text(encoding="utf-8"))
    }

    assert users == {
        "zhengtong/capabilities/identity/web/oidc.py",
        "zhengtong/systems/service_hall/selectors/experience.py",  # how long an item usually takes: numbers only
    }
