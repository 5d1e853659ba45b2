"""Issued papers for tests, made through the app's own door."""

import uuid
from typing import Any

from zhengtong.capabilities.documents import api
from zhengtong.capabilities.documents.tests.doubles import ORG, ORG_NAME, official
from zhengtong.capabilities.documents.tests.papers import every_template
from zhengtong.capabilities.trust import api as trust
from zhengtong.kernel.actors import ObjectRef, system


def case_ref() -> ObjectRef:
    """A case of its own."""
    return ObjectRef(kind="case", id=str(uuid.uuid4()))


_ABOUT = ("actor", "number", "number_prefix", "supersedes", "reason", "ground")


def wanted(**changes: Any) -> api.Paper:
    """A licence without a seal, in force without end, for a restaurant."""
    values: dict[str, Any] = {
        "kind": "licence",
        "template": "licence",
        "title": "食品经营许可证",
        "holder": api.Holder(name="青禾县味之源餐饮管理有限公司", is_person=False),
        "object_ref": case_ref(),
        "fields": every_template()["licence"],
        "issuing_org_id": ORG,
        "issuing_org_name": ORG_NAME,
    }
    return api.Paper(**{**values, **changes})


def issued(**changes: Any) -> api.IssuedDocument:
    """The same, issued; ``changes`` of the paper and of how it is issued."""
    about = {name: changes.pop(name) for name in _ABOUT if name in changes}
    return api.issue_document(**{"actor": official(), "number_prefix": "青市监", **about, "paper": wanted(**changes)})


def seal_id(tenant: str = "980723") -> uuid.UUID:
    """The official seal of the issuing unit, made by the development authority."""
    return trust.ensure_seal(actor=system(tenant), org_id=ORG, org_name=ORG_NAME, kind="official").id


def file_of(paper: api.IssuedDocument) -> bytes:
    """The PDF as its issuer reads it."""
    return api.read_file(actor=official(), document_id=paper.id)[1]
