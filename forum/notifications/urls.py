"""Addresses of notifications; the tokens of letters stand in them."""

from django.urls import path

from forum.notifications import subscriptions_pages, views

app_name = "notifications"
urlpatterns = [
    path("following/", subscriptions_pages.following, name="following"),
    path("following/asked/", subscriptions_pages.sent, name="sent"),
    path("following/confirm/<str:token>/", views.confirm, name="confirm"),
    path("following/end/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("following/of/<str:token>/", subscriptions_pages.following_of, name="following_of"),
    path("<path:path>/follow/", views.follow, name="follow"),
]
