"""Importing customers and items from a file."""
