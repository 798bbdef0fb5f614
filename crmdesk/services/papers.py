"""Papers: frozen with their number, printed from what was frozen, queued until a printer took them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crmdesk import printing
from crmdesk.core.codes import PaperCode, bare_number
from crmdesk.core.errors import UserError
from crmdesk.core.i18n import N_, _
from crmdesk.core.paths import user_data_dir
from crmdesk.model.base import Base
from crmdesk.model.paper import Paper, PrintJob
from crmdesk.printing import spool
from crmdesk.printing.control import Control
from crmdesk.printing.documents import Document, Reprint, voided
from crmdesk.printing.documents import Office as Letterhead
from crmdesk.printing.frozen import find_missing, from_json, to_json
from crmdesk.services import controlled
from crmdesk.services.context import Context

PAPER_NAMES = {
    "sales_slip": N_("Sales slip"),
    "return_slip": N_("Return slip"),
    "carton_label": N_("Carton label"),
    "receipt": N_("Receipt"),
    "repair_receipt": N_("Repair receipt"),
    "repair_slip": N_("Repair slip"),
    "complaint_sheet": N_("Complaint form"),
    "monthly_report": N_("Monthly report"),
    "list": N_("Printed list"),
}
# Which papers a scanned code's letter may mean, the most telling first (PAPERS "Codes").
KINDS_OF_CODE = {
    "S": ("sales_slip", "receipt"),
    "T": ("return_slip", "sales_slip"),
    "B": ("carton_label",),
    "F": ("repair_slip", "repair_receipt"),
    "C": ("complaint_sheet",),
    "M": ("monthly_report",),
}


class PaperRow(NamedTuple):
    """A paper that was made for a record."""

    id: int
    kind: str
    name: str
    number: str
    part: int
    printed: int
    waiting: int


class JobRow(NamedTuple):
    """A print job that waits for a printer."""

    id: int
    paper_id: int
    title: str
    reprint: int
    error: str


class Target(NamedTuple):
    """The record a paper belongs to."""

    kind: str
    record_id: int
    part: int


def letterhead(ctx: Context, language: str = "") -> Letterhead:
    """Return the office as papers show it."""
    office = ctx.office
    return Letterhead(
        name=office.company,
        subtitle=office.subtitle,
        address=office.address,
        phone=office.phone,
        currency=office.currency,
        language=language or office.language,
    )


def freeze(
    session: Session,
    ctx: Context,
    kind: str,
    number: str,
    document: Document,
    record: Base | tuple[str, int],
    *,
    part: int = 0,
    language: str = "",
) -> Paper:
    """Store a paper exactly as it will be printed, now and at every reprint; part of the caller's transaction.

    ``record`` is what the paper belongs to, or (kind, id) where that is no record (a month). A paper of the same
    number that was frozen but not printed yet is replaced (a label weighed again).
    """
    paper = session.scalars(select(Paper).where(Paper.kind == kind, Paper.number == number, Paper.part == part)).first()
    record_kind, record_id = record if isinstance(record, tuple) else (record.KIND, record.id)
    if paper is None:
        paper = Paper(
            kind=kind, number=number, bare=bare_number(number), part=part, record_kind=record_kind, record_id=record_id
        )
        session.add(paper)
    elif session.scalar(select(func.count()).where(PrintJob.paper_id == paper.id, PrintJob.state == "printed")):
        raise UserError(
            _("{name} {number} is printed already; it can only be printed again as it is.").format(
                name=_(PAPER_NAMES[kind]), number=number
            )
        )
    paper.language = language or ctx.office.language
    paper.document = to_json(document)
    paper.made_at, paper.made_by = ctx.clock.now(), ctx.user.name
    session.flush()
    return paper


def find_papers(ctx: Context, record_kind: str, record_id: int) -> list[PaperRow]:
    """Return the papers of a record with how often each was printed."""
    ctx.require_to_see(record_kind)
    with ctx.reading() as session:
        return papers_of(session, record_kind, record_id)


def papers_of(session: Session, record_kind: str, record_id: int) -> list[PaperRow]:
    """Return the papers of a record inside a session that is open already."""
    printed = func.count(PrintJob.id).filter(PrintJob.state == "printed")
    waiting = func.count(PrintJob.id).filter(PrintJob.state == "waiting")
    query = (
        select(Paper.id, Paper.kind, Paper.number, Paper.part, printed, waiting)
        .outerjoin(PrintJob, PrintJob.paper_id == Paper.id)
        .where(Paper.record_kind == record_kind, Paper.record_id == record_id)
        .group_by(Paper.id, Paper.kind, Paper.number, Paper.part)
        .order_by(Paper.id)
    )
    return [
        PaperRow(row[0], row[1], _(PAPER_NAMES[row[1]]), row[2], row[3], row[4], row[5])
        for row in session.execute(query)
    ]


def find_target(ctx: Context, code: PaperCode) -> Target | None:
    """Return the record a scanned or typed paper code opens, or None when we never made such a paper."""
    ctx.require_staff()
    kinds = KINDS_OF_CODE.get(code.kind, ())
    query = select(Paper).where(Paper.kind.in_(kinds), Paper.bare == bare_number(code.number)).order_by(Paper.id)
    with ctx.reading() as session:
        papers = session.scalars(query).all()
    exact = [paper for paper in papers if paper.part == code.part] or papers
    return Target(exact[0].record_kind, exact[0].record_id, code.part) if exact else None


def _paper(session: Session, ctx: Context, paper_id: int) -> Paper:
    """Load a paper for somebody who may see the record it belongs to."""
    ctx.require_staff()
    paper = session.get_one(Paper, paper_id)
    ctx.require_to_see(paper.record_kind)
    return paper


def paper_title(ctx: Context, paper_id: int) -> str:
    """Return what a paper is and its number, in the language of the screen."""
    with ctx.reading() as session:
        paper = _paper(session, ctx, paper_id)
    return f"{_(PAPER_NAMES[paper.kind])} {paper.number}"


def missing_glyphs(ctx: Context, paper_id: int) -> list[tuple[str, str, str]]:
    """Return (field, character, U+code) of what no font of ours can print, to be told before printing."""
    with ctx.reading() as session:
        paper = _paper(session, ctx, paper_id)
    return find_missing(from_json(paper.kind, paper.document))


def check_leaves(ctx: Context, paper_id: int) -> None:
    """NotApproved for a paper that may not leave as a file: it is only printed, stamped, after approval (SEC-03)."""
    with ctx.reading() as session:
        paper = _paper(session, ctx, paper_id)
    if controlled.is_controlled(ctx, paper.kind):
        raise controlled.NotApproved(paper_id)


def render_paper(
    ctx: Context, paper_id: int, *, reprint: Reprint | None = None, control: Control | None = None
) -> bytes:
    """Return the paper as PDF, all copies in one file."""
    with ctx.reading() as session:
        paper = _paper(session, ctx, paper_id)
    document = from_json(paper.kind, paper.document)
    if paper.void_at is not None:
        document = voided(document)
    more: dict[str, Any] = {} if control is None else {"control": control}
    return printing.render(paper.kind, document, language=paper.language, reprint=reprint, **more)


def void_papers(session: Session, ctx: Context, record: Base, *, kind: str = "", number: str = "") -> list[int]:
    """Void the papers of a record (of one kind or number) and return their ids: they stay, each print says so."""
    query = select(Paper).where(
        Paper.record_kind == record.KIND, Paper.record_id == record.id, Paper.void_at.is_(None)
    )  # fmt: skip
    if kind:
        query = query.where(Paper.kind == kind)
    if number:
        query = query.where(Paper.number == number)
    papers = session.scalars(query.order_by(Paper.id)).all()
    for paper in papers:
        paper.void_at = ctx.clock.now()
    return [paper.id for paper in papers]


def ask_print(ctx: Context, paper_id: int, *, printer: str = "") -> int:
    """Queue a paper and return the job's id; from the second printing on it is marked as a reprint.

    ``controlled.NotApproved`` for a paper that is printed only after approval (SEC-03).
    """
    with ctx.transaction(N_("Print paper")) as session:
        paper = _paper(session, ctx, paper_id)
        before = session.scalars(select(PrintJob).where(PrintJob.paper_id == paper_id)).all()
        for job in before:
            if job.state == "waiting":
                return job.id  # pressing the key twice prints once
        permitted = controlled.permit(session, ctx, paper)
        job = PrintJob(
            paper_id=paper.id,
            reprint=sum(job.state == "printed" for job in before),
            asked_at=ctx.clock.now(),
            asked_by=ctx.user.name,
            station=ctx.station,
            printer=printer or ctx.settings.paper(paper.kind).printer,
        )
        session.add(job)
        session.flush()
        if permitted is not None:
            controlled.use(permitted, job.id)
        return job.id


def find_waiting_jobs(ctx: Context) -> list[JobRow]:
    """Return what waits for a printer at this station, oldest first."""
    ctx.require_staff()
    query = (
        select(PrintJob, Paper.kind, Paper.number)
        .join(Paper, Paper.id == PrintJob.paper_id)
        .where(PrintJob.state == "waiting", PrintJob.station == ctx.station)
        .order_by(PrintJob.id)
    )
    with ctx.reading() as session:
        return [
            JobRow(job.id, job.paper_id, f"{_(PAPER_NAMES[kind])} {number}", job.reprint, job.error)
            for job, kind, number in session.execute(query)
        ]


def job_pdf(ctx: Context, job_id: int) -> bytes:
    """Return the PDF of a print job, with its reprint mark."""
    ctx.require_staff()
    with ctx.reading() as session:
        job = session.get_one(PrintJob, job_id)
        control = controlled.mark_of(session, session.get_one(Paper, job.paper_id), job_id)
    mark = Reprint(job.reprint, ctx.clock.local(job.asked_at), job.asked_by) if job.reprint else None
    return render_paper(ctx, job.paper_id, reprint=mark, control=control)


def keep_pdf(ctx: Context, job_id: int) -> Path:
    """Write the PDF of a print job into this PC's paper folder and return its path."""
    ctx.require_staff()
    with ctx.reading() as session:
        job = session.get_one(PrintJob, job_id)
        paper = _paper(session, ctx, job.paper_id)
    folder = user_data_dir() / "papers" / f"{ctx.clock.local(job.asked_at):%Y-%m}"
    folder.mkdir(parents=True, exist_ok=True)
    part = f"-{paper.part}" if paper.part else ""
    again = f"-reprint{job.reprint}" if job.reprint else ""
    path = folder / f"{paper.kind}-{paper.number}{part}{again}.pdf"
    path.write_bytes(job_pdf(ctx, job_id))
    return path


