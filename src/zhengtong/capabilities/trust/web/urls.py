"""Addresses under ``/trust/``."""

from django.urls import path

from zhengtong.capabilities.trust.web import certificates, public, seals

app_name = "trust"

urlpatterns = [
    path("seals/", seals.seal_list, name="seals"),
    path("seals/apply/", seals.apply, name="apply"),
    path("seals/<uuid:seal_id>/", seals.seal, name="seal"),
    path("seals/<uuid:seal_id>/picture.png", seals.picture, name="picture"),
    path("applications/<uuid:application_id>/", seals.application, name="application"),
    path("certificates/", certificates.certificate_list, name="certificates"),
    path("certificates/<uuid:certificate_id>/", certificates.certificate, name="certificate"),
    # asked by programs all over the world: their form is fixed by RFC 5280, 6960 and 3161
    path("ca/", public.authority, name="authority"),
    path("ca/<str:serial>.cer", public.authority_certificate, name="authority_certificate"),
    path("crl/<str:serial>.crl", public.revocation_list, name="revocation_list"),
    path("ocsp/", public.status, name="status"),
    path("ocsp/<path:encoded>", public.status, name="status_by_get"),
    path("tsa/", public.timestamp, name="timestamp"),
]
