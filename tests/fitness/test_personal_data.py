"""Personal data declared field by field: complete, with a sentence beside it, and with somebody who erases it."""

import re

import pytest
from django.db import models

from tests.fitness.tree import own_models
from zhengtong.kernel import erasure, parameters, retention
from zhengtong.kernel.fields import EncryptedTextField
from zhengtong.kernel.inventory import Whose, declared, inventory, sentence
from zhengtong.kernel.loose_files import references

#: fields called like those that hold personal data
_CALLED = re.compile(
    r"^(.*_)?(phone|email|signature|citizen_number)$|^(?!legal_)(.*_)?(by|person|guardian|ward|holder|author)(_id|_name)?$"
)
_NOT_PERSONAL = {
    "catalogue.ItemVersion.phone": "the number of an office",
    "service_centre.Place.phone": "the number of a hall",
    "sites.GovernmentSite.phone": "the number of an office",
    "disclosure.DisclosureGuide.phone": "the number of an office",
    "disclosure.CatalogueEntry.replaced_by": "the document that takes the place of another",
    "exchange.ReportPackage.signature": "of a package, not of a person",
    "exchange.ReportReceipt.signature": "of a receipt, not of a person",
    "ledger.Checkpoint.signature": "of a checkpoint",
    "ledger.Cosignature.signature": "of a body",
    "ratings.Device.key": "the key of an evaluator",
}
_models = pytest.mark.parametrize("model", own_models(), ids=lambda model: model._meta.label)


@_models
def test_what_is_declared_are_fields_of_the_model(model: type[models.Model]) -> None:
    named = [name for held in declared(model) for name in held.fields]

    assert len(named) == len(set(named))
    assert {field.name for field in model._meta.get_fields()} >= set(named)


@_models
def test_sentence_and_declaration_say_the_same(model: type[models.Model]) -> None:
    says_none = sentence(model).startswith("none")

    assert says_none != bool(declared(model))


@_models
def test_what_looks_like_personal_data_is_declared(model: type[models.Model]) -> None:
    named = {name for held in declared(model) for name in held.fields}

    undeclared = {
        field.name
        for field in model._meta.concrete_fields
        if (isinstance(field, EncryptedTextField) or _CALLED.match(field.name))
        and not isinstance(field, (models.DateTimeField, models.BooleanField, models.DateField))
        and field.name not in named
        and f"{model._meta.label}.{field.name}" not in _NOT_PERSONAL
    }

    assert not undeclared


@_models
def test_what_is_held_of_citizens_is_erased_or_stays_with_a_reason(model: type[models.Model]) -> None:
    covered = frozenset().union(*(eraser.covers for _app, eraser in erasure.erasers.items()))

    left = [
        held.fields
        for held in declared(model)
        if held.whose is not Whose.OFFICIAL and not held.activity.stays and model._meta.label not in covered
    ]

    # a stored file goes with what names it (kernel.loose_files)
    assert not left or model._meta.label in {"kernel.StoredFile", "search.SearchEntry"}


def test_exceptions_are_of_fields_that_exist() -> None:
    known = {f"{m._meta.label}.{field.name}" for m in own_models() for field in m._meta.concrete_fields}

    assert set(_NOT_PERSONAL) <= known


def test_erasers_cover_models_that_exist() -> None:
    known = {model._meta.label for model in own_models()}

    for app, eraser in erasure.erasers.items():
        assert eraser.covers <= known, app


def test_every_line_of_the_inventory_is_whole() -> None:
    for line in inventory():
        row = line.row()
        assert all(row[key] for key in row if key != "encrypted"), row
        period = line.held.activity.period
        assert not period or period in parameters.declared


def test_every_period_of_retention_has_a_sweep_or_is_an_archive() -> None:
    swept = {sweep.period for _key, sweep in retention.sweeps.items()}
    kept = {"retention.case_file_days", "retention.accounting_days"}

    periods = {key for key, _parameter in parameters.declared.items() if key.startswith("retention.")}

    assert periods == swept | kept


def test_stored_files_are_found_by_every_column_that_names_one() -> None:
    named = {f"{model._meta.label}.{column}" for model, column in references()}

    assert {"service_hall.MaterialFile.file_id", "documents.DocumentVersion.file_id"} <= named
    assert {"complaints.ComplaintFile.file_id", "service_hall.Sitting.consent_file_id"} <= named
