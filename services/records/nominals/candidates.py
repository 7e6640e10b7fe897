"""Who might be the same person: found in SQL by near names and dates, or by address, and then weighed by `likeness`.

Everybody born on a day that one slip could have made of the given one is looked at (some four hundred of 200,000), if
they have a surname like one that was given, or like the forename, which may have been written in its place.
"""

from __future__ import annotations

# ruff: noqa: S608 - put together from constants of this file alone
from shared.driver import FixedText

_MOST = 60
_SHOWN = 5_000  # more bearers than this are no commoner

CANDIDATES = FixedText(f"""
WITH near AS MATERIALIZED (
  SELECT id, value, codes && daitch_mokotoff(%(surname)s) AS sounds,
         greatest(similarity(value, %(surname)s), similarity(value, %(forename)s)) AS alike
  FROM surname
  WHERE deletions && %(surname_deletions)s OR codes && daitch_mokotoff(%(surname)s) OR value %% %(surname)s
     OR deletions && %(forename_deletions)s OR value = ANY(%(others)s)
  ORDER BY alike DESC LIMIT 500
), born AS MATERIALIZED (
  SELECT w.nominal_id, max(near.alike + coalesce(similarity(g.value, %(forename)s), 0)) AS alike
  FROM (SELECT id FROM nominal WHERE date_of_birth = ANY(%(births)s) OFFSET 0) n
    JOIN nominal_name w ON w.nominal_id = n.id
    JOIN near ON near.id = w.surname_id LEFT JOIN forename g ON g.id = w.forename_id
  GROUP BY w.nominal_id ORDER BY alike DESC LIMIT {_MOST}
), placed AS MATERIALIZED (
  SELECT k.nominal_id, min(q.rank) AS rank
  FROM unnest(CAST(%(ranks)s AS float[]), CAST(%(firsts)s AS bigint[]), CAST(%(seconds)s AS bigint[]))
         AS q(rank, first, second)
    CROSS JOIN LATERAL (
      SELECT nominal_id FROM search_key WHERE keys @> ARRAY[q.first, q.second] LIMIT 100 OFFSET 0
    ) k
  GROUP BY k.nominal_id
), living AS (
  SELECT p.nominal_id FROM placed p
    CROSS JOIN LATERAL (SELECT surname_id FROM nominal_name WHERE nominal_id = p.nominal_id OFFSET 0) w
    JOIN near ON near.id = w.surname_id
  GROUP BY p.nominal_id LIMIT {_MOST}
)
SELECT n.id, n.date_of_birth, placed.rank AS address_rank,
  (SELECT count(*) FROM (
    SELECT 1 FROM nominal_name JOIN surname ON surname.id = surname_id
    WHERE surname.value = %(surname)s LIMIT {_SHOWN}
  ) bearing) AS bearers,
  (SELECT json_agg(json_build_array(w.forenames, w.surname, coalesce(near.sounds, false)))
     FROM nominal_name w LEFT JOIN near ON near.id = w.surname_id WHERE w.nominal_id = n.id) AS names,
  (SELECT json_agg(json_build_array(i.kind, i.value)) FROM nominal_identifier i WHERE i.nominal_id = n.id) AS numbers
FROM (SELECT nominal_id FROM born UNION SELECT nominal_id FROM living) c
  JOIN nominal n ON n.id = c.nominal_id LEFT JOIN placed ON placed.nominal_id = n.id
""")
