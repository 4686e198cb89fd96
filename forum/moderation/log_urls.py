"""Addresses of the log, statistics and letters to moderators, below the desk."""

from django.urls import path

from forum.moderation import letters_page, log_page, statistics_page

urlpatterns = [
    path("log/", log_page.listed, name="log"),
    path("log.csv", log_page.file, name="log_file"),
    path("statistics/", statistics_page.overview, name="statistics"),
    path("statistics.csv", statistics_page.file, name="statistics_file"),
    path("letters/", letters_page.choose, name="letters"),
    path("by-mail/<str:token>/", letters_page.by_mail, name="by_mail"),
]
