"""Addresses of importing, below Django's admin."""

from django.urls import path

from forum.importing import views

app_name = "importing"
urlpatterns = [
    path("", views.upload, name="upload"),
    path("<int:number>/", views.show, name="show"),
    path("<int:number>/preview/", views.look, name="look"),
    path("<int:number>/correct/", views.correct, name="correct"),
    path("<int:number>/apply/", views.apply, name="apply"),
    path("<int:number>/cancel/", views.cancel, name="cancel"),
    path("<int:number>/undo/", views.take_back, name="undo"),
    path("<int:number>/redo/", views.again, name="redo"),
    path("<int:number>/ledger.csv", views.ledger, {"form": "csv"}, name="ledger-csv"),
    path("<int:number>/ledger.json", views.ledger, {"form": "json"}, name="ledger-json"),
]
