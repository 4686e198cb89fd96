"""Web captures: WARC and ARC files (`reader`) and WACZ packages of them (`wacz`)."""
