"""Small pages in the manner of several themes, made here for the tests."""

from pathlib import Path

from forum.importing.formats.html.reader import read, read_page
from forum.importing.records import ArchivedArticle, Given, Source

URL = "https://bread.example.org/2014/03/05/rye/"


def item(number: int, text: str, author: str = "Mary", children: str = "", **more: str) -> str:
    """One comment as WordPress's own walker prints it; `more` has classes, depth, date and extra markup."""
    depth = more.get("depth", "1")
    date = more.get("date", "2014-03-05T10:31:00+01:00")
    return f"""<li id="comment-{number}" class="comment even depth-{depth} {more.get("classes", "")}">
      <article id="div-comment-{number}" class="comment-body"><footer class="comment-meta">
        <div class="comment-author vcard">
          <img class="avatar photo" src="https://secure.gravatar.com/avatar/0123456789abcdef0123456789abcdef?s=56">
          <b class="fn">{author}</b> <span class="says">says:</span></div>
        <div class="comment-metadata"><a href="{URL}#comment-{number}">
          <time datetime="{date}">March 5, 2014 at 10:31 am</time></a>
          <span class="edit-link"><a class="comment-edit-link"
          href="/wp-admin/comment.php?c={number}">Edit</a></span>
        </div>{more.get("notice", "")}</footer>
        <div class="comment-content"><p>{text}</p>{more.get("extra", "")}</div>
        <div class="reply"><a class="comment-reply-link" href="{URL}?replytocom={number}#respond"
          data-commentid="{number}">Reply</a></div>
      </article>{f'<ol class="children">{children}</ol>' if children else ""}</li>"""


def page(comments: str, heading: str = "", **more: str) -> str:
    """A page of a post about rye bread; `more` has `head`, `body_class`, `content`, `after` and `form`."""
    title = more.get("title", "Rye bread")
    heading = f'<h2 class="comments-title">{heading}</h2>' if heading else ""
    listed = f'<ol class="comment-list">{comments}</ol>' if comments else ""
    form = more.get("form", '<h3 id="reply-title">Leave a Reply <small><a>Cancel reply</a></small></h3>')
    return f"""<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>{title} – Crumbs</title>
      <link rel="canonical" href="{URL}"><meta property="og:site_name"
      content="Crumbs">{more.get("head", "")}</head>
      <body class="{more.get("body_class", "single single-post postid-7")}">
      <h1 class="site-title">Crumbs</h1><article id="post-7" class="post hentry"><header class="entry-header">
      <h1 class="entry-title">{title}</h1><span class="byline">by <span class="author vcard"><a class="url
      fn">Ann</a>
      </span></span><time class="entry-date published"
      datetime="2014-03-05T09:00:00+01:00">March 5, 2014</time></header>
      <div class="entry-content">{more.get("content", "<p>Flour and water.</p>")}</div></article>
      <div id="comments" class="comments-area">{heading}{listed}{more.get("after", "")}
      <div id="respond" class="comment-respond">{form}<form id="commentform"><p>Your email address will not be
      published.</p><label>Name</label><textarea id="comment" name="comment"></textarea></form></div></div>
      <aside class="widget-area"><ul id="recentcomments"><li class="recentcomments">Mary on <a
      href="{URL}#comment-1">Rye bread</a></li></ul></aside></body></html>"""


def read_html(text: str | bytes, address: str = "") -> ArchivedArticle:
    """The one article of a page."""
    (article,) = read_page(text, address, "page.html")
    return article


def read_file(folder: Path, content: bytes, given: Given | None = None) -> ArchivedArticle:
    """The one article of a file with this content."""
    path = folder / "page.html"
    path.write_bytes(content)
    (article,) = read(Source(path, path.name, given or Given()))
    return article


def bodies(article: ArchivedArticle) -> list[str]:
    """What the comments say."""
    return [comment.body for comment in article.comments]


def shape(article: ArchivedArticle) -> list[tuple[str, str | None]]:
    """Key and parent of each comment."""
    return [(comment.key, comment.parent_key) for comment in article.comments]


def codes(article: ArchivedArticle) -> list[str]:
    """The codes of the remarks."""
    return [remark.code for remark in article.remarks]
