"""Deployed processes: the active version of a key, compiled graphs, pictures."""

import functools
import uuid
from collections.abc import Collection
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases.engine.draw import svg
from zhengtong.capabilities.cases.engine.model import Graph
from zhengtong.capabilities.cases.models import ProcessVersion
from zhengtong.kernel.errors import NotFound


def active_process(tenant: str, key: str) -> ProcessVersion:
    """The version new cases begin with; NotFound when the process was never deployed."""
    version = ProcessVersion.objects.filter(tenant=tenant, key=key, active=True).first()
    if version is None:
        raise _not_deployed(key)
    return version


def active_process_id(tenant: str, key: str) -> uuid.UUID:
    """Only the key of that version, without its drawing; NotFound when the process was never deployed."""
    with connection.cursor() as cursor:
        cursor.execute("select id from cases_processversion where tenant = %s and key = %s and active", [tenant, key])
        row = cursor.fetchone()
    if row is None:
        raise _not_deployed(key)
    found: uuid.UUID = row[0]
    return found


def _not_deployed(key: str) -> NotFound:
    return NotFound(_("流程“%(key)s”还没有启用，请流程管理员先部署。") % {"key": key})


@functools.lru_cache(maxsize=256)
def graph_of(version_id: uuid.UUID) -> Graph:
    """The compiled graph of a frozen version, kept in memory: versions never change."""
    compiled: dict[str, Any] = ProcessVersion.objects.values_list("compiled", flat=True).get(pk=version_id)
    return Graph.from_json(compiled)


def process_picture(tenant: str, key: str) -> str:
    """The drawing of the active version of a process as SVG."""
    return svg(active_process(tenant, key).bpmn_xml)


def picture_of(version_id: uuid.UUID, *, active: Collection[str], done: Collection[str]) -> str:
    """The drawing of a version as SVG, with the nodes where a case stands and those it has passed."""
    xml: str = ProcessVersion.objects.values_list("bpmn_xml", flat=True).get(pk=version_id)
    return svg(xml, active=active, done=done)
