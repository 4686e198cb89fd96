"""Addresses of the policy, its rules and rehearsals, below the desk."""

from django.urls import path

from forum.moderation import policy_page, rehearsal_page, rules_import_page, rules_pages, spam_page

urlpatterns = [
    path("policy/", policy_page.policy_page, name="policy"),
    path("policy/undo/", policy_page.undo, name="policy_undo"),
    path("articles/<int:number>/mode/", policy_page.article_mode, name="article_mode"),
    path("rules/", rules_pages.listing, name="rules"),
    path("rules/rules.csv", rules_import_page.as_file, name="rules_csv"),
    path("rules/import/", rules_import_page.take_in, name="rules_import"),
    path("rules/add/", rules_pages.add, name="rule_add"),
    path("rules/<int:number>/", rules_pages.rule, name="rule"),
    path("rules/<int:number>/switch/", rules_pages.switch, name="rule_switch"),
    path("spam/", spam_page.spam_page, name="spam"),
    path("rehearsals/<int:number>/", rehearsal_page.rehearsal_page, name="rehearsal"),
    path("rehearsals/<int:number>/cancel/", rehearsal_page.cancel, name="rehearsal_cancel"),
]
