"""Writers: a `Project` in another tool's format. A file or package a format."""
