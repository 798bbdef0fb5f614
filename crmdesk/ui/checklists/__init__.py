"""The checklists: those of today, one ticked line by line, and the manager's templates."""
