"""The people who review pages of the market department, and the process in force."""

from typing import Any

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.identity.models import Account
from zhengtong.kernel.actors import Actor
from zhengtong.systems.sites import api
from zhengtong.systems.sites.models import ArticlePage, GovernmentSite
from zhengtong.systems.sites.tests import group as town


def reviewers() -> dict[str, Actor]:
    """First, second and last reviewer of the market department."""
    return {
        "first": town.keeper("first", "reviewer"),
        "second": town.keeper("second", "leader"),
        "final": town.keeper("final", "site_publisher"),
    }


def process_in_force() -> None:
    """The drawing that comes with the platform, drawn by one and approved by another."""
    drawer, approver = town.keeper("drawer", "process_admin"), town.keeper("approver", "process_admin")
    drawing = api.review_drawing()
    cases.deploy_process(actor=drawer, approver=approver, key="site_review", title="网页三审", bpmn_xml=drawing)


def three_reviews(site: GovernmentSite) -> None:
    """The site asks for three reviews."""
    boss = town.keeper("boss", "site_admin", org=town.OFFICE)
    api.set_reviews(actor=boss, site_id=site.pk, column_id=None, reviews=3)


def task_of(actor: Actor) -> Any:
    """The one task that waits for a reviewer."""
    [found] = api.review_tasks(actor)
    return found.task


def judge(actor: Actor, outcome: str = "pass", opinion: str = "", key: str = "") -> Any:
    """The reviewer gives his opinion on the one page that waits for him."""
    task = task_of(actor)
    return api.decide_review(
        actor=actor,
        work_item_id=task.id,
        outcome=outcome,
        opinion=opinion,
        command_key=key or f"{task.id}:{actor.name}",
    )


def changed(page: ArticlePage, writer: Actor, title: str) -> ArticlePage:
    """A further version of a page."""
    page = ArticlePage.objects.get(pk=page.pk).get_latest_revision_as_object()
    page.title = title
    page.save_revision(user=Account.objects.get(person_id=writer.person_id))
    return ArticlePage.objects.get(pk=page.pk)
