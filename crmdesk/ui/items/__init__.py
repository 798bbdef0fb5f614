"""The catalogue: the list of items and their form."""
