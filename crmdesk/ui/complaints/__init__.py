"""The complaint desk: the list, the quick form, and the case."""
