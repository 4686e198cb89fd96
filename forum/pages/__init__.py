"""Pages made of several rooms: home, article with thread and reply form, permalinks."""
