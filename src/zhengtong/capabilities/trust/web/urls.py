"""Addresses under ``/trust/``."""

from django.urls import path

from zhengtong.capabilities.trust.web import certificates, persons, public, seals

app_name = "trust"

urlpatterns = [
    path("seals/", seals.seal_list, name="seals"),
    path("seals/apply/", seals.apply, name="apply"),
    path("seals/<uuid:seal_id>/", seals.seal, name="seal"),
    path("seals/<uuid:seal_id>/change/", seals.change_seal, name="change_seal"),
    path("seals/<uuid:seal_id>/picture.png", seals.picture, name="picture"),
    path("applications/<uuid:application_id>/", seals.application, name="application"),
    path("applications/<uuid:application_id>/decision/", seals.decide_application, name="decide_application"),
    path("persons/", persons.person_list, name="persons"),
    path("persons/apply/", persons.apply, name="apply_person"),
    path("persons/applications/<uuid:application_id>/", persons.application, name="person_application"),
    path(
        "persons/applications/<uuid:application_id>/decision/",
        persons.decide_application,
        name="decide_person_application",
    ),
    path("persons/applications/<uuid:application_id>/request.csr", persons.request_file, name="person_request"),
    path(
        "persons/applications/<uuid:application_id>/certificate/",
        persons.import_certificate,
        name="import_person_certificate",
    ),
    path("certificates/", certificates.certificate_list, name="certificates"),
    path("certificates/<uuid:certificate_id>/", certificates.certificate, name="certificate"),
    path("certificates/<uuid:certificate_id>/change/", certificates.change_certificate, name="change_certificate"),
    # asked by programs all over the world: their form is fixed by RFC 5280, 6960 and 3161
    path("ca/", public.authority, name="authority"),
    path("ca/<str:serial>.cer", public.authority_certificate, name="authority_certificate"),
    path("crl/<str:serial>.crl", public.revocation_list, name="revocation_list"),
    path("ocsp/", public.status, name="status"),
    path("ocsp/<path:encoded>", public.status, name="status_by_get"),
    path("tsa/", public.timestamp, name="timestamp"),
]