def finish_job(ctx: Context, job_id: int, *, error: str = "") -> None:
    """Mark a job as printed, or keep it waiting with the reason the printer gave."""
    ctx.require_staff()
    with ctx.transaction(N_("Print paper")) as session:
        job = session.get_one(PrintJob, job_id)
        job.error = error
        if not error:
            job.state, job.finished_at = "printed", ctx.clock.now()


def printer_of(ctx: Context, job_id: int) -> str:
    """Return the printer a job goes to; "" keeps it as PDF only."""
    ctx.require_staff()
    with ctx.reading() as session:
        job = session.get_one(PrintJob, job_id)
        kind = session.get_one(Paper, job.paper_id).kind
    return job.printer or ctx.settings.paper(kind).printer


def has_printer(ctx: Context, paper_id: int) -> bool:
    """Whether this PC has a printer set for a paper's kind."""
    ctx.require_staff()
    with ctx.reading() as session:
        kind = session.get_one(Paper, paper_id).kind
    return bool(ctx.settings.paper(kind).printer)


def print_job(ctx: Context, job_id: int) -> Path:
    """Print a job through CUPS, or keep its PDF when no printer is set; returns the PDF's path.

    Runs outside any transaction; UserError when the printer refuses, and the job stays in the queue.
    """
    ctx.require_staff()
    path = keep_pdf(ctx, job_id)
    with ctx.reading() as session:
        job = session.get_one(PrintJob, job_id)
        kind = session.get_one(Paper, job.paper_id).kind
    setting = ctx.settings.paper(kind)
    printer = job.printer or setting.printer
    if printer:
        try:
            spool.send(path, printer, path.stem, spool.SpoolOptions(copies=setting.copies, tray=setting.tray))
        except UserError as refused:
            finish_job(ctx, job_id, error=refused.message)
            raise
    finish_job(ctx, job_id)
    return path
