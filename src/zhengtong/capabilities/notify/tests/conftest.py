"""Fixtures of the tests of messages."""

from collections.abc import Iterator
from typing import Any

import pytest

from zhengtong.capabilities.notify.tests import posts


@pytest.fixture
def postbox(settings: Any) -> Iterator[posts.Postbox]:
    port = posts.free_port()
    posts.use_mail_port(settings, port)
    with posts.mail_server(posts.Postbox(), port) as box:
        yield box


@pytest.fixture(autouse=True)
def kinds() -> Iterator[None]:
    posts.declare_kinds()
    yield
    posts.forget_kinds()
