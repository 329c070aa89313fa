"""What people state of a plan: ranges and where they come from, risks, branches, correlation, weather, what is waited for. Checked, against the plan."""
