"""Addresses of the counter, of papers passed up and of delivery, below ``/services/``."""

from django.urls import path

from zhengtong.systems.service_hall.web import counter, counter_consent, counter_relation, delivery, township

urlpatterns = [
    path("counter/", counter.home, name="counter"),
    path("counter/people/", township.people, name="counter-people"),
    path("counter/people/new/", counter.take_in, name="counter-take-in"),
    path("counter/people/<uuid:person_id>/", counter.person, name="counter-person"),
    path("counter/people/<uuid:person_id>/for/<slug:kind>/", counter_relation.take_in, name="counter-for"),
    path("counter/sittings/<uuid:sitting_id>/relation/", counter_relation.prove, name="counter-relation"),
    path("counter/sittings/<uuid:sitting_id>/", counter.sitting, name="sitting"),
    path("counter/sittings/<uuid:sitting_id>/drop/", counter.drop, name="counter-drop"),
    path("counter/sittings/<uuid:sitting_id>/originals/<uuid:file_id>/", counter.original, name="counter-original"),
    path("counter/sittings/<uuid:sitting_id>/phone/", counter_consent.phone, name="counter-phone"),
    path("counter/sittings/<uuid:sitting_id>/receipt/", counter.receipt, name="counter-receipt"),
    path("counter/sittings/<uuid:sitting_id>/accept/", counter.accept, name="counter-accept"),
    path("counter/applications/<uuid:application_id>/show/", counter_consent.show, name="counter-show"),
    path("counter/applications/<uuid:application_id>/supplement/", township.supplement, name="counter-supplement"),
    path("counter/papers/", township.papers, name="papers"),
    path("counter/papers/<uuid:batch_id>/", township.papers_list, name="papers-list"),
    path("delivery/", delivery.queue, name="delivery"),
    path("delivery/<uuid:delivery_id>/", delivery.one, name="delivery-one"),
    path("delivery/<uuid:delivery_id>/label/", delivery.label, name="delivery-label"),
]
