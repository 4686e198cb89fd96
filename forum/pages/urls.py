"""Addresses of the pages; the article's own path comes last since it takes what nothing else took."""

from django.urls import path

from forum.pages import views

urlpatterns = [
    path("", views.home, name="home"),
    path("comments/<int:number>/", views.permalink, name="comment"),
    path("<path:path>/", views.article, name="article"),
]
