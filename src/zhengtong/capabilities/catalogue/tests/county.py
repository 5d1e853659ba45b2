"""A county with organisations and items for tests, made through the doors of the apps."""

import csv
import dataclasses
import json
from pathlib import Path
from typing import Any

from zhengtong.capabilities.catalogue import api
from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import Actor, system
from zhengtong.kernel.testing.founding import founded_once

TENANT = "980723"
DATA = Path(__file__).parents[3] / "entry" / "demo" / "data"
RESTAURANT = "1198072300720319364980131801000"
BOSS = system(TENANT)


def rows(name: str) -> list[dict[str, str]]:
    """The lines of a data file of the demonstration county."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def row(name: str) -> dict[str, str]:
    """The line of one item."""
    return next(line for line in rows("service-items.csv") if line["name"] == name)


@founded_once
def found_county() -> None:
    """All organisations of the demonstration county."""
    identity.create_tenant(actor=BOSS, name="青禾县")
    identity.import_organisations(actor=BOSS, rows=rows("organisations.csv"))


def import_all(*names: str) -> api.ImportReport:
    """All items of the demonstration county (or those named), with the details of the showcase."""
    showcase: dict[str, Any] = json.loads((DATA / "showcase.json").read_text(encoding="utf-8"))
    modelled = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((DATA / "items").glob("*.json"))]
    details: dict[str, Any] = {item.pop("code"): item for item in modelled}
    for place, code in enumerate(showcase["featured"], start=1):
        details.setdefault(code, {})["featured"] = place
    lines = [line for line in rows("service-items.csv") if not names or line["name"] in names]
    return api.import_items(actor=BOSS, rows=lines, details=details, defaults=showcase["defaults"])


def draft(**changes: Any) -> api.ItemDraft:
    """A small complete item of the market supervision bureau."""
    plain = api.ItemDraft(
        code="119807230072031936498" + "0139999000",
        name="测试事项许可",
        power_type="01",
        department="青禾县市场监督管理局",
        legal_basis="行政许可法 第十二条",
        applicant_type="both",
        handling_kind="2",
        statutory_limit="20 WD",
        promised_limit="8 WD",
        online_depth="IV",
        materials=(api.MaterialDraft(key="form", name="申请书", form="原件"),),
    )
    return dataclasses.replace(plain, **changes)


def officer(code: str, *roles: str) -> Actor:
    """An official of a unit."""
    unit = identity.organisation(TENANT, code)
    return Actor(
        tenant=TENANT,
        kind="official",
        name="李二",
        post_name="负责人",
        org_id=unit.id,
        org_code=code,
        org_name=unit.name,
        org_path=unit.path,
        roles=frozenset(roles),
    )
