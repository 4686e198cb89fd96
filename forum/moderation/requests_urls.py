"""Addresses of reports and take-down requests at the desk, below the desk."""

from django.urls import path

from forum.moderation import takedowns_page

urlpatterns = [
    path("requests/", takedowns_page.listed, name="requests"),
    path("requests/<int:number>/", takedowns_page.request_page, name="request"),
    path("requests/<int:number>/attach/", takedowns_page.attach, name="request_attach"),
]
