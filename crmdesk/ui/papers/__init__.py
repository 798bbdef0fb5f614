"""Papers on screen: preview, printing, and what waits for a printer."""
