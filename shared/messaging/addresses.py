"""Where the broker is, and as whom each service speaks to it."""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pika

HEARTBEAT_SECONDS = 10
_TLS_OPTIONS = ("cacertfile", "certfile", "keyfile", "server_name_indication")


def amqp_url(url: str, service: str, env: Mapping[str, str] | None = None) -> str:
    """`VISOR_AMQP_URL_<SERVICE>` where it is set, else `url` with `{service}` filled in: an account for
    each.
    """
    own = (os.environ if env is None else env).get(f"VISOR_AMQP_URL_{service.upper()}")
    return own or url.replace("{service}", service)


def parameters(url: str) -> pika.ConnectionParameters:
    """Pika's parameters for `amqp` and `amqps`. The latter takes RabbitMQ's own query options: `cacertfile`,
    `certfile`, `keyfile`, `server_name_indication`; the broker's certificate is always verified.
    """
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    tls = {name: query.pop(name) for name in _TLS_OPTIONS if name in query}
    query.setdefault("heartbeat", str(HEARTBEAT_SECONDS))
    query.setdefault("blocked_connection_timeout", "60")
    made = pika.URLParameters(urlunsplit(parts._replace(query=urlencode(query))))
    if parts.scheme == "amqps":
        made.ssl_options = _ssl_options(parts.hostname or "", tls)
    return made


def _ssl_options(host: str, options: Mapping[str, str]) -> pika.SSLOptions:
    context = ssl.create_default_context(cafile=options.get("cacertfile"))
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if "certfile" in options:
        context.load_cert_chain(options["certfile"], options.get("keyfile"))
    return pika.SSLOptions(context, options.get("server_name_indication", host))
