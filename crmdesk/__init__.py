"""CRM Desk: the customer desk of a small office, run by the office's own written regulation."""

__version__ = "0.1.0"
