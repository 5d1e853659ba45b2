"""Addresses of the search page, its suggestions, and the desk of who looks after searches."""

from django.urls import path

from zhengtong.capabilities.search.web import desk
from zhengtong.capabilities.search.web.views import search_page, suggest

app_name = "search"
urlpatterns = [
    path("", search_page, name="search"),
    path("suggest/", suggest, name="suggest"),
    path("desk/", desk.missed, name="missed"),
    path("desk/handle/", desk.handle, name="handle"),
    path("desk/missed.xlsx", desk.export, name="missed_export"),
    path("desk/words/", desk.words, name="words"),
    path("desk/words/release/", desk.release, name="release"),
    path("desk/synonyms/", desk.synonyms, name="synonyms"),
]
