"""The database password: kept by the operating system's keyring, never in a file of ours."""

from __future__ import annotations

import logging

from crmdesk.core.address import with_password

SERVICE = "crmdesk"

log = logging.getLogger(__name__)


def _name(url: str) -> str:
    return with_password(url, "")


def find_password(url: str) -> str:
    """Return the kept password of a server's address; '' when there is none or this PC has no keyring."""
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(SERVICE, _name(url)) or ""
    except KeyringError as error:
        log.info("keyring: %s", type(error).__name__)
        return ""


def keep_password(url: str, password: str) -> bool:
    """Keep the password of a server's address; False when this PC has no keyring, then it is asked at each start."""
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(SERVICE, _name(url), password)
    except KeyringError as error:
        log.info("keyring: %s", type(error).__name__)
        return False
    return True


def has_keyring() -> bool:
    """Whether this PC can keep a password."""
    import keyring
    from keyring.backends.fail import Keyring as NoKeyring

    return not isinstance(keyring.get_keyring(), NoKeyring)
