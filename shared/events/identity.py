"""The facts that identity tells: identifiers, codes and times, never a name."""

from __future__ import annotations

from marshmallow import Schema, fields

from shared.events.registry import EventKind, register


class DirectoryChangedSchema(Schema):
    version = fields.Integer(required=True)


class SessionRevokedSchema(Schema):
    """One session, or every session that a person opened up to `at`."""

    session_id = fields.UUID(required=True, allow_none=True)
    person_id = fields.UUID(required=True, allow_none=True)
    at = fields.AwareDateTime(required=True)
    reason_code = fields.String(required=True)


class SessionRefusedSchema(Schema):
    """`terminal` is an asset tag; both are null where they are not known."""

    refusal_code = fields.String(required=True)
    person_id = fields.UUID(required=True, allow_none=True)
    terminal = fields.String(required=True, allow_none=True)


class CredentialsChangedSchema(Schema):
    """`what` is password_changed, password_reset, code_replaced, passkey_added, passkey_removed or recovered."""

    person_id = fields.UUID(required=True)
    change_id = fields.UUID(required=True)
    what = fields.String(required=True)


class VettingExpiringSchema(Schema):
    """`days` before the end; `reminder_id` tells this reminder from the one before it, `previous_id`."""

    person_id = fields.UUID(required=True)
    expires_on = fields.Date(required=True)
    days = fields.Integer(required=True)
    reminder_id = fields.UUID(required=True)
    previous_id = fields.UUID(required=True, allow_none=True)


class VettingExpiredSchema(Schema):
    person_id = fields.UUID(required=True)
    expired_on = fields.Date(required=True)
    reminder_id = fields.UUID(required=True)
    previous_id = fields.UUID(required=True, allow_none=True)


class VettingRenewedSchema(Schema):
    """`reminder_id` is the last one told of what was renewed."""

    person_id = fields.UUID(required=True)
    vetting_id = fields.UUID(required=True)
    reminder_id = fields.UUID(required=True, allow_none=True)


class VettingExceptionSchema(Schema):
    person_id = fields.UUID(required=True)
    exception_id = fields.UUID(required=True)
    last_day = fields.Date(required=True)


class VettingTypeSchema(Schema):
    change_id = fields.UUID(required=True)
    code = fields.String(required=True)


class VettingGapSchema(Schema):
    """Enabled accounts of a CPC's area without current vetting; `check_id` stands for the day and area."""

    check_id = fields.UUID(required=True)
    day = fields.Date(required=True)
    unit = fields.String(required=True)
    accounts = fields.Integer(required=True)


class TokenSuspendedSchema(Schema):
    person_id = fields.UUID(required=True)
    token = fields.String(required=True)
    unit = fields.String(required=True)
    grant_id = fields.UUID(required=True)


class TokenSchema(Schema):
    person_id = fields.UUID(required=True)
    token = fields.String(required=True)
    unit = fields.String(required=True)


class DocumentPublishedSchema(Schema):
    document = fields.String(required=True)
    version = fields.String(required=True)
    version_id = fields.UUID(required=True)
    title = fields.String(required=True)


class DocumentToSignSchema(DocumentPublishedSchema):
    """To those of one unit who must sign; `previous_id` is the version that this one takes the place of."""

    unit = fields.String(required=True)
    previous_id = fields.UUID(required=True, allow_none=True)


class DocumentSignedSchema(Schema):
    document = fields.String(required=True)
    version = fields.String(required=True)
    version_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)


class DocumentMessageSchema(Schema):
    """A CPC's message on a document, for one unit: `stage` is `leads` (who pass it on) or `users`."""

    message_id = fields.UUID(required=True)
    passage_id = fields.UUID(required=True)
    unit = fields.String(required=True)
    stage = fields.String(required=True)


class DocumentMessageReadSchema(Schema):
    message_id = fields.UUID(required=True)
    passage_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)


