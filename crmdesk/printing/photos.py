"""A photo on paper with the numbered rings that show what is to be repaired."""

from __future__ import annotations

from crmdesk.printing.documents import Photo
from crmdesk.printing.layout import THIN, Sheet
from crmdesk.printing.tractor import CIRCLED
from crmdesk.printing.words import Words


def draw(
    sheet: Sheet,
    texts: Words,
    photo: Photo | None,
    x: float,
    y: float,
    width: float,
    height: float,
    *,
    ring: float = 3.6,
) -> None:
    """Draw the photo in its box with its rings; without one, or with a broken one, the box says where to look."""
    _ = texts.gettext
    stands = None
    if photo is not None:
        try:
            stands = sheet.picture(x, y, width, height, photo.image)
        except OSError:  # a broken file must not keep the customer from the receipt; the box says so
            stands = None
    sheet.box(x, y, width, height, THIN)
    if photo is None or stands is None:
        sheet.text(x + width / 2, y + height / 2, _("Photo: see the system"), 9.5, align="centre", width=width - 4)
        return
    left, top, across, down = stands
    for mark in photo.rings:
        cx, cy = left + mark.x * across, top + mark.y * down
        sheet.ring(cx, cy, ring)
        bx, by = cx + ring * 1.45, cy - ring * 0.95
        sheet.disc(bx, by, ring * 0.72)
        sheet.text(bx, by + ring * 0.36, str(mark.number), ring * 2.9, bold=True, align="centre")


def marked(part: str, photo: Photo | None) -> str:
    """Return the part to repair with the number of its ring before it, when the photo has just one."""
    if photo and len(photo.rings) == 1 and 1 <= photo.rings[0].number <= 9 and not part.startswith(tuple(CIRCLED)):
        return f"{CIRCLED[photo.rings[0].number]} {part}"
    return part
