"""Keys: master keys in files, each nominal's own key in the key store, and the keys that sign."""

from shared.keys.errors import KeyDestroyed, KeyMissing, KeyProblem, MasterKeyMissing, NotReadable
from shared.keys.master_keys import MasterKeys
from shared.keys.nominal_key import NominalKey
from shared.keys.nominal_keys import NominalKeys
from shared.keys.opening import open_keys
from shared.keys.signing_keys import SigningKeys

__all__ = [
    "KeyDestroyed",
    "KeyMissing",
    "KeyProblem",
    "MasterKeyMissing",
    "MasterKeys",
    "NominalKey",
    "NominalKeys",
    "NotReadable",
    "SigningKeys",
    "open_keys",
]
