"""Microsoft Project's XML: `writer` puts the file together, the others each write one part of it; `losses` tells what it has no place for."""
