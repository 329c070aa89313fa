"""MPP, MPX, PMXML and whatever else MPXJ reads: `reader` is our end, `child` the JVM's process, `plan` and the others make rows of its objects there."""
