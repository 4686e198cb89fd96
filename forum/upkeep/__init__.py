"""Running the site: demo people, health."""
