"""The kinds of file that can come in: their names, extensions and media types, and how each is read."""

from enum import StrEnum

from dms.kernel.text import N_


class FileKind(StrEnum):
    """The kinds of file that can be read."""

    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"
    TIFF = "tiff"
    HEIC = "heic"
    DOC = "doc"
    DOCX = "docx"
    ODT = "odt"
    RTF = "rtf"
    XLS = "xls"
    XLSX = "xlsx"
    ODS = "ods"
    PPT = "ppt"
    PPTX = "pptx"
    ODP = "odp"
    TXT = "txt"
    HTML = "html"
    EML = "eml"
    MSG = "msg"
    ZIP = "zip"


IMAGES = frozenset({FileKind.JPEG, FileKind.PNG, FileKind.TIFF, FileKind.HEIC})
"""One picture a page."""

OFFICE = frozenset(
    {
        FileKind.DOC, FileKind.DOCX, FileKind.ODT, FileKind.RTF, FileKind.XLS, FileKind.XLSX, FileKind.ODS,
        FileKind.PPT, FileKind.PPTX, FileKind.ODP,
    }
)  # fmt: skip
"""Laid out by LibreOffice."""

LETTERS = frozenset({FileKind.TXT, FileKind.HTML, FileKind.EML, FileKind.MSG})
"""Text that is set on pages here. Pictures, scripts and addresses in it are never followed."""

MAIL = frozenset({FileKind.EML, FileKind.MSG})
"""Messages: what hangs on them becomes items of their own."""

CONTAINERS = MAIL | {FileKind.ZIP}
"""Kinds in which other files can be."""

_OPEN_XML = "application/vnd.openxmlformats-officedocument"
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
MEDIA_TYPES: dict[FileKind, str] = {
    FileKind.PDF: "application/pdf",
    FileKind.JPEG: "image/jpeg",
    FileKind.PNG: "image/png",
    FileKind.TIFF: "image/tiff",
    FileKind.HEIC: "image/heic",
    FileKind.DOC: "application/msword",
    FileKind.DOCX: f"{_OPEN_XML}.wordprocessingml.document",
    FileKind.ODT: f"{_OPEN_DOCUMENT}.text",
    FileKind.RTF: "application/rtf",
    FileKind.XLS: "application/vnd.ms-excel",
    FileKind.XLSX: f"{_OPEN_XML}.spreadsheetml.sheet",
    FileKind.ODS: f"{_OPEN_DOCUMENT}.spreadsheet",
    FileKind.PPT: "application/vnd.ms-powerpoint",
    FileKind.PPTX: f"{_OPEN_XML}.presentationml.presentation",
    FileKind.ODP: f"{_OPEN_DOCUMENT}.presentation",
    FileKind.TXT: "text/plain",
    FileKind.HTML: "text/html",
    FileKind.EML: "message/rfc822",
    FileKind.MSG: "application/vnd.ms-outlook",
    FileKind.ZIP: "application/zip",
}
"""One media type a kind: the one under which it is kept."""

KINDS: dict[str, FileKind] = {
    **{media_type: kind for kind, media_type in MEDIA_TYPES.items()},
    "image/heif": FileKind.HEIC,
    "text/rtf": FileKind.RTF,
    "text/csv": FileKind.TXT,
    "application/csv": FileKind.TXT,
    "application/xhtml+xml": FileKind.HTML,
    "application/vnd.ms-word.document.macroenabled.12": FileKind.DOCX,
    "application/vnd.ms-excel.sheet.macroenabled.12": FileKind.XLSX,
    "application/vnd.ms-powerpoint.presentation.macroenabled.12": FileKind.PPTX,
}
"""The kind of each media type that can come in, in small letters."""

EXTENSIONS: dict[str, FileKind] = {
    "pdf": FileKind.PDF,
    "jpg": FileKind.JPEG,
    "jpeg": FileKind.JPEG,
    "jpe": FileKind.JPEG,
    "jfif": FileKind.JPEG,
    "png": FileKind.PNG,
    "tif": FileKind.TIFF,
    "tiff": FileKind.TIFF,
    "heic": FileKind.HEIC,
    "heif": FileKind.HEIC,
    "doc": FileKind.DOC,
    "docx": FileKind.DOCX,
    "docm": FileKind.DOCX,
    "odt": FileKind.ODT,
    "rtf": FileKind.RTF,
    "xls": FileKind.XLS,
    "xlsx": FileKind.XLSX,
    "xlsm": FileKind.XLSX,
    "ods": FileKind.ODS,
    "ppt": FileKind.PPT,
    "pptx": FileKind.PPTX,
    "odp": FileKind.ODP,
    "txt": FileKind.TXT,
    "csv": FileKind.TXT,
    "htm": FileKind.HTML,
    "html": FileKind.HTML,
    "eml": FileKind.EML,
    "msg": FileKind.MSG,
    "zip": FileKind.ZIP,
}
"""What a name promises. It decides nothing but whether a file is what it says."""

NAMES: dict[FileKind, str] = {
    FileKind.PDF: N_("een pdf"),
    FileKind.JPEG: N_("een JPEG-afbeelding"),
    FileKind.PNG: N_("een PNG-afbeelding"),
    FileKind.TIFF: N_("een TIFF-afbeelding"),
    FileKind.HEIC: N_("een foto van een iPhone (HEIC)"),
    FileKind.DOC: N_("een Word-document"),
    FileKind.DOCX: N_("een Word-document"),
    FileKind.ODT: N_("een tekstdocument van LibreOffice"),
    FileKind.RTF: N_("een RTF-document"),
    FileKind.XLS: N_("een Excel-bestand"),
    FileKind.XLSX: N_("een Excel-bestand"),
    FileKind.ODS: N_("een rekenblad van LibreOffice"),
    FileKind.PPT: N_("een presentatie"),
    FileKind.PPTX: N_("een presentatie"),
    FileKind.ODP: N_("een presentatie"),
    FileKind.TXT: N_("gewone tekst"),
    FileKind.HTML: N_("een webpagina (HTML)"),
    FileKind.EML: N_("een mailbericht"),
    FileKind.MSG: N_("een mailbericht"),
    FileKind.ZIP: N_("een ZIP-bestand"),
}
"""What people call each kind."""
