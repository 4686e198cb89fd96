"""Addresses of the desk."""

from django.urls import include, path

from forum.moderation import (
    bans_page,
    bulk_page,
    claims_page,
    decisions_page,
    edits_page,
    leases_page,
    notes_page,
    people_page,
    views,
)

app_name = "moderation"
urlpatterns = [
    path("", views.queue_page, name="queue"),
    path("decided/", views.decided, name="decided"),
    path("comments/<int:number>/", views.comment, name="comment"),
    path("decide/", decisions_page.decide, name="decide"),
    path("undo/", decisions_page.undo, name="undo"),
    path("bulk/", bulk_page.decide_many, name="bulk"),
    path("batches/<uuid:batch>/", bulk_page.progress_of, name="batch"),
    path("batches/<uuid:batch>/go-on/", bulk_page.go_on, name="batch_go_on"),
    path("comments/<int:number>/edit/", edits_page.edit, name="edit"),
    path("lease/", leases_page.lease, name="lease"),
    path("keys/", views.keys, name="keys"),
    path("claims/", claims_page.waiting, name="claims"),
    path("claims/decided/", claims_page.decided, name="claims_decided"),
    path("claims/decide/", claims_page.decide, name="claims_decide"),
    path("claims/take-back/", claims_page.take_back, name="claims_take_back"),
    path("comments/<int:number>/notes/", notes_page.on_comment, name="note_on_comment"),
    path("comments/<int:number>/ban/", bans_page.over_comment, name="ban_over_comment"),
    path("people/<int:number>/", people_page.person, name="person"),
    path("people/<int:number>/notes/", notes_page.on_person, name="note_on_person"),
    path("people/<int:number>/ban/", bans_page.over_person, name="ban_over_person"),
    path("people/<int:number>/stop-trusting/", people_page.stop_trusting, name="stop_trusting"),
    path("bans/", bans_page.listed, name="bans"),
    path("bans/add/", bans_page.add, name="ban_many"),
    path("bans/<int:number>/lift/", bans_page.lift, name="lift"),
    path("", include("forum.moderation.articles_urls")),
    path("", include("forum.moderation.policy_urls")),
    path("", include("forum.moderation.requests_urls")),
    path("", include("forum.moderation.appeals_urls")),
    path("", include("forum.moderation.log_urls")),
]
