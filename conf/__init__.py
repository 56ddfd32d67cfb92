"""What to run: one YAML file per job and groups of named choices. Values only, never code."""
