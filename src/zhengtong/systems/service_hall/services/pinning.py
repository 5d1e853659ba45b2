"""What an application is judged by to its end: versions of item, form, process and template, limits and parameters."""

from collections.abc import Mapping
from typing import Any

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.documents import api as documents
from zhengtong.capabilities.forms import api as forms
from zhengtong.kernel import parameters
from zhengtong.systems.service_hall.constants import ACCEPTANCE_LIMIT, DELIVERY_LIMIT, INSTANT_LIMIT, SUPPLEMENT_LIMIT

_PARAMETERS = (ACCEPTANCE_LIMIT, INSTANT_LIMIT, SUPPLEMENT_LIMIT, DELIVERY_LIMIT)


def process_version_of(item: catalogue.ItemVersionView) -> int | None:
    """The version of its process an application begins with: the item's own, else the one in force; None for none."""
    if item.process_version is not None:
        return item.process_version
    versions = cases.process_versions(item.tenant, item.process_key)
    return next((one.version for one in versions if one.active), None)


def pins_for(
    item: catalogue.ItemVersionView,
    form: forms.SubmissionView,
    *,
    process_version: int | None,
    limits: Mapping[str, cases.Limit],
) -> dict[str, Any]:
    """The pins of an application that is handed in now, as they are stored with it."""
    return {
        "item": {"id": str(item.id), "version": item.version},
        "form": {"key": form.key, "version": form.version},
        "process": {"key": item.process_key, "version": process_version},
        "template": {"key": item.result_template, "digest": documents.template_digest(item.result_template)},
        "limits": {kind: str(limit) for kind, limit in limits.items()},
        "parameters": parameters.values(*_PARAMETERS, tenant=item.tenant),
    }
