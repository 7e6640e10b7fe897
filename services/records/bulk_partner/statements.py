"""What a job does to one chunk of nominals, in one statement."""

from __future__ import annotations

from sqlalchemy import Uuid, bindparam, text

# `held` takes the rows' locks in the order of their ids, so that two jobs wait for each other and never for ever. The
# record as it is under the lock decides, not as it was when the job was started. `fresh` are ids for the partnerships:
# made by Python, since uuidv7() may ask the operating system for each. Lists of ids come and go as text.
PARTNER = text(
    """
    WITH chunk AS (
        SELECT id, partnership_id
        FROM unnest(
            CAST(string_to_array(:ids, ',') AS uuid[]), CAST(string_to_array(:fresh, ',') AS uuid[])
        ) AS given (id, partnership_id)
    ), held AS MATERIALIZED (
        SELECT nominal.id, nominal.status, nominal.limited_access, chunk.partnership_id
        FROM nominal JOIN chunk USING (id)
        ORDER BY nominal.id
        FOR NO KEY UPDATE OF nominal
    ), added AS (
        INSERT INTO partnership
            (id, nominal_id, origin_nominal_id, person_id, agency, unit, started_at, requested_by, granted_by)
        SELECT partnership_id, id, id, :person, :agency, :unit, :at, :starter, :starter
        FROM held
        WHERE status = 'live' AND NOT limited_access
        ON CONFLICT (person_id, nominal_id) WHERE ended_at IS NULL DO NOTHING
        RETURNING id, nominal_id
    ), raised AS (
        UPDATE nominal SET standing_version = standing_version + 1
        FROM added
        WHERE nominal.id = added.nominal_id
        RETURNING nominal.id, nominal.standing_version, added.id AS partnership_id
    ), ended AS (
        SELECT chunk.id, raised.standing_version, raised.partnership_id,
            CASE WHEN raised.id IS NOT NULL THEN 'added'
                WHEN held.limited_access THEN 'limited'
                WHEN held.status = 'live' THEN 'already'
                ELSE 'failed' END AS result,
            CASE WHEN held.id IS NULL THEN 'gone'
                WHEN held.status <> 'live' AND NOT held.limited_access THEN held.status END AS why
        FROM chunk LEFT JOIN held USING (id) LEFT JOIN raised USING (id)
    ), kept AS (
        INSERT INTO bulk_partner_result (job_id, nominal_id, result, why)
        SELECT :job, id, result, why FROM ended
    )
    SELECT CAST(id AS text) AS nominal_id, result, standing_version, CAST(partnership_id AS text) AS partnership_id
    FROM ended
    """
).bindparams(
    *(bindparam(name, type_=Uuid()) for name in ("person", "starter", "job")),
)
