"""Jobs of identity: once a night accounts nobody uses are closed, and the use of posts is told as counts."""

import logging

from procrastinate.contrib.django import app

from zhengtong.capabilities.identity import api

log = logging.getLogger(__name__)


@app.periodic(cron="17 3 * * *")
@app.task(name="identity.disable_idle_accounts", queue="identity", queueing_lock="identity.disable_idle_accounts")
def disable_idle_accounts(timestamp: int = 0) -> None:
    """Close the officials' accounts that were idle too long, in every tenant; safe to repeat.

    ``timestamp`` is the time the scheduler meant, which does not matter: the platform's clock decides.
    """
    closed = api.close_idle_accounts()
    if closed:
        log.info("%d idle accounts were closed", closed)


@app.periodic(cron="37 0 * * *")
@app.task(name="identity.tell_posts_used", queue="identity", queueing_lock="identity.tell_posts_used")
def tell_posts_used(timestamp: int = 0) -> None:
    """Tell how many posts of each unit were used yesterday; ``timestamp`` is the scheduler's."""
    api.tell_posts_used()


@app.periodic(cron="43 2 * * *")
@app.task(name="identity.keep_retention", queue="identity", queueing_lock="identity.keep_retention")
def keep_retention(timestamp: int = 0) -> None:
    """Let go what is past its period, in every tenant; ``timestamp`` is the scheduler's and does not matter."""
    for tenant in api.tenants():
        for key, count in api.keep_retention(tenant=tenant).items():
            log.info("%d rows past their period went (%s)", count, key)
