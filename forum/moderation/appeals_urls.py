"""Addresses of appeals and edits that wait, below the desk."""

from django.urls import path

from forum.moderation import appeals_page, edits_waiting_page

urlpatterns = [
    path("edits/decide/", edits_waiting_page.decide, name="edit_decide"),
    path("appeals/answer/", appeals_page.answer, name="appeal_answer"),
]
