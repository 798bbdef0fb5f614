"""The till: due, received and change in large type."""
