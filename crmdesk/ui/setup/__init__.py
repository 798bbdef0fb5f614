"""The first start: a few questions, one at a time; nothing is written before the last."""
