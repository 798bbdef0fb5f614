"""Reception: the board of visits, check-in, keys and the send-off."""

from __future__ import annotations
