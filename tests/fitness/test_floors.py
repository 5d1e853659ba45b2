"""The floors hold: import contracts, links between tables, what every app says of itself."""

import subprocess
import sys

import grimp
import pytest
from django.apps import AppConfig
from django.db.models import Model

from tests.fitness.tree import REPOSITORY, height, own_models, system_apps
from tools.public_door import PublicDoor
from zhengtong.kernel.systems import SystemConfig


def test_all_import_contracts_are_kept() -> None:
    # a process of its own: the program silences the loggers of the one it runs in
    program = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
    done = subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def _door_contract() -> PublicDoor:
    options = {"parents": ["town"], "doors": ["api"]}
    return PublicDoor(name="doors", session_options={"root_packages": ["town"]}, contract_options=options)


def _town(importer: str, imported: str) -> grimp.ImportGraph:
    graph = grimp.ImportGraph()
    for module in (
        "town",
        "town.hall",
        "town.hall.api",
        "town.hall.models",
        "town.bank",
        "town.bank.api",
        "town.bank.tests",
    ):
        graph.add_module(module)
    graph.add_import(importer=importer, imported=imported)
    return graph


@pytest.mark.parametrize(
    ("importer", "imported", "kept"),
    [
        ("town.bank.api", "town.hall.api", True),
        ("town.hall.api", "town.hall.models", True),
        ("town.bank.tests.test_hall", "town.hall.models", True),
        ("town.bank.api", "town.hall.models", False),
    ],
)
def test_the_public_door_contract_sees_who_comes_in_beside_it(importer: str, imported: str, kept: bool) -> None:
    check = _door_contract().check(_town(importer, imported), verbose=False)

    assert check.kept is kept
    assert check.metadata["beside"] == ([] if kept else [(importer, imported)])


def _links() -> list[tuple[type[Model], str, type[Model], str]]:
    return [
        (model, field.name, field.remote_field.model, field.remote_field.related_name or "")
        for model in own_models()
        for field in model._meta.get_fields()
        # what a table of a package brings with it is the package's
        if getattr(field, "remote_field", None)
        and not field.auto_created
        and field.remote_field.model
        and field.model.__module__.startswith("zhengtong.")
    ]


def test_links_between_apps_point_downward_and_leave_no_trace() -> None:
    wrong = []
    for model, field, target, related_name in _links():
        source_app, target_app = model._meta.app_config.name, target._meta.app_config.name
        if source_app == target_app:
            continue
        downward = not target_app.startswith("zhengtong.") or height(source_app) > height(target_app)
        if not downward or not related_name.endswith("+"):
            wrong.append(f"{model._meta.label}.{field} → {target._meta.label} ({related_name=})")

    assert not wrong


def test_the_order_of_apps_is_read_from_the_contracts() -> None:
    assert height("zhengtong.systems.any") > height("zhengtong.capabilities.cases")
    assert height("zhengtong.capabilities.cases") > height("zhengtong.capabilities.identity")
    assert height("zhengtong.capabilities.ledger") > height("zhengtong.kernel")


@pytest.mark.parametrize("config", system_apps(), ids=lambda config: config.label)
def test_every_app_says_its_name_in_the_plan(config: AppConfig) -> None:
    assert isinstance(config, SystemConfig)
    assert config.label == config.name.rsplit(".", 1)[1], "the label is the folder's name"
    assert any("\u4e00" <= sign <= "\u9fff" for sign in str(config.verbose_name)), "verbose_name is the plan's name"


def test_no_two_apps_share_a_name_or_alias() -> None:
    names = [name for config in system_apps() for name in {str(config.verbose_name), *config.aliases}]

    assert not {name for name in names if names.count(name) > 1}
