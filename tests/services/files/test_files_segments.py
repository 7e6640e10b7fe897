"""The encrypted form itself: every segment in its place, none missing, none from elsewhere."""

from __future__ import annotations

import os
from io import BytesIO
from uuid import UUID, uuid4

import pytest

from shared.files.segments import FORMAT, SEGMENT, TAG, Sealing, opened, sealed_size
from shared.keys import NotReadable

PIECE = SEGMENT + TAG


def sealed(content: bytes, key: bytes, file_id: UUID, step: int = 10_000) -> bytes:
    sealing = Sealing(key, file_id)
    parts = [sealing.add(content[start : start + step]) for start in range(0, len(content), step)]
    return b"".join([*parts, sealing.end()])


def read(content: bytes, key: bytes, file_id: UUID) -> bytes:
    return b"".join(opened(key, file_id, BytesIO(content)))


@pytest.mark.parametrize(
    "size", [0, 1, SEGMENT - 1, SEGMENT, SEGMENT + 1, 2 * SEGMENT, 2 * SEGMENT + 5, 3 * SEGMENT]
)
@pytest.mark.parametrize("step", [777, SEGMENT, 5 * SEGMENT])
def test_there_and_back(size: int, step: int) -> None:
    key, file_id, content = os.urandom(32), uuid4(), os.urandom(size)
    made = sealed(content, key, file_id, step)
    assert len(made) == sealed_size(size)
    assert read(made, key, file_id) == content


def pieces(content: bytes) -> list[bytes]:
    body = content[len(FORMAT) :]
    return [body[start : start + PIECE] for start in range(0, len(body), PIECE)]


@pytest.mark.parametrize("size", [SEGMENT // 2, 2 * SEGMENT, 3 * SEGMENT + 9])
def test_cut_anywhere_it_does_not_end(size: int) -> None:
    key, file_id = os.urandom(32), uuid4()
    made = sealed(os.urandom(size), key, file_id)
    parts = pieces(made)
    for count in range(len(parts)):
        with pytest.raises(NotReadable):
            read(FORMAT + b"".join(parts[:count]), key, file_id)
    for missing in (1, TAG, TAG + 1):
        with pytest.raises(NotReadable):
            read(made[:-missing], key, file_id)


def test_segments_cannot_be_swapped_repeated_left_out_or_brought_from_elsewhere() -> None:
    key, file_id = os.urandom(32), uuid4()
    one, two, last = pieces(sealed(os.urandom(2 * SEGMENT + 1), key, file_id))
    foreign = pieces(sealed(os.urandom(2 * SEGMENT + 1), key, uuid4()))
    for wrong in (
        [two, one, last],
        [one, one, last],
        [one, last],
        [one, two],
        [one, two, last, last],
        [one, foreign[1], last],
        [one, last, two],
    ):
        with pytest.raises(NotReadable):
            read(FORMAT + b"".join(wrong), key, file_id)


def test_another_key_another_file_another_format_and_nothing_at_all() -> None:
    key, file_id = os.urandom(32), uuid4()
    made = sealed(b"text", key, file_id)
    for content, with_key, of_file in (
        (made, os.urandom(32), file_id),
        (made, key, uuid4()),
        (b"\x02" + made[1:], key, file_id),
        (b"", key, file_id),
        (FORMAT, key, file_id),
    ):
        with pytest.raises(NotReadable):
            read(content, with_key, of_file)


def test_every_single_bit_counts() -> None:
    key, file_id = os.urandom(32), uuid4()
    made = sealed(b"only a little text", key, file_id)
    for position in range(len(made)):
        wrong = bytearray(made)
        wrong[position] ^= 1 << position % 8
        with pytest.raises(NotReadable):
            read(bytes(wrong), key, file_id)
