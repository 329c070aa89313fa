"""Microsoft Project's XML: `reader` streams the file, the others each turn one part of it into rows."""
