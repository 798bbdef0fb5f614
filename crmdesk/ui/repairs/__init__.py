"""Repairs: the list, the case, and the intake with photo (REP-01 to REP-07)."""
