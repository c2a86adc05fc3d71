"""tesseract as a library: loaded once in the worker with its language, ready in every child that is forked from it.

It is the very engine that the program `tesseract` wraps and gives the same table of words; what is saved is starting a
program and loading its model for every page, about a fifth of the time of a page. Strangers' pixels never meet the
worker's own copy: each page is read in a process of its own that is forked for it, so that a page that crashes the
engine, or takes too long, costs that page only.

Where there is no such library, `ready` says so and the program is run instead (`ingest.readers.ocr`).
"""

import atexit
import contextlib
import ctypes
import os
import select
import signal
import time
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NoReturn

from ingest.readers.errors import PageBroke, PageTimeout
from ingest.readers.fence import allow_cpu, die_with_parent
from ingest.readers.results import OcrEngine
from ingest.readers.straighten import Picture

PROGRAM = "tesseract"
"""The program of which the library takes the place. Another one that was chosen is run as it is."""

_LIBRARIES = ("libtesseract.so.5", "libtesseract.so.4")
_OPENMP = "libgomp.so.1"
_WHOLE_PAGE = 3  # the page segmentation that the program has by default
_READ = 1 << 18
_handles: dict[OcrEngine, int] = {}


def load(engine: OcrEngine) -> bool:
    """Load the library with the engine's language, once a process. False when that cannot be: then there is no more
    than the program.
    """
    if engine.command != PROGRAM:
        return False
    if engine in _handles:
        return True
    library = _library()
    if library is None:
        return False
    with _quiet():
        handle = library.TessBaseAPICreate()
        folder = os.fsencode(engine.data) if engine.data else None
        if library.TessBaseAPIInit3(handle, folder, engine.language.encode()) != 0:
            library.TessBaseAPIDelete(handle)
            return False
    library.TessBaseAPISetVariable(handle, b"user_defined_dpi", b"300")
    library.TessBaseAPISetPageSegMode(handle, _WHOLE_PAGE)
    _handles[engine] = handle
    atexit.register(_unload, engine)
    return True


def ready(engine: OcrEngine) -> bool:
    """Whether this process, or the one that it was forked from, has loaded the engine."""
    return engine in _handles


def table(gray: Picture, engine: OcrEngine, seconds: int, computing: int | None = None) -> str:
    """tesseract's table (TSV without its heading) of the words on a gray page of about 300 dpi.

    Only inside the fence, and where `ready`. Raises `PageTimeout` after `seconds` by the clock or `computing` of CPU
    (as many by default), `PageBroke` when the engine stops.
    """
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        _read_here(gray, engine, seconds if computing is None else computing, writing)
    os.close(writing)
    try:
        answer = _listen(reading, time.monotonic() + seconds)
    finally:
        os.close(reading)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
    if answer[-1:] != b"\0":
        late = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU
        raise PageTimeout if late else PageBroke
    return answer[:-1].decode("utf-8", "replace")


def _unload(engine: OcrEngine) -> None:
    """In order, before the library's own end: it would complain of what is left."""
    library = _library()
    if library is not None and engine in _handles:
        library.TessBaseAPIDelete(_handles.pop(engine))


def _listen(pipe: int, end: float) -> bytes:
    """All that the page's process says. Raises `PageTimeout`."""
    answer = bytearray()
    while True:
        left = end - time.monotonic()
        if left <= 0 or not select.select([pipe], [], [], left)[0]:
            raise PageTimeout
        piece = os.read(pipe, _READ)
        if not piece:
            return bytes(answer)
        answer += piece


def _read_here(gray: Picture, engine: OcrEngine, computing: int, answer: int) -> NoReturn:
    """The whole life of a page's process. A zero byte at the end tells that the table is whole."""
    try:
        die_with_parent()
        allow_cpu(computing)
        library, handle = _library(), _handles[engine]
        assert library is not None
        height, width = gray.shape
        library.TessBaseAPISetImage(handle, gray.ctypes.data, width, height, 1, gray.strides[0])
        if library.TessBaseAPIRecognize(handle, None) == 0:
            data = memoryview(ctypes.string_at(library.TessBaseAPIGetTsvText(handle, 0)) + b"\0")
            while data:
                data = data[os.write(answer, data) :]
            os._exit(0)
    finally:
        os._exit(1)


@lru_cache(maxsize=1)
def _library() -> Any:  # noqa: ANN401 - foreign functions have no types
    """The library with the types of what is called, its loops on one core; None where there is none."""
    for name in _LIBRARIES:
        with contextlib.suppress(OSError):
            return _typed(ctypes.CDLL(name))
    return None


def _typed(library: ctypes.CDLL) -> Any:  # noqa: ANN401
    address, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
    for name, answer, arguments in (
        ("Create", address, []),
        ("Delete", None, [address]),
        ("Init3", number, [address, text, text]),
        ("SetVariable", number, [address, text, text]),
        ("SetPageSegMode", None, [address, number]),
        ("SetImage", None, [address, address, number, number, number, number]),
        ("Recognize", number, [address, address]),
        ("GetTsvText", address, [address, number]),
    ):
        function = getattr(library, f"TessBaseAPI{name}")
        function.restype, function.argtypes = answer, arguments
    with contextlib.suppress(OSError):
        # a page a core: threads within a page cost five times what they bring, and do not survive a fork
        ctypes.CDLL(_OPENMP).omp_set_max_active_levels(0)
    return library


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep what the library prints about missing languages out of the service's log."""
    kept, nothing = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nothing)
