"""Tampering with the seals, in the database and in their file."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from joserfc.jwk import ECKey

from shared.audit.seal import Seal, read, seal_hash, sign
from shared.audit.seal_file import Head
from shared.audit.sealer import SealsDisagree
from shared.keys.signing_keys import SigningKeys
from tests.servers.audited import SERVICE, Audited


def attackers_key(kid: str = "attacker") -> ECKey:
    return ECKey.generate_key("P-256", {"kid": kid})


def token_of(sealed: Audited, sequence: int) -> str:
    found = sealed.query("SELECT token FROM audit_seal WHERE sequence = %(s)s", s=sequence)
    return str(found[0][0])


def seal_of(sealed: Audited, sequence: int) -> Seal:
    return read(token_of(sealed, sequence), SERVICE, sealed.keys.public_keys())


def lines_of(sealed: Audited) -> list[str]:
    return sealed.file.path.read_text().splitlines(keepends=True)


def put(sealed: Audited, sequence: int, token: str) -> None:
    sealed.behind_its_back("UPDATE audit_seal SET token = %(t)s WHERE sequence = %(s)s", t=token, s=sequence)


@pytest.mark.parametrize("sequence", [1, 2, 3])
def test_a_removed_seal_is_named(sealed: Audited, sequence: int) -> None:
    sealed.behind_its_back("DELETE FROM audit_seal WHERE sequence = %(s)s", s=sequence)
    found = sealed.first()
    assert (found.kind, found.seal) == ("seal_removed", sequence)


@pytest.mark.parametrize("sequence", [1, 2, 3])
def test_a_removed_seal_is_named_without_the_file_too(sealed: Audited, sequence: int) -> None:
    sealed.behind_its_back("DELETE FROM audit_seal WHERE sequence = %(s)s", s=sequence)
    found = sealed.first(with_file=False)
    assert (found.kind, found.seal) == ("seal_removed", sequence)


@pytest.mark.parametrize("with_file", [True, False])
@pytest.mark.parametrize("sequence", [1, 2, 3])
def test_a_seal_signed_with_another_key_is_named(sealed: Audited, sequence: int, with_file: bool) -> None:
    put(sealed, sequence, sign(seal_of(sealed, sequence), attackers_key()))
    found = sealed.first(with_file=with_file)
    assert (found.kind, found.seal) == ("seal_forged", sequence)


def test_a_key_with_the_right_name_is_still_another_key(sealed: Audited) -> None:
    kid = sealed.keys.current.kid
    put(sealed, 2, sign(seal_of(sealed, 2), attackers_key(kid or "")))
    assert (sealed.first().kind, sealed.first().seal) == ("seal_forged", 2)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "e30.e30.", "eyJhbGciOiJub25lIn0.e30."])
def test_what_is_no_seal_at_all_is_named(sealed: Audited, token: str) -> None:
    put(sealed, 2, token)
    assert (sealed.first().kind, sealed.first().seal) == ("seal_forged", 2)


def test_a_seal_of_another_service_is_named(sealed: Audited) -> None:
    put(sealed, 2, sign(replace(seal_of(sealed, 2), service="identity"), sealed.keys.current))
    assert (sealed.first(with_file=False).kind, sealed.first(with_file=False).seal) == ("seal_forged", 2)


def test_an_access_token_of_the_same_key_is_no_seal(sealed: Audited) -> None:
    from joserfc import jwt  # noqa: PLC0415 - what shared.access signs access tokens with

    key = sealed.keys.current
    claims = json.loads(json.dumps(vars(seal_of(sealed, 2))))
    put(sealed, 2, jwt.encode({"alg": "ES256", "kid": key.kid or ""}, claims, key, algorithms=["ES256"]))
    for with_file in (True, False):
        found = sealed.first(with_file=with_file)
        assert (found.kind, found.seal) == ("seal_forged", 2)


def test_a_second_signature_on_the_same_seal_is_named(sealed: Audited) -> None:
    """Rightly signed, but not what left the database when it was sealed."""
    put(sealed, 2, sign(seal_of(sealed, 2), sealed.keys.current))
    assert (sealed.first().kind, sealed.first().seal) == ("seal_forged", 2)


@pytest.mark.parametrize("column", ["first_number", "last_number", "at"])
def test_a_seals_row_that_says_otherwise_is_named(sealed: Audited, column: str) -> None:
    one_more = "'1 second'::interval" if column == "at" else "1"
    sealed.behind_its_back(f"UPDATE audit_seal SET {column} = {column} + {one_more} WHERE sequence = 2")
    assert (sealed.first().kind, sealed.first().seal) == ("seal_forged", 2)


def test_swapped_seals_are_named(sealed: Audited) -> None:
    one, other = token_of(sealed, 1), token_of(sealed, 2)
    put(sealed, 1, other)
    put(sealed, 2, one)
    assert (sealed.first().kind, sealed.first().seal) == ("seal_forged", 1)


def test_a_seal_that_does_not_name_the_one_before_is_named_even_when_signed(sealed: Audited) -> None:
    put(sealed, 3, sign(replace(seal_of(sealed, 3), previous="0" * 64), sealed.keys.current))
    assert (sealed.first(with_file=False).kind, sealed.first(with_file=False).seal) == ("seal_forged", 3)


def test_a_rewritten_history_with_a_forged_seal_is_named_by_its_entry(sealed: Audited) -> None:
    """Everything in the database is made to agree, but the key is not the attacker's and the file is out of reach."""
    altered = sealed.id_of(14)
    forged = sign(replace(seal_of(sealed, 2), chain="0" * 64), attackers_key())
    put(sealed, 2, forged)
    put(sealed, 3, sign(replace(seal_of(sealed, 3), previous=seal_hash(forged)), attackers_key()))
    sealed.behind_its_back(
        "UPDATE audit_number SET entry_hash = sha256('new') WHERE entry_id = %(id)s",
        "UPDATE audit_entry SET outcome = 'done', hash = sha256('new') WHERE id = %(id)s",
        id=altered,
    )
    found = sealed.first()
    assert (found.kind, found.number, found.entry_id) == ("altered", 14, altered)


