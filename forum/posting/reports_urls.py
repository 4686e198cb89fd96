"""Addresses of what readers ask of the desk."""

from django.urls import path

from forum.posting import reports_page, takedowns_page

urlpatterns = [
    path("comments/<int:number>/report/", reports_page.report, name="report"),
    path("reported/", reports_page.reported, name="reported"),
    path("comments/<int:number>/take-down/", takedowns_page.at_comment, name="take_down_comment"),
    path("take-down/", takedowns_page.anywhere, name="take_down"),
    path("take-down/asked/", takedowns_page.asked, name="take_down_asked"),
]
