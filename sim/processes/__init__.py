"""Processes: what happens in a village, phase by phase. They read policy columns and know no lever."""
