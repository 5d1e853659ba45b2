"""Who watches items, taken away with the person; files that versions of items name."""

from collections.abc import Collection

from zhengtong.capabilities.catalogue.models import ItemVersion, ItemWatch
from zhengtong.kernel.erasure import Eraser, Fate, Finding, Subject
from zhengtong.kernel.traces import Traces

_FILES = ("blank_file", "sample_file")


def watch_eraser() -> Eraser:
    """The items the person watches."""
    return Eraser(turn=40, covers=frozenset({ItemWatch._meta.label}), preview=_preview, erase=_erase)


def _preview(subject: Subject) -> list[Finding]:
    count = ItemWatch.objects.filter(tenant=subject.tenant, person_id__in=subject.person_ids).count()
    return [Finding(label="关注的事项", count=count, fate=Fate.ERASE)]


def _erase(subject: Subject, traces: Traces) -> None:
    gone = ItemWatch.objects.filter(tenant=subject.tenant, person_id__in=subject.person_ids).delete()[0]
    traces.count("关注的事项", gone)


def files_of_items(tenant: str) -> Collection[str]:
    """Blank and sample files of materials, in every version."""
    versions = ItemVersion.objects.filter(tenant=tenant).values_list("materials", flat=True)
    return {str(one[name]) for materials in versions for one in materials for name in _FILES if one.get(name)}
