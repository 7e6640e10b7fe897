"""The floor of a request: a bare Flask view that reads one row by its key, writes one, commits and answers."""

from __future__ import annotations

import os
import threading
from typing import Any
from uuid import UUID, uuid4

import psycopg
from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue

MAKE = "CREATE TABLE IF NOT EXISTS bench_floor (id uuid PRIMARY KEY, nominal_id uuid, at timestamptz DEFAULT now(), text text)"
_SELECT = """
    SELECT visor_number, status, category, level, owner_unit, managing_unit, date_of_birth, risk_level
    FROM nominal WHERE id = %s
"""
_INSERT = "INSERT INTO bench_floor (id, nominal_id, text) VALUES (%s, %s, %s)"
_here = threading.local()

application = Flask(__name__)


def connection() -> psycopg.Connection[Any]:
    if not hasattr(_here, "connection"):
        _here.connection = psycopg.connect(os.environ["BENCH_DATABASE"])
    own: psycopg.Connection[Any] = _here.connection
    return own


@application.route("/floor/<uuid:nominal_id>", methods=["GET", "POST"])
def floor(nominal_id: UUID) -> ResponseReturnValue:
    database = connection()
    row = database.execute(_SELECT, [nominal_id]).fetchone()
    text = request.get_json()["text"] if request.method == "POST" else "viewed"
    database.execute(_INSERT, [uuid4(), nominal_id, text])
    database.commit()
    return jsonify([str(value) for value in row or ()]), 201 if request.method == "POST" else 200
