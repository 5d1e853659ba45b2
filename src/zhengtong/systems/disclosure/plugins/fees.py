"""What payments ask of a request."""

from django.urls import reverse

from zhengtong.capabilities.payments.registry import Payer
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import NotFound
from zhengtong.systems.disclosure.constants import ApplicantKind
from zhengtong.systems.disclosure.models import DisclosureRequest
from zhengtong.systems.disclosure.permissions import visible


class FeesOfRequests:
    """See ``payments.registry.FeeSubject``."""

    def payer(self, tenant: str, ref: ObjectRef) -> Payer:
        """Who asked, signed in; raises NotFound for one that was not, who pays at the unit."""
        row = DisclosureRequest.objects.get(tenant=tenant, pk=ref.id)
        if row.person_id is None:
            raise NotFound("没有登录提交的申请到受理单位缴费。")
        legal = row.applicant_kind != ApplicantKind.PERSON and row.legal_person_id is not None
        return Payer(
            kind="legal" if legal else "person",
            person_id=row.person_id,
            name=row.name,
            legal_person_id=row.legal_person_id,
            email=row.email,
        )

    def may_raise(self, actor: Actor, ref: ObjectRef) -> bool:
        """Nobody but the platform: the fee is counted by the tiers."""
        return False

    def may_read(self, actor: Actor, ref: ObjectRef) -> bool:
        """Whoever sees the request."""
        return DisclosureRequest.objects.filter(visible(actor), pk=ref.id).exists()

    def numbered(self, tenant: str, number: str) -> list[str]:
        """Requests are not looked for by digits alone."""
        rows = DisclosureRequest.objects.filter(tenant=tenant, number=f"GK{number}")
        return [str(key) for key in rows.values_list("pk", flat=True)]

    def payer_url(self, ref: ObjectRef) -> str:
        """The applicant's page."""
        return reverse("disclosure:own", args=[ref.id])

    def desk_url(self, actor: Actor, ref: ObjectRef) -> str:
        """The desk's page, for who sees it."""
        return reverse("disclosure:one", args=[ref.id]) if self.may_read(actor, ref) else ""
