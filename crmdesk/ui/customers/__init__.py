"""Customers: the list, the card beside it, and the form."""
