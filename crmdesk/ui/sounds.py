"""Three tones: right piece, wrong piece, the ring. Made in memory, played by the platform's own player.

Playing never waits and never fails: without a player, or with sounds turned off, it is silent.
"""

from __future__ import annotations

import io
import math
import shutil
import struct
import sys
import wave
from enum import StrEnum

from PySide6.QtCore import QProcess, QTemporaryDir

from crmdesk.core.settings import Settings

RATE = 22_050  # samples a second
_PLAYERS = (("paplay", ()), ("pw-play", ()), ("aplay", ("-q",)), ("afplay", ()))
_folder: list[QTemporaryDir] = []


class Tone(StrEnum):
    """What is to be heard."""

    RIGHT = "right"
    WRONG = "wrong"
    RING = "ring"


#: Each tone as (hertz, milliseconds) one after the other; 0 hertz is a pause.
TONES: dict[Tone, tuple[tuple[int, int], ...]] = {
    Tone.RIGHT: ((1320, 70), (1760, 90)),
    Tone.WRONG: ((330, 180), (0, 40), (247, 180), (0, 40), (330, 180), (247, 260)),
    Tone.RING: ((880, 160), (1109, 160), (880, 160), (1109, 160)),
}
VOLUME = {Tone.RIGHT: 0.35, Tone.WRONG: 0.8, Tone.RING: 0.5}


def play(settings: Settings, tone: Tone) -> bool:
    """Start a tone and return at once whether something plays it; False when sounds are off or there is no player."""
    return settings.sounds and _start(tone)


def wav(tone: Tone) -> bytes:
    """Return a tone as a WAV file: 16 bit, one channel, its edges softened so that nothing clicks."""
    samples: list[int] = []
    for hertz, milliseconds in TONES[tone]:
        count = RATE * milliseconds // 1000
        for place in range(count):
            edge = min(1.0, place / 120, (count - place) / 120)
            height = math.sin(2 * math.pi * hertz * place / RATE) if hertz else 0.0
            samples.append(round(32_000 * VOLUME[tone] * edge * height))
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return buffer.getvalue()


def tone_file(tone: Tone) -> str:
    """Return the path of a tone's file; it is written once and removed when the program ends."""
    if not _folder:
        _folder.append(QTemporaryDir())
    path = f"{_folder[0].path()}/{tone.value}.wav"
    try:
        with open(path, "xb") as file:
            file.write(wav(tone))
    except FileExistsError:
        return path
    return path


def _start(tone: Tone) -> bool:
    try:
        path = tone_file(tone)
        if sys.platform == "win32":
            import winsound

            winsound.PlaySound(path, winsound.SND_FILENAME | winsound.SND_ASYNC | winsound.SND_NODEFAULT)
            return True
    except (OSError, RuntimeError):  # no room for the file, no sound card: then it stays silent
        return False
    for name, more in _PLAYERS:
        program = shutil.which(name)
        if program:
            started = QProcess()
            started.setProgram(program)
            started.setArguments([*more, path])
            started.setStandardOutputFile(QProcess.nullDevice())
            started.setStandardErrorFile(QProcess.nullDevice())
            return bool(started.startDetached()[0])
    return False
