"""Decides how a request is answered safely: paging, redirects, origin, address; knows no model."""
