"""A page to read the API by, made on the server from the OpenAPI document."""

from __future__ import annotations

from flask import Flask, render_template

from shared.web.api_reference import reference


def install(app: Flask, name: str) -> None:
    def api_reference() -> str:
        api = reference(app.extensions["visor.api"].document().to_dict())
        heading = f"The {name} API"
        return render_template(
            "visor/api_reference.html", api=api, heading=heading, json_url=f"/{name}/api/openapi.json"
        )

    app.add_url_rule(f"/{name}/api/", "api_reference", api_reference)
