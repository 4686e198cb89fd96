"""A saved web page of a blog post with its comments, plain or as MHTML; `reader` is the way in."""
