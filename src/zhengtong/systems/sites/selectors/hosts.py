"""Which site a host name leads to, remembered by each process for a second."""

import dataclasses
import logging
import threading
import time
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import Error, connection
from django.http.request import split_domain_port

from zhengtong.systems.sites.models import GovernmentSite, OldHost
from zhengtong.systems.sites.rules.hosts import could_be_host

log = logging.getLogger(__name__)

#: seconds until another process notices that a host came or went
_REMEMBERED: Final = 1.0


@dataclasses.dataclass(frozen=True)
class Led:
    """Where a host leads: the site of that code; ``own`` where it answers there, else it only leads on."""

    host: str
    code: str
    own: bool


class _Memory:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: dict[str, Led] = {}
        self._read_at: float | None = None

    def find(self, host: str) -> Led | None:
        if self._stale():
            with self._lock:
                if self._stale():
                    self._read()
        return self._found.get(host)

    def forget(self) -> None:
        self._read_at = None

    def _stale(self) -> bool:
        return self._read_at is None or time.monotonic() - self._read_at > _REMEMBERED

    def _read(self) -> None:
        try:
            self._found = {led.host: led for led in hosts(settings.ZHENGTONG_TENANT)}
        except Error:
            # what led to a site leads there still, and nobody waits for the database more than once a second
            log.warning("hosts of sites not read, the last known ones count", exc_info=True)
            connection.close()
        self._read_at = time.monotonic()


_memory = _Memory()


def hosts(tenant: str) -> list[Led]:
    """All hosts of a county's sites, those they answer under and those that lead on, by name."""
    former = OldHost.objects.filter(tenant=tenant).values_list("host", "site__code")
    own = GovernmentSite.objects.filter(tenant=tenant).exclude(host="").values_list("host", "code")
    found = {host: Led(host, code, own=False) for host, code in former}
    found |= {host: Led(host, code, own=True) for host, code in own}
    return [found[host] for host in sorted(found)]


def led_by(host: str) -> Led | None:
    """Where a host leads; None for the main host and for every name that is no site's."""
    return _memory.find(host) if could_be_host(host) and host != main_host() else None


def asked_host(asked: Mapping[str, Any]) -> Led | None:
    """The same of the host a request names in its environment."""
    name, _port = split_domain_port(asked.get("HTTP_HOST", ""))
    return led_by(name)


def forget() -> None:
    """Look anew at the next request of this process: a host came or went."""
    _memory.forget()


def main_address() -> str:
    """Where the platform itself answers, without a slash at the end."""
    return str(settings.ZHENGTONG_BASE_URL).rstrip("/")


def main_host() -> str:
    """The host of the platform itself."""
    return (urlsplit(settings.ZHENGTONG_BASE_URL).hostname or "").lower()


def main_hosts() -> frozenset[str]:
    """All hosts the operator has given to the platform itself."""
    bases = (settings.ZHENGTONG_BASE_URL, settings.WAGTAILADMIN_BASE_URL)
    named = {(urlsplit(base).hostname or "").lower() for base in bases}
    return frozenset(named | {name.lower() for name in settings.ALLOWED_HOSTS}) - {""}
