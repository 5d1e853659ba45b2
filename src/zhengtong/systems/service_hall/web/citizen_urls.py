"""Addresses of the applicant's pages."""

from django.urls import path

from zhengtong.systems.service_hall.web import (
    delivery,
    filling,
    hearing,
    materials,
    moving,
    own,
    scanning,
    submitting,
    tracking,
)

urlpatterns = [
    path("", own.home, name="home"),
    path("mine/", own.mine, name="mine"),
    path("apply/<str:item_code>/", filling.apply, name="apply"),
    path("drafts/<uuid:application_id>/form/<int:number>/", filling.section, name="section"),
    path("drafts/<uuid:application_id>/save/", filling.autosave, name="autosave"),
    path("drafts/<uuid:application_id>/files/", filling.answer_upload, name="answer_upload"),
    path("drafts/<uuid:application_id>/newer/", moving.newer, name="newer"),
    path("applications/<uuid:application_id>/answers/<uuid:file_id>/", materials.answer_file, name="answer_file"),
    path("drafts/<uuid:application_id>/discard/", filling.discard, name="discard"),
    path("drafts/<uuid:application_id>/materials/", materials.materials, name="materials"),
    path("drafts/<uuid:application_id>/review/", submitting.review, name="review"),
    path("applications/<uuid:application_id>/", own.application, name="application"),
    path("applications/<uuid:application_id>/receipt/", submitting.receipt, name="receipt"),
    path("applications/<uuid:application_id>/supplement/", submitting.supplement, name="supplement"),
    path("applications/<uuid:application_id>/hearing/", hearing.ask, name="hearing"),
    path("applications/<uuid:application_id>/hearing/waiver/", hearing.waive, name="waive-hearing"),
    path("applications/<uuid:application_id>/withdraw/", submitting.withdraw, name="withdraw"),
    path("applications/<uuid:application_id>/materials/<str:key>/", materials.upload, name="upload"),
    path("applications/<uuid:application_id>/materials/<str:key>/pages/", scanning.collect, name="scan-pages"),
    path("applications/<uuid:application_id>/pages/<uuid:page_id>/", scanning.picture, name="scan-page"),
    path("applications/<uuid:application_id>/files/<uuid:file_id>/", materials.file, name="file"),
    path("applications/<uuid:application_id>/delivery/", delivery.choose, name="choose-delivery"),
    path("applications/<uuid:application_id>/files/<uuid:file_id>/turn/", materials.turn, name="turn"),
    path("applications/<uuid:application_id>/files/<uuid:file_id>/remove/", materials.remove, name="remove"),
    path("papers/<uuid:document_id>/", own.paper, name="paper"),
    path("track/", tracking.track, name="track"),
    path("track/result/", tracking.result, name="track_result"),
]
