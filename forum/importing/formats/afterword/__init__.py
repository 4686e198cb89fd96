"""The reader and writer of Afterword's own lossless JSON."""
