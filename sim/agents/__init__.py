"""Mesa agents: each is a view of one row of the arrays."""
