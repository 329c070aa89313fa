"""One file or folder a page, one question a page."""
