"""What a file is by its content, not by its name: a program renamed to ``photo.jpg`` stays a program."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePath, PureWindowsPath
from typing import NamedTuple

from crmdesk.core.text import clean

NAME_LENGTH = 160
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PDF_WITHIN = 1024  # some printers write a few bytes before the mark
_TEXT_SUFFIXES = frozenset({".txt", ".csv", ".tsv", ".md", ".log", ".vcf", ".eml"})
_OLE_SUFFIXES = {
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
}
_OPEN_XML = {
    "word/": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
    "xl/": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
    "ppt/": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", ".pptx"),
}
_OPEN_DOCUMENT = {
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.oasis.opendocument.presentation": ".odp",
}
_PICTURES = (
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
    (b"GIF87a", "image/gif", ".gif"),
    (b"GIF89a", "image/gif", ".gif"),
    (b"BM", "image/bmp", ".bmp"),
    (b"II*\x00", "image/tiff", ".tif"),
    (b"MM\x00*", "image/tiff", ".tif"),
)
_HEIC = (b"heic", b"heix", b"mif1", b"msf1", b"heim", b"hevc")


class FileKind(NamedTuple):
    """A kind of file that may be kept, and the suffix it is opened with whatever its name says."""

    media_type: str
    suffix: str

    @property
    def picture(self) -> bool:
        """Whether it is a picture."""
        return self.media_type.startswith("image/")


def kind_of(name: str, data: bytes) -> FileKind | None:
    """Return what a file is: picture, PDF, office document or plain text; None for anything else."""
    for mark, media_type, suffix in _PICTURES:
        if data.startswith(mark) and (mark != b"BM" or _is_bitmap(data)):
            return FileKind(media_type, suffix)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return FileKind("image/webp", ".webp")
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC:
        return FileKind("image/heic", ".heic")
    if b"%PDF-" in data[:_PDF_WITHIN]:
        return FileKind("application/pdf", ".pdf")
    suffix = PurePath(name).suffix.casefold()
    if data.startswith(_OLE):
        return FileKind(_OLE_SUFFIXES[suffix], suffix) if suffix in _OLE_SUFFIXES else None
    if data.startswith(b"PK\x03\x04"):
        return _packed(data)
    if suffix in _TEXT_SUFFIXES and _is_text(data):
        return FileKind("text/plain", suffix)
    return None


def _is_bitmap(data: bytes) -> bool:
    return len(data) > 26 and int.from_bytes(data[14:18], "little") in (12, 40, 52, 56, 64, 108, 124)


def _packed(data: bytes) -> FileKind | None:
    """An office document is a packed folder; one with a program (macros) in it is none of ours."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as folder:
            names = folder.namelist()
            if any("vbaproject" in name.casefold() for name in names):
                return None
            if "mimetype" in names:
                if folder.getinfo("mimetype").file_size > 100:
                    return None
                media_type = folder.read("mimetype").decode("ascii", "replace").strip()
                found = _OPEN_DOCUMENT.get(media_type)
                return FileKind(media_type, found) if found else None
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, ValueError):
        return None
    if "[Content_Types].xml" not in names:
        return None
    for folder_name, kind in _OPEN_XML.items():
        if any(name.startswith(folder_name) for name in names):
            return FileKind(*kind)
    return None


def _is_text(data: bytes) -> bool:
    if data.startswith((b"MZ", b"\x7fELF", b"#!")):
        return False
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True  # UTF-16, as Excel writes it
    return b"\x00" not in data


def plain_name(path: str) -> str:
    """Return a file's name without its folder and without what no folder takes; never empty, the suffix is kept."""
    name = clean(PureWindowsPath(path).name or path)
    name = "".join("_" if sign in '<>:"/\\|?*' else sign for sign in name).strip(" .") or "file"
    suffix = PurePath(name).suffix[:20]
    return name if len(name) <= NAME_LENGTH else name[: NAME_LENGTH - len(suffix)].rstrip() + suffix
