"""Packs of the regulation as text, for tests that write their own."""

from __future__ import annotations


def pack_head(name: str) -> str:
    """Return the table every pack file begins with."""
    return f'[pack]\nname = "{name}"\ngist = "Test"\nzh_TW = "測試"\nzh_CN = "测试"\n\n'
