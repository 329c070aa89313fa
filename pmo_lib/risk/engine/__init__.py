"""Iterations by the block, compiled: `steps` says what happens in one, `running` runs the blocks on threads. It knows arrays alone."""
