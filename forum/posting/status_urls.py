"""Addresses of what authors do with their own words."""

from django.urls import path

from forum.posting import appeals_page, edits_page, status_page, withdraw_page

urlpatterns = [
    path("comments/<int:number>/status/", status_page.status, name="comment_status"),
    path("comments/<int:number>/change/", edits_page.change, name="comment_change"),
    path("comments/<int:number>/change/take-back/", edits_page.take_back, name="comment_change_take_back"),
    path("comments/<int:number>/withdraw/", withdraw_page.withdraw, name="comment_withdraw"),
    path("comments/<int:number>/appeal/", appeals_page.appeal, name="comment_appeal"),
    path("status/<str:token>/", status_page.status_link, name="status_link"),
]
