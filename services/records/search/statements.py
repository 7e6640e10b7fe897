"""The SQL of the search: candidates by name, by birth or by number, best first, then their minimal lines.

Written out, since its plan is what makes it fast: two small dictionaries are asked through GIN indexes, and only what
they find is joined to the names by B-tree.
"""

from __future__ import annotations

# ruff: noqa: S608 - put together from constants of this file alone
from sqlalchemy import text

# How many a search shows; whoever finds more than this should say more about the person.
MOST = 50

# The limits keep the planner from thinking of thousands, and of reading every name there is.
_NEAR_SURNAMES = """
  SELECT id, levenshtein(value, :surname) AS distance FROM surname
  WHERE deletions && :surname_deletions OR codes && daitch_mokotoff(:surname)
  ORDER BY distance LIMIT 200
"""
# A nickname is as good as the name itself, but for the order among equals.
_NEAR_FORENAMES = """
  SELECT id, CASE WHEN value = ANY(:nicknames) AND value <> :forename THEN 0.5
                  ELSE levenshtein(value, :forename) END AS distance FROM forename
  WHERE deletions && :forename_deletions OR codes && daitch_mokotoff(:forename) OR value = ANY(:nicknames)
     OR (length(:forename) = 1 AND value LIKE :forename || '%')
  ORDER BY distance LIMIT 200
"""
_ALIKE_SURNAMES = """
  SELECT id, 6 * (1 - similarity(value, :surname)) AS distance FROM surname
  WHERE value % :surname ORDER BY distance LIMIT 100
"""
_ALIKE_FORENAMES = """
  SELECT id, 6 * (1 - similarity(value, :forename)) AS distance FROM forename
  WHERE value % :forename OR value = ANY(:nicknames) ORDER BY distance LIMIT 100
"""
# OFFSET 0 holds the order of the joins: one look into the index for each surname, then one for each person found.
_WITH_BOTH = """
w AS MATERIALIZED (
  SELECT n.nominal_id, n.forename_id, s.distance FROM s CROSS JOIN LATERAL (
    SELECT nominal_id, forename_id FROM nominal_name
    WHERE surname_id = s.id AND forename_id = ANY(ARRAY(SELECT id FROM f)) OFFSET 0
  ) n
), found AS (
  SELECT w.nominal_id, min(w.distance + f.distance) AS distance FROM w JOIN f ON f.id = w.forename_id
  GROUP BY w.nominal_id ORDER BY distance LIMIT 1500
)
"""
_WITH_SURNAME = """
found AS (
  SELECT w.nominal_id, min(s.distance) AS distance
  FROM s CROSS JOIN LATERAL (SELECT nominal_id FROM nominal_name WHERE surname_id = s.id OFFSET 0) w
  GROUP BY w.nominal_id ORDER BY distance LIMIT 1500
)
"""
_BEST = f"""
SELECT n.id, found.distance
     + CASE WHEN CAST(:year AS float) IS NULL THEN 0
            ELSE least(abs(date_part('year', n.date_of_birth) - CAST(:year AS float)), 12) * 0.25 END AS rank
FROM found CROSS JOIN LATERAL (SELECT id, date_of_birth FROM nominal WHERE id = found.nominal_id OFFSET 0) n
ORDER BY rank, n.date_of_birth, n.id LIMIT {MOST}
"""

BY_WHOLE_NAME = text(f"""
WITH s AS MATERIALIZED ({_NEAR_SURNAMES}), f AS MATERIALIZED ({_NEAR_FORENAMES}), {_WITH_BOTH} {_BEST}
""")
BY_SURNAME = text(f"WITH s AS MATERIALIZED ({_NEAR_SURNAMES}), {_WITH_SURNAME} {_BEST}")
# The fallback for a short list: a similarity of 1 is the same word, so what is less alike stands further down.
BY_TRIGRAMS = text(f"""
WITH s AS MATERIALIZED ({_ALIKE_SURNAMES}), f AS MATERIALIZED ({_ALIKE_FORENAMES}), {_WITH_BOTH} {_BEST}
""")

# Born on that day, or with day and month the other way round; with a name, only who is called something like it.
BY_BIRTH = text(f"""
SELECT n.id, min(CASE WHEN :surname = '' THEN 0 ELSE 3 * (1 - similarity(s.value, :surname)) END
               + CASE WHEN :forename = '' OR g.value = ANY(:nicknames) THEN 0
                      ELSE 3 * (1 - similarity(g.value, :forename)) END)
          + CASE WHEN n.date_of_birth = :born THEN 0 ELSE 1 END AS rank
FROM nominal n JOIN nominal_name w ON w.nominal_id = n.id
  LEFT JOIN surname s ON s.id = w.surname_id LEFT JOIN forename g ON g.id = w.forename_id
WHERE n.date_of_birth = ANY(:births)
  AND (:surname = '' OR similarity(s.value, :surname) > 0.2
       OR s.codes && daitch_mokotoff(:surname) OR s.deletions && :surname_deletions)
GROUP BY n.id, n.date_of_birth ORDER BY rank, n.id LIMIT {MOST}
""")

BY_NUMBER = text("""
SELECT nominal_id AS id, 0 AS rank FROM nominal_identifier
WHERE (kind, value) IN (SELECT * FROM unnest(CAST(:kinds AS text[]), CAST(:numbers AS text[])))
UNION SELECT id, 0 FROM nominal WHERE visor_number = ANY(:numbers)
""")

LINES = text("""
SELECT n.id, n.visor_number, w.forenames, w.surname, CAST(extract(year FROM n.date_of_birth) AS integer) AS born,
       n.limited_access, n.owner_unit, u.name AS unit_name, c.id AS cpc_id, c.name AS cpc_name,
       c.telephone AS cpc_telephone
FROM nominal n
  JOIN nominal_name w ON w.nominal_id = n.id AND w.kind = 'main'
  LEFT JOIN directory_unit u ON u.code = n.owner_unit
  LEFT JOIN LATERAL (
    SELECT p.id, p.name, p.telephone FROM directory_grant g JOIN directory_person p ON p.id = g.person_id
    WHERE g.unit = n.owner_unit AND g.name = 'cpc' AND p.active ORDER BY p.name LIMIT 1
  ) c ON true
WHERE n.id = ANY(:ids)
""")