class PolicyChangedSchema(Schema):
    """A value of national policy that two people changed: yes or no, a number, a text or a list of those."""

    change_id = fields.UUID(required=True)
    key = fields.String(required=True)
    value = fields.Raw(required=True)
    in_force_from = fields.Date(required=True)
    in_force_to = fields.Date(required=True, allow_none=True)
    source = fields.String(required=True)
    proposed_by = fields.UUID(required=True)
    proposed_at = fields.AwareDateTime(required=True)
    confirmed_by = fields.UUID(required=True)
    confirmed_at = fields.AwareDateTime(required=True)


class PolicyProposedSchema(Schema):
    change_id = fields.UUID(required=True)
    key = fields.String(required=True)


class AccountSchema(Schema):
    person_id = fields.UUID(required=True)
    unit = fields.String(required=True)


class AccountDisabledSchema(AccountSchema):
    """`reason_code` is one of identity's `accounts.rules.REASONS`."""

    reason_code = fields.String(required=True)


class AccountRequestSchema(AccountSchema):
    """One request for an account: who was declined may be asked for again."""

    request_id = fields.UUID(required=True)


class AccountLeaverSchema(AccountSchema):
    """`leaver_id` is null where nobody had reported that the person left."""

    leaver_id = fields.UUID(required=True, allow_none=True)


class AccountLeavingSchema(AccountLeaverSchema):
    left_on = fields.Date(required=True)


class AccountMovedSchema(Schema):
    person_id = fields.UUID(required=True)
    from_unit = fields.String(required=True)
    to_unit = fields.String(required=True)


class AccountDormantSchema(AccountSchema):
    dormancy_id = fields.UUID(required=True)


def _information(name: str, schema: type[Schema]) -> EventKind:
    """A fact that nobody need subscribe to."""
    return register(EventKind(name, 1, schema, needs_subscriber=False))


