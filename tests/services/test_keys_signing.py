"""The keys that sign: published by their public halves only, and rotated."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from joserfc import jws
from joserfc.errors import JoseError

from shared.keys import KeyProblem, SigningKeys
from shared.keys.signing_keys import ACCESS_TOKENS, SEALS, public_keys

ES256 = ["ES256"]


def signed(keys: SigningKeys) -> str:
    header = {"alg": "ES256", "kid": keys.current.kid}
    return jws.serialize_compact(header, b"payload", keys.current, algorithms=ES256)


def test_made_once_and_only_ours_to_read(keys_folder: Path) -> None:
    first = SigningKeys(keys_folder, SEALS)
    [file] = first.folder.iterdir() if not (first.folder / ".lock").exists() else first.folder.glob("*.pem")
    assert file.stat().st_mode & 0o777 == 0o600
    assert SigningKeys(keys_folder, SEALS).current.kid == first.current.kid


def test_processes_that_start_together_make_one(keys_folder: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: SigningKeys(keys_folder, ACCESS_TOKENS).current.kid, range(8)))
    assert len(set(made)) == 1


def test_each_purpose_has_its_own(keys_folder: Path) -> None:
    seals, tokens = SigningKeys(keys_folder, SEALS), SigningKeys(keys_folder, ACCESS_TOKENS)
    with pytest.raises((JoseError, ValueError)):
        jws.deserialize_compact(signed(seals), tokens.public_keys(), algorithms=ES256)


def test_what_is_published_verifies_and_holds_no_secret(keys_folder: Path) -> None:
    keys = SigningKeys(keys_folder, ACCESS_TOKENS)
    published = json.dumps(keys.published)
    [one] = keys.published["keys"]
    assert set(one) == {"kty", "crv", "x", "y", "kid", "use", "alg"}
    verified = jws.deserialize_compact(signed(keys), public_keys(json.loads(published)), algorithms=ES256)
    assert verified.payload == b"payload"


def test_after_a_rotation_both_verify_until_the_old_one_is_retired(keys_folder: Path) -> None:
    keys = SigningKeys(keys_folder, ACCESS_TOKENS)
    old, before = keys.current.kid, signed(keys)
    with pytest.raises(KeyProblem):
        keys.retire(old or "")
    new = keys.rotate()
    assert keys.current.kid == new != old
    assert [key["kid"] for key in keys.published["keys"]] == [old, new]
    for token in (before, signed(keys)):
        assert jws.deserialize_compact(token, keys.public_keys(), algorithms=ES256).payload == b"payload"
    keys.retire(old or "")
    with pytest.raises((JoseError, ValueError)):
        jws.deserialize_compact(before, keys.public_keys(), algorithms=ES256)


def test_the_tenth_key_comes_after_the_ninth(keys_folder: Path) -> None:
    keys = SigningKeys(keys_folder, SEALS)
    for _ in range(10):
        newest = keys.rotate()
    assert SigningKeys(keys_folder, SEALS).current.kid == newest


@pytest.mark.parametrize("content", [b"", b"-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\n"])
def test_a_damaged_file_is_named(keys_folder: Path, content: bytes) -> None:
    keys = SigningKeys(keys_folder, SEALS)
    [file] = keys.folder.glob("*.pem")
    file.write_bytes(content)
    with pytest.raises(KeyProblem, match=file.name):
        SigningKeys(keys_folder, SEALS)


def test_a_key_under_anothers_name_is_refused(keys_folder: Path) -> None:
    keys = SigningKeys(keys_folder, SEALS)
    keys.rotate()
    one, other = sorted(keys.folder.glob("*.pem"))
    one.write_bytes(other.read_bytes())
    with pytest.raises(KeyProblem, match="another key"):
        SigningKeys(keys_folder, SEALS)


def test_a_file_that_others_can_read_is_refused(keys_folder: Path) -> None:
    [file] = SigningKeys(keys_folder, SEALS).folder.glob("*.pem")
    file.chmod(0o644)
    with pytest.raises(KeyProblem, match="chmod 600"):
        SigningKeys(keys_folder, SEALS)
