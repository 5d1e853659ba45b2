"""A site's edition grows with what it shows, and the shelf follows."""

import pytest
from django.db import transaction

from zhengtong.contracts.sites import SiteOpened
from zhengtong.kernel.clock import now
from zhengtong.systems.sites import api
from zhengtong.systems.sites.models import GovernmentSite
from zhengtong.systems.sites.services import editions
from zhengtong.systems.sites.services.telling import site_ref
from zhengtong.systems.sites.tests import group as town


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.ZHENGTONG_SITES_SHELF = str(tmp_path / "pages")


def _editions():
    return dict(GovernmentSite.objects.values_list("code", "edition"))


@pytest.mark.django_db
def test_publishing_and_taking_down_renew_their_own_site_only(sites, editor, publisher):
    page = town.drafted(sites["g22"], editor)
    before = _editions()

    api.publish_page(actor=publisher, page_id=page.pk)
    assert _editions() == before | {"g22": before["g22"] + 1}

    api.withdraw_page(actor=publisher, page_id=page.pk, reason="发布错了，重新核对")
    assert _editions() == before | {"g22": before["g22"] + 2}


@pytest.mark.django_db
def test_the_shelf_turns_when_the_change_has_ended_and_not_before(sites, django_capture_on_commit_callbacks):
    editions.follow()
    before = _editions()["g22"]

    with django_capture_on_commit_callbacks(execute=True):
        with transaction.atomic():
            editions.renew(sites["g22"].tenant, [sites["g22"].pk])
        assert editions.shelf().edition("980723", "g22") == before

    assert editions.shelf().edition("980723", "g22") == before + 1


@pytest.mark.django_db
def test_the_worker_turns_what_a_dead_process_left(sites):
    editions.follow()
    with transaction.atomic():
        editions.renew(sites["g22"].tenant, [sites["g22"].pk])

    assert editions.follow() == 1
    assert editions.shelf().edition("980723", "g22") == _editions()["g22"]
    assert editions.follow() == 0


@pytest.mark.django_db
def test_what_other_systems_tell_renews_every_site_of_that_county(sites):
    before = _editions()
    site = sites["g22"]
    event = SiteOpened(
        tenant=site.tenant,
        object_ref=site_ref(site),
        at=now(),
        kind=site.kind,
        org_code=site.org_code,
        org_name=site.org_name,
    )

    editions.county_changed([event, event])
    assert _editions() == {code: edition + 1 for code, edition in before.items()}

    assert editions.renew_in_time() == 0
    assert _editions() == {code: edition + 2 for code, edition in before.items()}