DIRECTORY_CHANGED = _information("identity.directory.changed", DirectoryChangedSchema)
SESSION_REVOKED = register(EventKind("identity.session.revoked", 1, SessionRevokedSchema, urgent=True))
SESSION_REFUSED = register(EventKind("identity.session.refused", 1, SessionRefusedSchema))
CREDENTIALS_CHANGED = register(EventKind("identity.credentials.changed", 1, CredentialsChangedSchema))
VETTING_EXPIRING = register(EventKind("identity.vetting.expiring", 1, VettingExpiringSchema))
VETTING_EXPIRED = register(EventKind("identity.vetting.expired", 1, VettingExpiredSchema))
VETTING_RENEWED = register(EventKind("identity.vetting.renewed", 1, VettingRenewedSchema))
VETTING_EXCEPTED = register(EventKind("identity.vetting.excepted", 1, VettingExceptionSchema))
VETTING_TYPE_PROPOSED = register(EventKind("identity.vetting_type.proposed", 1, VettingTypeSchema))
VETTING_TYPE_DECIDED = register(EventKind("identity.vetting_type.decided", 1, VettingTypeSchema))
VETTING_GAP = register(EventKind("identity.vetting.gap_found", 1, VettingGapSchema))
TOKEN_SUSPENDED = register(EventKind("identity.token.suspended", 1, TokenSuspendedSchema))
TOKEN_RESTORED = register(EventKind("identity.token.restored", 1, TokenSuspendedSchema))
TOKEN_GRANTED = _information("identity.token.granted", TokenSchema)
TOKEN_REVOKED = _information("identity.token.revoked", TokenSchema)
DOCUMENT_PUBLISHED = register(EventKind("identity.document.published", 1, DocumentPublishedSchema))
DOCUMENT_TO_SIGN = register(EventKind("identity.document.to_sign", 1, DocumentToSignSchema))
DOCUMENT_SIGNED = register(EventKind("identity.document.signed", 1, DocumentSignedSchema))
DOCUMENT_AWARE = register(EventKind("identity.document.noted", 1, DocumentSignedSchema))
DOCUMENT_MESSAGE = register(EventKind("identity.document.disseminated", 1, DocumentMessageSchema))
DOCUMENT_MESSAGE_READ = register(EventKind("identity.document.read", 1, DocumentMessageReadSchema))
DOCUMENT_PASSED_ON = register(EventKind("identity.document.passed_on", 1, DocumentMessageSchema))
POLICY_CHANGED = register(EventKind("identity.policy.changed", 1, PolicyChangedSchema, for_good=True))
POLICY_PROPOSED = register(EventKind("identity.policy.proposed", 1, PolicyProposedSchema))
POLICY_DECIDED = register(EventKind("identity.policy.decided", 1, PolicyProposedSchema))
ACCOUNT_NOMINATED = register(EventKind("identity.account.nominated", 1, AccountSchema))
ACCOUNT_REQUESTED = register(EventKind("identity.account.requested", 1, AccountRequestSchema))
ACCOUNT_AUTHORISED = register(EventKind("identity.account.authorised", 1, AccountRequestSchema))
ACCOUNT_DECLINED = register(EventKind("identity.account.declined", 1, AccountRequestSchema))
ACCOUNT_CREATED = register(EventKind("identity.account.created", 1, AccountRequestSchema))
ACCOUNT_ACTIVATED = register(EventKind("identity.account.activated", 1, AccountSchema))
ACCOUNT_DISABLED = register(EventKind("identity.account.disabled", 1, AccountDisabledSchema))
ACCOUNT_REACTIVATED = register(EventKind("identity.account.reactivated", 1, AccountLeaverSchema))
ACCOUNT_LEAVING = register(EventKind("identity.account.leaving", 1, AccountLeavingSchema))
ACCOUNT_ARCHIVED = register(EventKind("identity.account.archived", 1, AccountLeaverSchema))
ACCOUNT_MOVED = register(EventKind("identity.account.moved", 1, AccountMovedSchema))
ACCOUNT_DORMANT = register(EventKind("identity.account.dormant", 1, AccountDormantSchema))
ACCOUNT_DORMANCY_DECIDED = register(EventKind("identity.account.dormancy_decided", 1, AccountDormantSchema))


class TerminalSchema(Schema):
    """`unit` is where it stands; `assessment_id` the assessment that this is about, if any."""

    terminal_id = fields.UUID(required=True)
    unit = fields.String(required=True)
    assessment_id = fields.UUID(required=True, allow_none=True)


class TerminalAssessedSchema(TerminalSchema):
    """`approvable`: every requirement is met; `needs_lead`: the lead's assurance is to come first."""

    approvable = fields.Boolean(required=True)
    needs_lead = fields.Boolean(required=True)


class TerminalWithdrawnSchema(TerminalSchema):
    """`assurance_id` is the yearly assurance that is needless now, if one was asked for."""

    reason_code = fields.String(required=True)
    assurance_id = fields.UUID(required=True, allow_none=True)


class TerminalAssuranceSchema(Schema):
    terminal_id = fields.UUID(required=True)
    unit = fields.String(required=True)
    assurance_id = fields.UUID(required=True)


class TerminalAssuranceDueSchema(TerminalAssuranceSchema):
    """`stage`: asked, overdue (the lead is reminded) or escalated (the CPC is told)."""

    due_on = fields.Date(required=True)
    stage = fields.String(required=True)


class WifiSchema(Schema):
    grant_id = fields.UUID(required=True)
    unit = fields.String(required=True)


