"""Electronic seals of GB/T 38540 on OFD documents: made from the seal's row, and used.

The structure of a seal (SESeal) is a function of its row, its certificate in force and the maker's key: it is made
when it is used and lies in every file it was used on, so that there is no second record to keep in step.
"""

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.trust.constants import CertificateRole
from zhengtong.capabilities.trust.engine import ses
from zhengtong.capabilities.trust.models import Certificate, Seal
from zhengtong.capabilities.trust.permissions import require_user
from zhengtong.capabilities.trust.registry import StampPlace, ofd_signers
from zhengtong.capabilities.trust.selectors import certificates_in_force, get_seal, lock_seal
from zhengtong.capabilities.trust.services.keys import require_lawful
from zhengtong.capabilities.trust.services.platform_certificates import platform_certificate
from zhengtong.capabilities.trust.services.timestamping import open_source
from zhengtong.capabilities.trust.services.uses import Use, credential_of, record_use, require_usable
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict
from zhengtong.kernel.ids import new_id

_ALGORITHM = "SM2"


def seal_ofd(
    *,
    actor: Actor,
    seal_id: uuid.UUID,
    ofd: bytes,
    reason: str,
    object_ref: ObjectRef,
    page: int,
    x_mm: float,
    y_mm: float,
    item_code: str = "",
) -> bytes:
    """在 OFD 文件上加盖电子印章（GB/T 38540）：国密签名覆盖全部内容，带时间戳；记一条用印记录和一条责任账目。

    The seal's centre stands at ``x_mm``, ``y_mm`` from the upper left corner of ``page`` (from 0). Raises what
    ``seal_pdf`` raises, and Conflict without an SM2 certificate of the seal or of the platform as maker of seals.
    """
    seal = get_seal(tenant=actor.tenant, seal_id=seal_id)
    require_user(actor, seal, item_code=item_code)
    at = now()
    require_usable(seal, at)
    user = _user(seal, at)
    source = open_source(tenant=actor.tenant, algorithm=_ALGORITHM, at=at)
    diameter = float(seal.diameter_mm)
    place = StampPlace(page, x_mm - diameter / 2, y_mm - diameter / 2, diameter, diameter)
    sealed = ofd_signers.get("ofd")().sign_ofd(
        ofd,
        credential=credential_of(user),
        seal=_structure(seal, user, at),
        place=place,
        signed_at=at,
        stamp=None if source is None else source.stamp,
    )
    use = Use(
        id=new_id(),
        seal=seal,
        object_ref=object_ref,
        reason=reason,
        at=at,
        before=ofd,
        after=sealed,
        signatures=[{"field": "ofd", "algorithm": _ALGORITHM, "serial": user.serial}],
    )
    with transaction.atomic():
        require_usable(lock_seal(tenant=actor.tenant, seal_id=seal_id), at)
        record_use(actor=actor, use=use, format="OFD")
        if source is not None:
            source.save()
    return sealed


def _user(seal: Seal, at: dt.datetime) -> Certificate:
    found = certificates_in_force(seal, at).get(_ALGORITHM)
    if found is None:
        raise Conflict(_("“%(seal)s”没有有效的国密证书，不能在 OFD 文件上盖章。") % {"seal": seal.name})
    require_lawful(development=found.is_development)
    return found


def _structure(seal: Seal, user: Certificate, at: dt.datetime) -> bytes:
    maker = _maker(seal, at)
    # A licensed authority dates no certificate back: a seal that is older than its maker's begins with that.
    begins = max(seal.valid_from, maker.not_before)
    return ses.make_seal(
        seal_id=seal.id.hex,
        name=seal.name,
        users_pem=[user.pem],
        created_at=begins,
        valid_from=begins,
        valid_until=seal.valid_until,
        picture_png=bytes(seal.picture_png),
        diameter_mm=round(seal.diameter_mm),
        maker=credential_of(maker),
    )


def _maker(seal: Seal, at: dt.datetime) -> Certificate:
    """The maker's certificate, dated back to the seal it has to vouch for where that is possible."""
    found = platform_certificate(tenant=seal.tenant, role=CertificateRole.MAKER, since=seal.valid_from, at=at)
    if found is None:
        raise Conflict(_("还没有制章者证书，不能在 OFD 文件上盖章。请向签发机构申请制章者证书并导入。"))
    return found
