"""Project cards of the Dynamic Scheduling Library: `reader`, the `card`'s sheets, its `network` as planned, its `tracking` periods."""
