"""The served pages: they ask `pmo_lib.office` and show its answers; they compute nothing."""
