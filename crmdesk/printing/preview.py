"""Pages of a PDF as pictures: the preview on screen, the raster for printers that take no PDF, the tests."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import pypdfium2

# the sizes of pages are not exact in binary; without this 100 mm at 8 dots/mm come out as 801 dots
_SHY = 1 - 1e-6


class Picture(NamedTuple):
    """A rendered page: size in pixels and RGBA bytes, row by row from the top, opaque."""

    width: int
    height: int
    rgba: bytes


def _opened(pdf: bytes) -> pypdfium2.PdfDocument:
    import pypdfium2  # 40 ms and a library of 7 MB: the first preview pays, not every start

    return pypdfium2.PdfDocument(pdf)


def page_count(pdf: bytes) -> int:
    """Return how many pages a PDF has."""
    document = _opened(pdf)
    try:
        return len(document)
    finally:
        document.close()


def page_sizes(pdf: bytes) -> list[tuple[float, float]]:
    """Return width and height of each page in points."""
    document = _opened(pdf)
    try:
        return [tuple(document.get_page_size(number)) for number in range(len(document))]
    finally:
        document.close()


def pages_to_pictures(pdf: bytes, dpi: float = 110) -> list[Picture]:
    """Render all pages on white at ``dpi`` dots per inch."""
    document = _opened(pdf)
    try:
        found = []
        for page in document:
            bitmap = page.render(
                scale=dpi / 72 * _SHY, fill_color=(255, 255, 255, 255), rev_byteorder=True, force_bitmap_format=4
            )
            width, height, stride = bitmap.width, bitmap.height, bitmap.stride
            data = bytes(bitmap.buffer)
            if stride != width * 4:
                data = b"".join(data[row * stride : row * stride + width * 4] for row in range(height))
            found.append(Picture(width, height, data))
            bitmap.close()
            page.close()
        return found
    finally:
        document.close()


def pages_to_png(pdf: bytes, dpi: float = 110) -> list[bytes]:
    """Render all pages on white and return them as PNG files; no imaging library is needed."""
    return [png(picture) for picture in pages_to_pictures(pdf, dpi)]


def png(picture: Picture) -> bytes:
    """Return a picture as a PNG file (8 bits, RGBA)."""
    import struct
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = BytesIO()
    for start in range(0, len(picture.rgba), picture.width * 4):
        rows.write(b"\0")
        rows.write(picture.rgba[start : start + picture.width * 4])
    head = struct.pack(">IIBBBBB", picture.width, picture.height, 8, 6, 0, 0, 0)
    body = zlib.compress(rows.getvalue(), 4)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
