"""The manager's month."""
