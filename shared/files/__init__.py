"""Encrypted files: uploads that never lie in plain on a disk, what they may be, and how they are read and removed."""

from shared.files.arriving import Arriving
from shared.files.folder import FileFolder
from shared.files.keeping import Download, FileRow, belongs_to, describe, keep, keep_made, open_file, remove
from shared.files.kinds import JPEG, JSON, PDF, PNG, SPREADSHEET, TEXT, WORD, Kind
from shared.files.scanning import ScannerAway, scanner

__all__ = [
    "JPEG",
    "JSON",
    "PDF",
    "PNG",
    "SPREADSHEET",
    "TEXT",
    "WORD",
    "Arriving",
    "Download",
    "FileFolder",
    "FileRow",
    "Kind",
    "ScannerAway",
    "belongs_to",
    "describe",
    "keep",
    "keep_made",
    "open_file",
    "remove",
    "scanner",
]
