"""Signing in by an agency's own means, its LDAP directory or OpenID Connect; everything else gates as ever."""
