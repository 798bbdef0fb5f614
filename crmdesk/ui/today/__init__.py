"""The Today board and the reminders that speak up by themselves."""
