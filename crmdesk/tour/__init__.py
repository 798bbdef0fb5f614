"""The tour: one office day in the real windows, by keys and clicks, on a temporary office.

It is the demo, the pictures of the README, and a test. :func:`run_tour` leaves in a folder a picture of every step,
every paper as PDF and PNG, and ``tour.json`` with what was done and how long it took.
"""

from crmdesk.tour.runner import run_tour

__all__ = ["run_tour"]