TERMINAL_ASSESSED = register(EventKind("identity.terminal.assessed", 1, TerminalAssessedSchema))
TERMINAL_APPROVED = register(EventKind("identity.terminal.approved", 1, TerminalSchema))
TERMINAL_DECLINED = register(EventKind("identity.terminal.declined", 1, TerminalSchema))
TERMINAL_WITHDRAWN = register(
    EventKind("identity.terminal.withdrawn", 1, TerminalWithdrawnSchema, urgent=True)
)
TERMINAL_ASSURANCE_DUE = register(EventKind("identity.terminal.assurance_due", 1, TerminalAssuranceDueSchema))
TERMINAL_ASSURED = register(EventKind("identity.terminal.assured", 1, TerminalAssuranceSchema))
WIFI_GRANTED = _information("identity.wifi.granted", WifiSchema)
WIFI_ENDED = _information("identity.wifi.ended", WifiSchema)


class TokenOrderSchema(Schema):
    order_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    token = fields.String(required=True)
    unit = fields.String(required=True)


class TokenOrderSettledSchema(TokenOrderSchema):
    """`outcome` is set or declined."""

    outcome = fields.String(required=True)


class CentralSupportAskedSchema(Schema):
    request_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    unit = fields.String(required=True)
    jurisdiction = fields.String(required=True)


class CentralSupportDecidedSchema(Schema):
    """`outcome` is granted or refused."""

    request_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    unit = fields.String(required=True)
    outcome = fields.String(required=True)


class RoleSchema(Schema):
    grant_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    role = fields.String(required=True)
    unit = fields.String(required=True)


class DeputySchema(Schema):
    """Somebody stands in for the CPC of `unit`; `ground` is absent, vacant or cover; `valid_to` the last day."""

    deputyship_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    unit = fields.String(required=True)
    ground = fields.String(required=True)
    valid_to = fields.Date(required=True)


TOKEN_AUTHORISED = register(EventKind("identity.token.authorised", 1, TokenOrderSchema))
TOKEN_SETTLED = register(EventKind("identity.token.settled", 1, TokenOrderSettledSchema))
CENTRAL_SUPPORT_ASKED = register(EventKind("identity.central_support.asked", 1, CentralSupportAskedSchema))
CENTRAL_SUPPORT_DECIDED = register(
    EventKind("identity.central_support.decided", 1, CentralSupportDecidedSchema)
)
ROLE_APPOINTED = _information("identity.role.appointed", RoleSchema)
ROLE_ENDED = _information("identity.role.ended", RoleSchema)
ROLE_CONFLICT = register(EventKind("identity.role.conflict", 1, RoleSchema))
DEPUTY_NAMED = register(EventKind("identity.deputy.named", 1, DeputySchema))
DEPUTY_ENDED = register(EventKind("identity.deputy.ended", 1, DeputySchema))


class RoleUncoveredSchema(Schema):
    """A post of `coverage/posts.toml` that nobody holds, or that nobody will hold from `uncovered_from` on."""

    gap_id = fields.UUID(required=True)
    post = fields.String(required=True)
    title = fields.String(required=True)
    unit = fields.String(required=True)
    uncovered_from = fields.Date(required=True)


class RoleCoveredSchema(Schema):
    gap_id = fields.UUID(required=True)
    post = fields.String(required=True)
    unit = fields.String(required=True)


ROLE_UNCOVERED = register(EventKind("identity.role.uncovered", 1, RoleUncoveredSchema))
ROLE_ENDING = register(EventKind("identity.role.ending", 1, RoleUncoveredSchema))
ROLE_COVERED = register(EventKind("identity.role.covered", 1, RoleCoveredSchema))


class TrainingPassedSchema(Schema):
    """A course that counts was passed; `course_kind` is user, cpc or lead."""

    person_id = fields.UUID(required=True)
    record_id = fields.UUID(required=True)
    course_kind = fields.String(required=True)
    passed_on = fields.Date(required=True)


class TrainingCancelledSchema(Schema):
    session_id = fields.UUID(required=True)
    starts_on = fields.Date(required=True)


class ELearningSchema(Schema):
    person_id = fields.UUID(required=True)
    e_learning_id = fields.UUID(required=True)


