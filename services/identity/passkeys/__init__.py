"""Passkeys (WebAuthn): a second factor beside the one-time codes, which always remain."""
