"""The first window: who is here, or what keeps the office's data from being opened."""
