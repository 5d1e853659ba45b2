"""A database that was used for demonstrations and is opened in production: its roots are trusted no more."""

import uuid

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.trust import api
from zhengtong.capabilities.trust.models import Certificate
from zhengtong.capabilities.trust.plugins.lawfulness import check_lawfulness
from zhengtong.capabilities.trust.services.keys import trusted_roots
from zhengtong.capabilities.trust.tests import factories
from zhengtong.capabilities.trust.tests.test_external import LicensedAuthority, bring_into_use, put, stamp_too
from zhengtong.capabilities.trust.tests.test_ofd_services import sealed
from zhengtong.capabilities.trust.tests.test_services import ADMIN, ORG, PLATFORM, TENANT
from zhengtong.kernel.errors import Invalid

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_key_store")]


@pytest.fixture
def seal() -> api.SealInfo:
    return api.ensure_seal(actor=PLATFORM, org_id=ORG, org_name=factories.ORG, kind="official")


def go_into_production(settings: LazySettings) -> None:
    settings.ZHENGTONG_DEMO, settings.ZHENGTONG_CERTIFICATE_AUTHORITY = False, "file"


def test_what_was_sealed_in_a_demonstration_has_no_effect_in_production(
    seal: api.SealInfo, settings: LazySettings
) -> None:
    pdf, ofd = put(seal).pdf, sealed(seal, actor=PLATFORM)
    assert api.verify_pdf(pdf).valid
    assert api.verify_ofd(ofd).valid

    go_into_production(settings)

    assert trusted_roots() == []
    for found in (api.verify_pdf(pdf), api.verify_ofd(ofd)):
        assert not found.valid
        assert found.development
        assert "开发测试根证书" in found.message
        assert "不具法律效力" in found.message
        assert not any(one.valid for one in found.signatures)


def test_a_token_of_the_demonstration_is_not_believed_and_its_key_not_published(settings: LazySettings) -> None:
    key = api.token_key(tenant=TENANT)
    assert key is not None
    signature = key.sign(b"licence")

    go_into_production(settings)

    assert api.token_keys() == {}
    assert api.verify_token(key_id=key.key_id, data=b"licence", signature=signature) is None
    assert api.is_test_key(key.key_id[:16])
    assert not api.is_test_key("0" * 16)
    assert not api.is_test_key("")
    assert api.token_key(tenant=TENANT) is None


def test_the_start_says_so_and_the_public_page_offers_no_test_root(seal: api.SealInfo, settings: LazySettings) -> None:
    assert check_lawfulness() == []
    shown = Client().get(reverse("trust:authority")).content.decode()

    go_into_production(settings)

    (found,) = check_lawfulness()
    assert found.id == "trust.W002"
    assert "2 张" in str(found.msg)
    serial = Certificate.objects.filter(role="root")[0].serial
    assert serial in shown
    assert serial not in Client().get(reverse("trust:authority")).content.decode()


def test_licensed_certificates_take_over_with_keys_of_their_own(seal: api.SealInfo, settings: LazySettings) -> None:
    old = put(seal).pdf
    go_into_production(settings)
    authority = LicensedAuthority()
    tests = set(Certificate.objects.filter(seal=seal.id).values_list("key_name", flat=True))

    bring_into_use(seal, authority)
    stamp_too(authority)
    new = put(seal)

    fresh = set(Certificate.objects.filter(seal=seal.id, status="active").values_list("key_name", flat=True))
    assert not fresh & tests
    assert new.level == "LTA"
    found = api.verify_pdf(new.pdf)
    assert found.valid
    assert not found.development
    assert not api.verify_pdf(old).valid


def test_the_test_authority_is_not_imported_as_a_licensed_one(seal: api.SealInfo, settings: LazySettings) -> None:
    chain = [row.pem.encode() for row in Certificate.objects.filter(role__in=("root", "issuing"))]
    go_into_production(settings)

    with pytest.raises(Invalid, match="开发测试机构"):
        api.import_certificates(actor=ADMIN, files=chain)
    # nor where this database has never seen it
    root = next(row.pem for row in Certificate.objects.filter(role="root", algorithm="SM2"))
    with pytest.raises(Invalid, match="开发测试机构"):
        api.import_certificates(
            actor=ADMIN.__class__(
                tenant="980724", kind="official", person_id=uuid.UUID(int=1), roles=frozenset({"sec_admin"})
            ),
            files=[root.encode()],
        )
