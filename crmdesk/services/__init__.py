"""What the office does, one file per area; the only door between the windows and everything below."""
