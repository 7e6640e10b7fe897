"""What can be wrong with a key. The messages are for whoever runs the suite; none names a person."""


class KeyProblem(Exception):
    """A key cannot be used."""


class KeyDestroyed(KeyProblem):
    """The nominal was deleted, and its key with it: its personal values can no longer be read."""


class KeyMissing(KeyProblem):
    """No key was ever made for this nominal."""


class MasterKeyMissing(KeyProblem):
    """A master key that wraps living keys is not in the keys folder; no service may start without it."""


class NotReadable(KeyProblem):
    """The ciphertext does not open: altered, of another purpose, or of another nominal."""
