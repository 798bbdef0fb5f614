"""Files kept with a record: what is taken, what is refused, and what remains when one is taken away."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from crmdesk.core.errors import PermissionDenied, UserError
from crmdesk.core.file_kinds import kind_of, plain_name
from crmdesk.model.archive import Attachment
from crmdesk.services import attachments, customers, records
from crmdesk.services.attachments import MEGABYTE, NewFile
from crmdesk.services.calls import CallForm, save_call
from crmdesk.services.context import NOBODY, Context
from crmdesk.services.customer_forms import CustomerForm
from tests.helpers.office import Staff, count_queries

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 40
PROGRAM = b"MZ\x90\x00\x03" + b"\x00" * 200
PDF = b"%PDF-1.7\n%binary\n"


def packed(*names: str, mimetype: str = "") -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as folder:
        if mimetype:
            folder.writestr("mimetype", mimetype)
        for name in names:
            folder.writestr(name, "x")
    return data.getvalue()


@pytest.fixture
def chen(ctx: Context) -> int:
    return customers.create_customer(ctx, CustomerForm("陳", "wholesale", "A")).id


@pytest.mark.parametrize(
    ("name", "data", "suffix"),
    [
        ("ring.exe", PNG, ".png"),
        ("ring", b"\xff\xd8\xff\xe0abc", ".jpg"),
        ("scan.pdf", b"\n\n" + PDF, ".pdf"),
        ("a.docx", packed("[Content_Types].xml", "word/document.xml"), ".docx"),
        ("a.xlsx", packed("[Content_Types].xml", "xl/workbook.xml"), ".xlsx"),
        ("a.odt", packed(mimetype="application/vnd.oasis.opendocument.text"), ".odt"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 20, ".xls"),
        ("備註.txt", "客戶喜歡翡翠".encode("big5"), ".txt"),
        ("live.heic", b"\x00\x00\x00\x18ftypheic", ".heic"),
    ],
)
def test_a_file_is_what_its_content_is(name: str, data: bytes, suffix: str) -> None:
    found = kind_of(name, data)
    assert found is not None and found.suffix == suffix


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("photo.jpg", PROGRAM),
        ("notes.txt", PROGRAM),
        ("notes.txt", b"#!/bin/sh\nrm"),
        ("notes.txt", b"a\x00b"),
        ("start.bat", b"echo off"),
        ("page.html", b"<script>"),
        ("a.docx", packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")),
        ("a.docx", packed("setup.exe")),
        ("a.docx", b"PK\x03\x04 cut off"),
        ("setup.msi", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 20),
        ("tune.bmp", b"BM" + b"x" * 40),
    ],
)
def test_a_renamed_program_and_what_may_hold_one_is_refused(ctx: Context, chen: int, name: str, data: bytes) -> None:
    with pytest.raises(UserError):
        attachments.add_attachment(ctx, "customer", chen, NewFile(name, data))
    assert not attachments.find_attachments(ctx, "customer", chen)


def test_two_gigabytes_are_refused_before_a_byte_is_read(
    ctx: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    huge = tmp_path / "film.pdf"
    with huge.open("wb") as stream:
        stream.truncate(2 << 30)  # sparse: takes no room

    def read(*_args: object, **_more: object) -> None:
        raise AssertionError("it was opened")

    monkeypatch.setattr(Path, "open", read)
    with pytest.raises(UserError) as refused:
        attachments.read_file(ctx, huge)
    assert "10 MB" in refused.value.message and refused.value.clause == "CRM-30"


def test_the_limit_is_the_offices(ctx: Context, chen: int, tmp_path: Path) -> None:
    file = tmp_path / "scan.pdf"
    file.write_bytes(PDF + b"x" * MEGABYTE)
    small = replace(ctx, office=replace(ctx.office, attachment_mb=1))
    with pytest.raises(UserError):
        attachments.read_file(small, file)
    told: list[tuple[int, int]] = []

    def report(done: int, total: int) -> None:
        told.append((done, total))

    read = attachments.read_file(ctx, file, report)
    assert told[-1][0] == told[-1][1] == len(read.data)
    with pytest.raises(UserError):
        attachments.add_attachment(small, "customer", chen, read)
    (tmp_path / "empty.txt").touch()
    for wrong in (tmp_path / "empty.txt", tmp_path / "none.txt", tmp_path):
        with pytest.raises(UserError):
            attachments.read_file(ctx, wrong)


@pytest.mark.clause("CRM-30")
def test_a_file_is_kept_listed_taken_out_and_removed_with_its_history(ctx: Context, chen: int) -> None:
    made = attachments.add_attachment(ctx, "customer", chen, NewFile("C:\\證件\\身分證 🪪.png", PNG, "正面", b"small"))
    with count_queries(ctx) as queries:
        row = attachments.find_attachments(ctx, "customer", chen)[0]
    assert len(queries) <= 2
    assert (row.name, row.size, row.note, row.by, row.thumbnail) == (
        "身分證 🪪.png", len(PNG), "正面", ctx.user.name, b"small",
    )  # fmt: skip
    with pytest.raises(UserError):
        attachments.add_attachment(ctx, "customer", chen, NewFile("again.png", PNG))
    assert attachments.read_attachment(ctx, made).data == PNG
    attachments.remove_attachment(ctx, made)
    assert not attachments.count_attachments(ctx, "customer", chen)
    assert [line.action for line in records.find_timeline(ctx, chen)][:2] == ["detached", "attached"]
    assert "身分證" in repr(records.find_history(ctx, "customer", chen)[0].changes)
    with pytest.raises(UserError):
        attachments.read_attachment(ctx, made)


def test_what_is_opened_has_the_suffix_of_its_content(ctx: Context, chen: int) -> None:
    made = attachments.add_attachment(ctx, "customer", chen, NewFile("photo.exe", PNG))
    assert attachments.read_attachment(ctx, made).name == "photo.exe.png"
    with ctx.transaction("Damage") as session:
        session.execute(update(Attachment).values(content=b"other"))
    with pytest.raises(UserError):
        attachments.read_attachment(ctx, made)


def test_calls_keep_files_too_and_nobody_without_the_right(ctx: Context, staff: Staff) -> None:
    call = save_call(ctx, CallForm(name="王", matter="x")).id
    made = attachments.add_attachment(ctx, "call", call, NewFile("offer.pdf", PDF))
    assert attachments.find_attachments(ctx.acting_as(staff.mei), "call", call)
    stranger = ctx.acting_as(NOBODY)
    for ask in (
        lambda: attachments.find_attachments(stranger, "call", call),
        lambda: attachments.read_attachment(stranger, made),
        lambda: attachments.remove_attachment(stranger, made),
        lambda: attachments.add_attachment(stranger, "call", call, NewFile("x.pdf", PDF)),
    ):
        with pytest.raises(PermissionDenied):
            ask()
    with pytest.raises(UserError):
        attachments.add_attachment(ctx, "staff", 1, NewFile("x.pdf", PDF))


def test_names_are_made_safe() -> None:
    assert plain_name("../../etc/passwd") == "passwd"
    assert plain_name("C:\\a\\b<c>.pdf") == "b_c_.pdf"
    assert plain_name(" .. ") == "file"
    long = plain_name("很" * 300 + ".pdf")
    assert len(long) <= 160 and long.endswith(".pdf")
