"""Addresses of opinions."""

from django.urls import path

from zhengtong.systems.opinions.web import desk, figures, poll_desk, poll_public, public, topic_desk

app_name = "opinions"

urlpatterns = [
    path("", public.home, name="home"),
    path("receipt/", public.receipt, name="receipt"),
    path("find/", public.find_own, name="find"),
    path("topics/<uuid:topic_id>/", public.topic, name="topic"),
    path("topics/<uuid:topic_id>/send/", public.send, name="send"),
    path("topics/<uuid:topic_id>/file/<int:no>/", public.file, name="file"),
    path("polls/<uuid:poll_id>/", poll_public.poll, name="poll"),
    path("polls/<uuid:poll_id>/fill/", poll_public.fill, name="fill"),
    path("polls/<uuid:poll_id>/result/", poll_public.result, name="result"),
    path("desk/", desk.queue, name="desk"),
    path("desk/figures/", figures.figures, name="figures"),
    path("desk/figures.xlsx", figures.figures_xlsx, name="figures_xlsx"),
    path("desk/topics/new/", topic_desk.new, name="new_topic"),
    path("desk/topics/<uuid:topic_id>/", topic_desk.one, name="desk_topic"),
    path("desk/topics/<uuid:topic_id>/edit/", topic_desk.edit, name="edit_topic"),
    path("desk/topics/<uuid:topic_id>/opinions/", topic_desk.opinions, name="comments"),
    path("desk/topics/<uuid:topic_id>/file/<int:no>/", topic_desk.file, name="desk_file"),
    path("desk/topics/<uuid:topic_id>/<str:act>/", topic_desk.act, name="topic_act"),
    path("desk/polls/new/", poll_desk.new, name="new_poll"),
    path("desk/polls/<uuid:poll_id>/", poll_desk.one, name="desk_poll"),
    path("desk/polls/<uuid:poll_id>/edit/", poll_desk.edit, name="edit_poll"),
    path("desk/polls/<uuid:poll_id>/preview/", poll_desk.preview, name="preview"),
    path("desk/polls/<uuid:poll_id>/result.xlsx", poll_desk.result_xlsx, name="result_xlsx"),
    path("desk/polls/<uuid:poll_id>/texts/<int:no>/", poll_desk.texts, name="texts"),
    path("desk/polls/<uuid:poll_id>/<str:act>/", poll_desk.act, name="poll_act"),
]
