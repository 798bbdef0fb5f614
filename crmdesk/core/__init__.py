"""Words everybody may use: errors, texts, paths, settings, clock, money, phones, names; no Qt, no SQL."""