class ELearningOwedSchema(ELearningSchema):
    owed_from = fields.Date(required=True)
    unit = fields.String(required=True)
    jurisdiction = fields.String(required=True)


class CertificateSchema(Schema):
    certificate_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)


class CertificateDecidedSchema(CertificateSchema):
    """`outcome` is accepted or declined."""

    outcome = fields.String(required=True)


class StaffingSchema(Schema):
    declaration_id = fields.UUID(required=True)
    area = fields.String(required=True)


class StaffingDecidedSchema(StaffingSchema):
    """`outcome` is confirmed or declined."""

    outcome = fields.String(required=True)


class SufficientStaffSchema(StaffingSchema):
    """From the day on, the area's records are (or are not) all created as its staffing allows: D-02 and D-03."""

    sufficient = fields.Boolean(required=True)
    from_day = fields.Date(required=True)


TRAINING_PASSED = _information("identity.training.passed", TrainingPassedSchema)
TRAINING_CANCELLED = register(EventKind("identity.training.cancelled", 1, TrainingCancelledSchema))
E_LEARNING_OWED = register(EventKind("identity.e_learning.owed", 1, ELearningOwedSchema))
E_LEARNING_LATE = register(EventKind("identity.e_learning.late", 1, ELearningSchema))
E_LEARNING_COMPLETED = register(EventKind("identity.e_learning.completed", 1, ELearningSchema))
CERTIFICATE_BROUGHT = register(EventKind("identity.certificate.brought", 1, CertificateSchema))
CERTIFICATE_DECIDED = register(EventKind("identity.certificate.decided", 1, CertificateDecidedSchema))
STAFFING_PROPOSED = register(EventKind("identity.staffing.proposed", 1, StaffingSchema))
STAFFING_DECIDED = register(EventKind("identity.staffing.decided", 1, StaffingDecidedSchema))
SUFFICIENT_STAFF = _information("identity.staffing.sufficient", SufficientStaffSchema)


class LogOnAuditSchema(Schema):
    """`unit` is the area, group or unit that is audited."""

    audit_id = fields.UUID(required=True)
    unit = fields.String(required=True)


class LogOnAuditDueSchema(LogOnAuditSchema):
    due_from = fields.Date(required=True)
    period_from = fields.Date(required=True)
    period_to = fields.Date(required=True)
    jurisdiction = fields.String(required=True)


class SpoAbsentSchema(Schema):
    person_id = fields.UUID(required=True)
    absence_id = fields.UUID(required=True)
    since = fields.Date(required=True)


class SupervisionSchema(Schema):
    supervision_id = fields.UUID(required=True)
    practitioner = fields.UUID(required=True)
    day = fields.Date(required=True)


class PrisonReturnSchema(Schema):
    return_id = fields.UUID(required=True)
    unit = fields.String(required=True)
    month = fields.Date(required=True)


LOG_ON_AUDIT_DUE = register(EventKind("identity.log_on_audit.due", 1, LogOnAuditDueSchema))
LOG_ON_AUDIT_COMPLETED = register(EventKind("identity.log_on_audit.completed", 1, LogOnAuditSchema))
LOG_ON_AUDIT_SIGNED = register(EventKind("identity.log_on_audit.signed", 1, LogOnAuditSchema))
SPO_ABSENT = register(EventKind("identity.log_on.spo_absent", 1, SpoAbsentSchema))
SUPERVISION_TOMORROW = register(EventKind("identity.supervision.tomorrow", 1, SupervisionSchema))
PRISON_RETURN_CONFIRMED = register(EventKind("identity.prison_return.confirmed", 1, PrisonReturnSchema))


class AccessQuestionSchema(Schema):
    question_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)


ACCESS_ASKED = register(EventKind("identity.access.asked", 1, AccessQuestionSchema))
ACCESS_ANSWERED = register(EventKind("identity.access.answered", 1, AccessQuestionSchema))
