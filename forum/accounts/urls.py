"""Addresses of accounts: our own pages, then allauth's."""

from allauth.account import views as allauth_views
from django.urls import include, path, re_path

from forum.accounts import roles_page, views
from forum.accounts.evenness import evened

urlpatterns = [
    path("", views.your_account, name="your_account"),
    path("people/", roles_page.people, name="people"),
    path("people/<int:number>/role/", roles_page.role, name="people_role"),
    path("people/<int:number>/switch/", roles_page.switch, name="people_switch"),
    path("people/invite/", roles_page.invite, name="people_invite"),
    path("people/invitations/<int:number>/withdraw/", roles_page.withdraw, name="people_withdraw"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    path("sessions/<int:number>/end/", views.end_session, name="end_session"),
    path("unsent/", views.unsent_words, name="unsent"),
    path("sessions/", views.sessions, name="usersessions_list"),
    path("second-factor/", include("allauth.mfa.urls")),
    path("signup/", views.signup, name="account_signup"),
    path("email/", views.email, name="account_email"),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", views.confirm_email, name="account_confirm_email"),
    path("password/reset/", evened(allauth_views.password_reset), name="account_reset_password"),
    path("login/code/", evened(allauth_views.request_login_code), name="account_request_login_code"),
    path("", include("allauth.account.urls")),
]
