"""Files and photos of a record: shown, added, opened and saved the same way on every desk."""
