"""Approvals: what waits for somebody's decision, and the panel that shows where it lies."""
