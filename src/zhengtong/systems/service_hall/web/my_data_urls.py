"""Addresses of what is held about a person."""

from django.urls import path

from zhengtong.systems.service_hall.web import erasures, my_data

urlpatterns = [
    path("my-data/", my_data.overview, name="my-data"),
    path("my-data/readings/", my_data.readings, name="my-readings"),
    path("my-data/copy/", my_data.copy, name="my-copy"),
    path("my-data/correction/", my_data.correction, name="my-correction"),
    path("my-data/erasure/", erasures.ask, name="my-erasure"),
    path("my-data/erasure/<uuid:request_id>/withdraw/", erasures.withdraw, name="my-erasure-withdraw"),
    path("desk/erasures/", erasures.waiting, name="desk-erasures"),
    path("desk/erasures/<uuid:request_id>/", erasures.decide, name="desk-erasure"),
    path("desk/corrections/", my_data.waiting, name="desk-corrections"),
    path("desk/corrections/<uuid:request_id>/", my_data.answer, name="desk-correction"),
]
