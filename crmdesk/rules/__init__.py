"""What the regulation says, as pure functions and data; no Qt, no SQL."""
