"""Writers: a `Project` in another tool's format. One file a format."""