@pytest.mark.parametrize("sequence", [1, 2])
def test_a_line_taken_from_the_file_is_named(sealed: Audited, sequence: int) -> None:
    lines = lines_of(sealed)
    del lines[sequence - 1]
    sealed.file.path.write_text("".join(lines))
    assert (sealed.first().kind, sealed.first().seal) == ("seal_file", sequence)


@pytest.mark.parametrize("how", ["swap", "garble"])
def test_lines_out_of_order_or_unreadable_are_named(sealed: Audited, how: str) -> None:
    lines = lines_of(sealed)
    lines[0:2] = [lines[1], lines[0]] if how == "swap" else ["{}\n", lines[1]]
    sealed.file.path.write_text("".join(lines))
    assert (sealed.first().kind, sealed.first().seal) == ("seal_file", 1)


def test_altered_marks_are_named(sealed: Audited) -> None:
    lines = [json.loads(line) for line in lines_of(sealed)]
    lines[1]["marks"] = lines[0]["marks"]
    sealed.file.path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert (sealed.first().kind, sealed.first().seal) == ("seal_file", 2)


def test_the_files_end_cut_off_is_named_by_its_pinned_head(sealed: Audited) -> None:
    sealed.file.path.write_text("".join(lines_of(sealed)[:2]))
    sealed.behind_its_back(
        "DELETE FROM audit_seal WHERE sequence = 3", "DELETE FROM audit_number WHERE number > 20"
    )
    assert (sealed.first().kind, sealed.first().seal) == ("seal_removed", 3)
    with pytest.raises(SealsDisagree, match="pinned"):
        sealed.seal()


def test_a_newest_seal_that_is_not_in_the_file_yet_is_said_but_not_held_against_anybody(
    sealed: Audited,
) -> None:
    sealed.file.path.write_text("".join(lines_of(sealed)[:2]))
    sealed.file.head_path.unlink()
    verdict = sealed.verify()
    assert verdict.ok
    assert "The newest 1 seals are not in the seal file yet" in "\n".join(verdict.lines())


def test_the_sealer_puts_missing_lines_back(sealed: Audited) -> None:
    whole = lines_of(sealed)
    sealed.file.path.write_text(whole[0] + whole[1][:70])
    sealed.file.head_path.unlink()
    sealed.seal()
    assert [line.token for line in sealed.file.lines()] == [
        token_of(sealed, number) for number in (1, 2, 3, 4)
    ]
    assert sealed.file.pinned() == Head(4, seal_hash(token_of(sealed, 4)))
    assert sealed.verify().ok


def test_the_sealer_does_not_build_on_a_forged_seal(sealed: Audited) -> None:
    put(sealed, 3, sign(seal_of(sealed, 3), sealed.keys.current))
    with pytest.raises(SealsDisagree, match="differs"):
        sealed.seal()


def test_a_lost_seal_file_is_not_replaced_in_silence(sealed: Audited) -> None:
    sealed.file.path.unlink()
    with pytest.raises(SealsDisagree, match="is gone"):
        sealed.seal()


def test_a_seal_file_that_alone_is_gone_is_found_before_the_sealer_says_so(sealed: Audited) -> None:
    sealed.file.path.unlink()
    found = sealed.first()
    assert (found.kind, found.seal) == ("seal_file", 1)
    assert "the seal file is gone" in str(found)


def test_a_seal_file_whose_end_alone_is_gone_is_found_too(sealed: Audited) -> None:
    sealed.file.path.write_text("".join(lines_of(sealed)[:2]))
    found = sealed.first()
    assert (found.kind, found.seal) == ("seal_file", 3)
    assert "cut off" in str(found)


def test_a_pin_that_has_not_followed_yet_is_nothing_wrong(sealed: Audited) -> None:
    sealed.file.path.write_text("".join(lines_of(sealed)[:2]))
    sealed.file.pin(Head(2, seal_hash(token_of(sealed, 2))))
    assert sealed.verify().ok


def test_seals_of_a_retired_key_still_verify_with_its_published_half(sealed: Audited, tmp_path: Path) -> None:
    first = sealed.keys.current.kid
    sealed.keys.rotate()
    sealed.seal()
    assert sealed.verify().ok
    again = SigningKeys(tmp_path / "keys", "seals")
    assert [key["kid"] for key in again.published["keys"]] == [first, again.current.kid]
