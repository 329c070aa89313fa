"""Rules that only MS Project has: summary tasks with a say of their own, several people on a task, slack on the task's own calendar."""
