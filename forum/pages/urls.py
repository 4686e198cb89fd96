"""Addresses of the pages; the article's own path comes last since it takes what nothing else took."""

from django.urls import path

from forum.pages import claims, log, people, views

urlpatterns = [
    path("", views.home, name="home"),
    path("comments/<int:number>/", views.permalink, name="comment"),
    path("comments/<int:number>/claim/", claims.claim, name="claim"),
    path("moderation-log/", log.public_log, name="public_log"),
    path("people/muted/", people.muted, name="muted"),
    path("people/<int:number>/", people.person, name="person"),
    path("people/<int:number>/mute/", people.mute_person, name="person_mute"),
    path("people/<int:number>/unmute/", people.unmute_person, name="person_unmute"),
    path("<path:path>/", views.article, name="article"),
]
