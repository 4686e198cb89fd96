"""Addresses of the article desk, below those of the desk."""

from django.urls import path

from forum.moderation import articles_correct_page, articles_move_page, articles_pages

urlpatterns = [
    path("articles/", articles_pages.listing, name="articles"),
    path("articles/find-comment/", articles_pages.find_comment, name="find_comment"),
    path("articles/<int:number>/", articles_pages.article, name="article"),
    path("articles/<int:number>/correct/", articles_correct_page.correct, name="article_correct"),
    path("articles/<int:number>/hide/", articles_pages.hide, name="article_hide"),
    path("articles/<int:number>/show/", articles_pages.show, name="article_show"),
    path("articles/<int:number>/close/", articles_pages.close, name="article_close"),
    path("articles/<int:number>/reopen/", articles_pages.reopen, name="article_reopen"),
    path("articles/<int:number>/merge/", articles_move_page.merge, name="article_merge"),
    path("comments/<int:number>/move/", articles_move_page.move, name="move"),
    path("article-acts/undo/", articles_pages.undo, name="article_undo"),
]
