"""Why our dates differ from the stored ones: where a difference begins, and what the file shows there."""
