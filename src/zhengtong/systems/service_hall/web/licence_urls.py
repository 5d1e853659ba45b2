"""Addresses of licences: the holder's pages, and the desk of the unit that issued them."""

from django.urls import path

from zhengtong.systems.service_hall.web import desk_licences, licences, materials

urlpatterns = [
    path("licences/", licences.licences, name="licences"),
    path("licences/measures/<uuid:measure_id>/", licences.measure, name="licence-measure"),
    path("licences/<uuid:document_id>/", licences.licence, name="licence"),
    path("licences/<uuid:document_id>/code/", licences.code, name="licence-code"),
    path("licences/<uuid:document_id>/loss/", licences.loss, name="licence-loss"),
    path("licences/<uuid:document_id>/found/", licences.found, name="licence-found"),
    path("licences/<uuid:document_id>/apply/<slug:purpose>/", licences.apply, name="licence-apply"),
    path("applications/<uuid:application_id>/materials/<str:key>/reuse/", materials.reuse, name="reuse"),
    path("desk/licences/", desk_licences.find, name="desk-licences"),
    path("desk/licences/<uuid:document_id>/", desk_licences.licence, name="desk-licence"),
    path("desk/licences/<uuid:document_id>/propose/<slug:kind>/", desk_licences.propose, name="desk-propose"),
    path("desk/measures/<uuid:measure_id>/", desk_licences.measure, name="desk-measure"),
    path("desk/measures/<uuid:measure_id>/decide/", desk_licences.decide, name="desk-decide-measure"),
    path("desk/measures/<uuid:measure_id>/drop/", desk_licences.drop, name="desk-drop-measure"),
]
