NAME_COOKIE = "afterword_name"
