"""Texts: English is the source, translations are gettext catalogues found beside the program.

``_`` looks the translator up at call time, so a switch of language while the program runs reaches every
text; lists made at import time use ``N_`` and are translated where they are shown.
"""

from __future__ import annotations

import gettext as gettext_module
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from crmdesk.core.paths import translations_dir

LANGUAGES = ("en", "zh_TW", "zh_CN")
LANGUAGE_NAMES = {"en": "English", "zh_TW": "繁體中文", "zh_CN": "简体中文"}
DOMAIN = "crmdesk"

Translator = gettext_module.NullTranslations

_process_language = "en"
_override: ContextVar[str | None] = ContextVar("language", default=None)


@lru_cache(maxsize=len(LANGUAGES))
def translator(language: str) -> Translator:
    """Return the catalogue of a language (``gettext``, ``ngettext``, ``pgettext``); English is the source itself."""
    if language == "en":
        return gettext_module.NullTranslations()
    return gettext_module.translation(DOMAIN, translations_dir(), languages=[language], fallback=True)


def set_language(language: str) -> None:
    """Make ``language`` the one of the whole program; ValueError if we don't speak it."""
    if language not in LANGUAGES:
        raise ValueError(f"unknown language {language!r}")
    globals()["_process_language"] = language


def language() -> str:
    """Return the language texts are shown in now."""
    return _override.get() or _process_language


@contextmanager
def using(code: str) -> Iterator[None]:
    """Speak another language inside the block (a paper in the customer's language)."""
    token = _override.set(code)
    try:
        yield
    finally:
        _override.reset(token)


def _(message: str) -> str:
    """Translate a text."""
    return translator(language()).gettext(message) if message else ""


def dotted(*parts: str) -> str:
    """Return the parts that say something with a dot between; the Chinese dot is full width, without spaces."""
    return ("·" if language().startswith("zh") else " · ").join(part for part in parts if part)


def N_(message: str) -> str:
    """Mark a text for extraction; it is translated where it is shown."""
    return message


def ngettext(singular: str, plural: str, n: int) -> str:
    """Translate a text that depends on a count."""
    return translator(language()).ngettext(singular, plural, n)


def pgettext(context: str, message: str) -> str:
    """Translate a text whose meaning depends on where it stands."""
    return translator(language()).pgettext(context, message)
