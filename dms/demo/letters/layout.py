"""Lays a sheet out as a PDF in one of the looks. Says nothing of what stands in it."""

from collections.abc import Callable, Sequence
from io import BytesIO
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor, black
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table

from dms.demo.letters import fonts
from dms.demo.letters.occasion import DATE_STYLES
from dms.demo.letters.paint import Scribble, TickBox, draw_mark
from dms.demo.letters.sheet import Bullets, Fields, Grid, Heading, Look, Sheet, Signatures, Text, Ticks

MARGIN = 24 * mm
WIDTH = A4[0] - 2 * MARGIN
HEAD_HEIGHT = {"left": 34 * mm, "right": 40 * mm, "centre": 36 * mm, "band": 30 * mm, "none": 20 * mm}
PALE = HexColor("#e8edf4")


def render(sheet: Sheet, look: Look) -> tuple[bytes, int]:
    """The sheet as a PDF with its number of pages; the same bytes for the same sheet and look."""
    return Page(sheet, look).pdf()


class Page:
    """One sheet in one look."""

    def __init__(self, sheet: Sheet, look: Look) -> None:
        self.sheet, self.look = sheet, look
        self.regular, self.bold = fonts.family(look.body)
        self.body = ParagraphStyle(
            "body", fontName=self.regular, fontSize=look.size, leading=look.size * 1.36, spaceAfter=look.size * 0.62
        )
        self.small = ParagraphStyle("small", self.body, fontSize=look.size - 2, leading=look.size + 1, spaceAfter=0)
        self.label = ParagraphStyle("label", self.body, fontName=self.bold, spaceAfter=0)
        self.value = ParagraphStyle("value", self.body, spaceAfter=0)
        self.head = ParagraphStyle(
            "head",
            self.body,
            fontName=self.bold,
            fontSize=look.size + 1,
            spaceBefore=look.size * 0.5,
            spaceAfter=3,
            keepWithNext=1,
        )
        self.title = ParagraphStyle(
            "title", self.body, fontName=self.bold, fontSize=look.size + 6, leading=look.size + 11, spaceAfter=10
        )

    def pdf(self) -> tuple[bytes, int]:
        """The finished file and its number of pages."""
        out = BytesIO()
        document = SimpleDocTemplate(
            out, pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, bottomMargin=20 * mm,
            topMargin=HEAD_HEIGHT[self.look.letterhead], invariant=1, title="", author="", creator="", producer="",
        )  # fmt: skip
        opening: dict[str, Callable[[], list[Flowable]]] = {
            "letter": self._letter, "form": self._form, "memo": self._memo, "report": self._report,
        }  # fmt: skip
        story = opening[self.look.opening]()
        for block in self.sheet.blocks:
            story.extend(self._block(block))
        if self._dated_at_foot() and not self._dated_at_end():
            label = self.look.extra.get("date_label", f"{self.sheet.place}, ")
            story += [Spacer(1, 5 * mm), self._p(label + self._day(), self.value)]
        document.build(story, onFirstPage=self._first_page, onLaterPages=self._later_page)
        return out.getvalue(), int(document.page)

    # how a paper opens

    def _day(self) -> str:
        return DATE_STYLES[self.look.date_style](self.sheet.day)

    def _letter(self) -> list[Flowable]:
        story: list[Flowable] = []
        if self.look.letterhead == "none":  # a private person: name and address above, as typed at home
            story += [self._p(line, self.value) for line in (self.sheet.sender.name, *self.sheet.sender.lines)]
            story.append(Spacer(1, 8 * mm))
        story += [self._p(line, self.value) for line in self.sheet.recipient]
        story.append(Spacer(1, 9 * mm))
        if self.look.extra.get("date") in ("right", "below", "foot") or self.look.extra.get("subject") == "bare":
            story += self._other_opening()
        elif self.look.extra.get("date") == "labelled":
            rows = (("Datum", self._day()), *self.sheet.references, (self.look.subject_label, self.sheet.subject))
            story.append(self._pairs(rows, "plain"))
        else:
            story.append(self._p(f"{self.sheet.place}, {self._day()}", self.value))
            story.append(Spacer(1, 4 * mm))
            rows = (*self.sheet.references, (self.look.subject_label, self.sheet.subject))
            story.append(self._pairs(rows, "plain"))
        story.append(Spacer(1, 7 * mm))
        return story

    def _other_opening(self) -> list[Flowable]:
        """Date and subject where other writers put them: on the right, below one another, at the foot, no label."""
        where, bare = self.look.extra.get("date", "above"), self.look.extra.get("subject") == "bare"
        day = self._p(self.look.extra.get("date_label", "") + self._day(), self.value)
        subject = (
            self._p(self.sheet.subject, self.label)
            if bare
            else self._pairs(((self.look.subject_label, self.sheet.subject),), "plain")
        )
        if where == "right":
            day = self._p(self._day(), ParagraphStyle("day", self.value, alignment=TA_RIGHT))
        first = [] if where in ("below", "foot") else [day, Spacer(1, 4 * mm)]
        references = [self._pairs(self.sheet.references, "plain")] if self.sheet.references else []
        return [*first, *references, subject, *([Spacer(1, 3 * mm), day] if where == "below" else [])]

    def _form(self) -> list[Flowable]:
        story: list[Flowable] = [self._p(self.sheet.title, self.title)]
        if self.sheet.references:
            story.extend((self._pairs(self.sheet.references, "plain"), Spacer(1, 3 * mm)))
        if not self._dated_at_end() and not self._dated_at_foot():
            label = self.look.extra.get("date_label", "Datum")
            story.extend((self._pairs(((label, self._day()),), self.look.fields), Spacer(1, 3 * mm)))
        return story

    def _memo(self) -> list[Flowable]:
        dated = (self.look.extra.get("date_label", "Datum"), self._day())
        rows = [("Van", self.sheet.sender.name), dated, (self.look.extra.get("about", "Onderwerp"), self.sheet.subject)]
        if self.sheet.recipient:
            rows.insert(1, ("Aan", self.sheet.recipient[0]))
        heading = ParagraphStyle("memo", self.title, spaceAfter=4)
        return [self._p(self.look.extra.get("heading", "Memo"), heading), self._pairs(rows, "lined"), Spacer(1, 6 * mm)]

    def _report(self) -> list[Flowable]:
        centred = ParagraphStyle("centred", self.title, alignment=TA_CENTER, spaceAfter=3)
        under = ParagraphStyle("under", self.value, alignment=TA_CENTER, spaceAfter=8)
        story: list[Flowable] = [self._p(self.sheet.title, centred)]
        if self.sheet.references:
            story.append(self._p("   ".join(f"{label}: {value}" for label, value in self.sheet.references), under))
        if not self._dated_at_end() and not self._dated_at_foot():
            story.append(self._p(f"{self.look.extra.get('date_label', 'Datum verslag')}: {self._day()}", under))
        return story

    def _dated_at_foot(self) -> bool:
        return self.look.extra.get("date") == "foot"

    def _dated_at_end(self) -> bool:
        return any(isinstance(block, Signatures) and block.dated for block in self.sheet.blocks)

    # blocks

    def _block(self, block: object) -> Sequence[Flowable]:
        match block:
            case Text(text):
                return [self._p(text, self.body)]
            case Heading(text):
                return [self._p(text, self.head)]
            case Bullets(items):
                style = ParagraphStyle("bullet", self.body, leftIndent=12, bulletIndent=2, spaceAfter=2)
                return [*(Paragraph(escape(self._fit(i)), style, bulletText="•") for i in items), Spacer(1, 5)]
            case Fields(rows, title):
                above = [self._p(title, self.head)] if title else []
                return [*above, self._pairs(rows, self.look.fields), Spacer(1, 4 * mm)]
            case Grid():
                return [self._grid(block), Spacer(1, 4 * mm)]
            case Ticks():
                return [self._ticks(block)]
            case Signatures():
                return [self._signatures(block)]
        raise TypeError(block)

    def _fit(self, text: str) -> str:
        return fonts.fit(text, self.regular)

    def _p(self, text: str, style: ParagraphStyle) -> Paragraph:
        return Paragraph(escape(fonts.fit(text, style.fontName)), style)

    def _pairs(self, rows: Sequence[tuple[str, str]], style: str) -> Table:
        if style == "stacked":  # the label above its value
            lines = [
                [self._p(text, self.small if nth == 0 else self.value)] for row in rows for nth, text in enumerate(row)
            ]
            return Table(lines, colWidths=[WIDTH], hAlign="LEFT", style=[("LEFTPADDING", (0, 0), (-1, -1), 0)])
        colon = ":" if style != "boxed" else ""
        cells = [[self._p(label + colon, self.label if style == "boxed" else self.value), self._p(value, self.value)]
                 for label, value in rows]  # fmt: skip
        table = Table(cells, colWidths=[WIDTH * 0.3, WIDTH * 0.7], hAlign="LEFT")
        commands: list[tuple[object, ...]] = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (0, -1), 0)]
        pad = 4 if style == "boxed" else 1.5
        commands += [("TOPPADDING", (0, 0), (-1, -1), pad), ("BOTTOMPADDING", (0, 0), (-1, -1), pad)]
        if style == "boxed":
            commands += [("GRID", (0, 0), (-1, -1), 0.6, black), ("LEFTPADDING", (0, 0), (0, -1), 5)]
            commands += [("BACKGROUND", (0, 0), (0, -1), PALE)]
        elif style == "lined":
            commands += [("LINEBELOW", (0, 0), (-1, -1), 0.4, black)]
        table.setStyle(commands)
        return table

    def _grid(self, grid: Grid) -> Table:
        shares = grid.widths or (1 / len(grid.header),) * len(grid.header)
        rows = [[self._p(cell, self.label) for cell in grid.header]]
        rows += [[self._p(cell, self.value) for cell in row] for row in grid.rows]
        table = Table(rows, colWidths=[WIDTH * share for share in shares], repeatRows=1, hAlign="LEFT")
        lines = "GRID" if self.look.fields != "lined" else "LINEBELOW"
        table.setStyle(
            [(lines, (0, 0), (-1, -1), 0.5, black), ("BACKGROUND", (0, 0), (-1, 0), PALE),
             ("VALIGN", (0, 0), (-1, -1), "TOP"), ("TOPPADDING", (0, 0), (-1, -1), 2.5)]
        )  # fmt: skip
        return table

    def _ticks(self, ticks: Ticks) -> Flowable:
        rows = [[TickBox(ticked), self._p(text, self.value)] for ticked, text in ticks.options]
        table = Table(rows, colWidths=[16, WIDTH - 16], hAlign="LEFT")
        table.setStyle([("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("LEFTPADDING", (0, 0), (0, -1), 0),
                        ("TOPPADDING", (0, 0), (-1, -1), 2), ("BOTTOMPADDING", (0, 0), (-1, -1), 2)])  # fmt: skip
        return KeepTogether([self._p(ticks.question, self.body), table, Spacer(1, 3 * mm)])

    def _signatures(self, signatures: Signatures) -> Flowable:
        above: list[Flowable] = [Spacer(1, 5 * mm)]
        if signatures.dated:
            rows = (("Plaats", self.sheet.place), ("Datum", self._day()))
            above += [self._pairs(rows, self.look.fields), Spacer(1, 3 * mm)]
        columns = [
            [Scribble(name), self._p(name, self.value), self._p(quality, self.small)]
            for name, quality in signatures.people
        ]
        table = Table([columns], colWidths=[WIDTH / max(2, len(columns))] * len(columns), hAlign="LEFT")
        table.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)])
        return KeepTogether([*above, table])

    # what stands on every page

    def _first_page(self, canvas: Canvas, document: SimpleDocTemplate) -> None:
        painter = {"left": self._head_left, "right": self._head_right, "centre": self._head_centre,
                   "band": self._head_band}.get(self.look.letterhead)  # fmt: skip
        canvas.saveState()
        if painter:
            painter(canvas)
        canvas.restoreState()
        self._foot(canvas, document)

    def _later_page(self, canvas: Canvas, document: SimpleDocTemplate) -> None:
        self._foot(canvas, document)

    def _foot(self, canvas: Canvas, document: SimpleDocTemplate) -> None:
        canvas.saveState()
        canvas.setFont(self.regular, 7.5)
        if self.sheet.footer:
            canvas.drawString(MARGIN, 11 * mm, self._fit(self.sheet.footer))
        if document.page > 1 or self.look.opening == "report":
            canvas.drawRightString(A4[0] - MARGIN, 11 * mm, f"pagina {document.page}")
        canvas.restoreState()

    def _head_left(self, canvas: Canvas) -> None:
        sender, top = self.sheet.sender, A4[1] - 12 * mm
        draw_mark(canvas, sender.mark, sender.colour, MARGIN, top - 12 * mm, 12 * mm)
        self._name(canvas, MARGIN + 16 * mm, top - 5 * mm)
        self._lines(canvas, MARGIN + 16 * mm, top - 9.5 * mm, joined=True)

    def _head_right(self, canvas: Canvas) -> None:
        sender, top = self.sheet.sender, A4[1] - 12 * mm
        left = A4[0] - MARGIN - 58 * mm
        draw_mark(canvas, sender.mark, sender.colour, left - 15 * mm, top - 11 * mm, 12 * mm)
        self._name(canvas, left, top - 4 * mm)
        self._lines(canvas, left, top - 9 * mm)

    def _head_centre(self, canvas: Canvas) -> None:
        sender, middle, top = self.sheet.sender, A4[0] / 2, A4[1] - 10 * mm
        draw_mark(canvas, sender.mark, sender.colour, middle - 5 * mm, top - 10 * mm, 10 * mm)
        style = ParagraphStyle("c", self.head, alignment=TA_CENTER)
        paragraph = self._p(sender.name, style)
        paragraph.wrapOn(canvas, WIDTH, 20 * mm)
        paragraph.drawOn(canvas, MARGIN, top - 16 * mm)
        canvas.setFont(self.regular, 8)
        canvas.drawCentredString(middle, top - 20 * mm, self._fit("  |  ".join(sender.lines)))
        canvas.line(MARGIN, top - 22 * mm, A4[0] - MARGIN, top - 22 * mm)

    def _head_band(self, canvas: Canvas) -> None:
        sender = self.sheet.sender
        canvas.setFillColor(HexColor(sender.colour))
        canvas.rect(0, A4[1] - 20 * mm, A4[0], 20 * mm, stroke=0, fill=1)
        canvas.setFillColor(HexColor("#ffffff"))
        canvas.setFont(self.bold, 15)
        canvas.drawString(MARGIN, A4[1] - 13 * mm, self._fit(sender.name))
        style = ParagraphStyle(
            "r", self.small, alignment=TA_RIGHT, textColor=HexColor("#ffffff"), fontSize=7.5, leading=9
        )
        paragraph = Paragraph("<br/>".join(escape(self._fit(line)) for line in sender.lines), style)
        _, height = paragraph.wrapOn(canvas, 70 * mm, 20 * mm)
        paragraph.drawOn(canvas, A4[0] - MARGIN - 70 * mm, A4[1] - 10 * mm - height / 2)

    def _name(self, canvas: Canvas, x: float, y: float) -> None:
        canvas.setFillColor(HexColor(self.sheet.sender.colour))
        canvas.setFont(self.bold, 15)
        canvas.drawString(x, y, self._fit(self.sheet.sender.name))
        canvas.setFillColor(black)

    def _lines(self, canvas: Canvas, x: float, y: float, *, joined: bool = False) -> None:
        sender = self.sheet.sender
        canvas.setFont(self.regular, 8)
        lines = (sender.tagline, *sender.lines) if sender.tagline else sender.lines
        if joined:  # two lines where one would run off the paper
            whole = " · ".join(lines)
            fits = canvas.stringWidth(whole) < A4[0] - x - MARGIN / 2
            lines = (whole,) if fits else (" · ".join(lines[:2]), " · ".join(lines[2:]))
        for nth, line in enumerate(lines):
            canvas.drawString(x, y - nth * 9.5, self._fit(line))
