"""Every table: personal data stated, tenant named, Chinese name, migrations complete and named."""

import io

import pytest
from django.core.management import call_command
from django.db.models import Model

from tests.fitness.tree import SOURCE, named, own_models

_WITHOUT_TENANT = {
    "kernel.InboxKey": "belongs to an event, which names its tenant",
    "cases.CommandKey": "belongs to a case, which names its tenant",
    "ledger.Payload": "belongs to an entry, which names its tenant",
    "ledger.SimulatedEntry": "says of an entry, which names its tenant, when it was invented to have happened",
    "ledger.SimulationPermit": "the whole ledger of an installation began as a demonstration's or did not",
    "ledger.Leaf": "one tree for the whole installation: a place in it proves an entry of any tenant",
    "ledger.Node": "the same tree",
    "ledger.CheckpointKey": "signs the same tree",
    "ledger.Checkpoint": "states the same tree",
    "ledger.Cosignature": "co-signs the same tree",
}
_models = pytest.mark.parametrize("model", own_models(), ids=lambda model: model._meta.label)


@_models
def test_a_model_says_what_personal_data_it_holds_and_how_long(model: type[Model]) -> None:
    lines = [line.strip() for line in (model.__doc__ or "").splitlines()]

    assert any(line.startswith("Personal data: ") for line in lines)


@_models
def test_a_model_has_a_chinese_name(model: type[Model]) -> None:
    assert any("\u4e00" <= sign <= "\u9fff" for sign in str(model._meta.verbose_name))


def test_every_business_row_names_its_tenant() -> None:
    without = {m._meta.label for m in own_models() if "tenant" not in {field.name for field in m._meta.get_fields()}}

    assert without == set(_WITHOUT_TENANT)


@_models
def test_names_of_tables_and_constraints_carry_the_app(model: type[Model]) -> None:
    label = model._meta.app_label

    assert model._meta.db_table.startswith(f"{label}_")


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    said = io.StringIO()

    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=said)
    except SystemExit:
        pytest.fail(said.getvalue())


def test_every_migration_has_a_number_and_a_name() -> None:
    files = [path for path in sorted(SOURCE.rglob("migrations/*.py")) if path.name != "__init__.py"]

    assert files
    assert not [named(path) for path in files if "_auto_" in path.name or not path.name[:4].isdigit()]
