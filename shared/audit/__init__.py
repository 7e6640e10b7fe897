"""The audit: append-only entries in every act's own transaction, numbered, chained and sealed afterwards."""

from shared.audit.alike import write_alike
from shared.audit.entry import AuditEntry
from shared.audit.tables import AuditTables
from shared.audit.writing import statement, write, write_many

__all__ = ["AuditEntry", "AuditTables", "statement", "write", "write_alike", "write_many"]
