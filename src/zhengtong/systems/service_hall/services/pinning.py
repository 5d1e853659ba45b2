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


def pins_for(
    item: catalogue.ItemVersionView,
    form: forms.SubmissionView,
    *,
    process: tuple[str, int | None],
    limits: Mapping[str, cases.Limit],
) -> dict[str, Any]:
    """The pins of an application that is handed in now, as they are stored with it; ``process`` is key and version."""
    return {
        "item": {"id": str(item.id), "version": item.version},
        "form": {"key": form.key, "version": form.version},
        "process": {"key": process[0], "version": process[1]},
        "template": {"key": item.result_template, "digest": documents.template_digest(item.result_template)},
        "limits": {kind: str(limit) for kind, limit in limits.items()},
        "parameters": parameters.values(*_PARAMETERS, tenant=item.tenant),
    }
