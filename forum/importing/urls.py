"""Addresses of importing, below Django's admin."""

from django.urls import path

from forum.importing import views

app_name = "importing"
urlpatterns = [
    path("", views.upload, name="upload"),
    path("<int:number>/", views.show, name="show"),
    path("<int:number>/apply/", views.apply, name="apply"),
]
