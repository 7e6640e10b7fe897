"""The SQL of the search: candidates by each thing that is known, ranked together, a page of them with minimal lines.

Written out, since its plan is what makes it fast: two small dictionaries are asked through GIN indexes, and only what
they find is joined to the names by B-tree. What made somebody a candidate comes with them as a code (see `rules`).
"""

from __future__ import annotations

# ruff: noqa: S608 - put together from constants of this file alone
from functools import cache
from typing import Literal

from services.records.access.standings import DECLARED
from shared.driver import FixedText

NameBy = Literal["", "surname", "dated", "whole", "alike"]
PAGE = 50

# A code is 1000 x hundredths of the distance, then three digits: how the surname, how the forename is like it, whose
# name it is. The smallest code is the nearest name, and still says why.
_SAME, _SPELT, _SOUNDS, _LOOKS = 0, 1, 2, 3
_SHORT_FORM, _INITIAL = 4, 5

# The limits keep the planner from thinking of thousands, and from reading every name there is.
_SURNAME_CODE = f"""
  SELECT id, CAST(100000 * levenshtein(value, %(surname)s) AS bigint)
           + CASE WHEN value = %(surname)s THEN {_SAME} WHEN deletions && %(surname_deletions)s THEN {_SPELT}00
                  ELSE {_SOUNDS}00 END AS code
  FROM surname"""
# A nickname is as good as the name itself, but for the order among equals.
_FORENAME_CODE = f"""
  SELECT id, CASE
      WHEN value = %(forename)s THEN {_SAME}
      WHEN value = ANY(%(nicknames)s) THEN 50000 + {_SHORT_FORM}0
      WHEN length(%(forename)s) = 1 THEN 100000 + {_INITIAL}0
      ELSE CAST(100000 * levenshtein(value, %(forename)s) AS bigint)
         + CASE WHEN deletions && %(forename_deletions)s THEN {_SPELT}0 ELSE {_SOUNDS}0 END
    END AS code
  FROM forename"""
# Each spelling and each code is looked up by itself: asked for all at once, the planner may read the whole dictionary,
# and compares what it holds word by word.
_NEAR_SURNAMES = f"""
  SELECT id, min(code) AS code FROM (
    SELECT id, code FROM unnest(CAST(%(surname_deletions)s AS text[])) AS d(word) CROSS JOIN LATERAL (
      {_SURNAME_CODE} WHERE deletions @> ARRAY[d.word] OFFSET 0) word
    UNION ALL SELECT id, code FROM unnest(daitch_mokotoff(%(surname)s)) AS d(sound) CROSS JOIN LATERAL (
      {_SURNAME_CODE} WHERE codes @> ARRAY[d.sound] OFFSET 0) word
  ) found GROUP BY id ORDER BY code LIMIT 200
"""
_NEAR_FORENAMES = f"""
  SELECT id, min(code) AS code FROM (
    SELECT id, code FROM unnest(CAST(%(forename_deletions)s AS text[])) AS d(word) CROSS JOIN LATERAL (
      {_FORENAME_CODE} WHERE deletions @> ARRAY[d.word] OFFSET 0) word
    UNION ALL SELECT id, code FROM unnest(daitch_mokotoff(%(forename)s)) AS d(sound) CROSS JOIN LATERAL (
      {_FORENAME_CODE} WHERE codes @> ARRAY[d.sound] OFFSET 0) word
    UNION ALL {_FORENAME_CODE} WHERE value = ANY(%(nicknames)s)
    UNION ALL {_FORENAME_CODE} WHERE length(%(forename)s) = 1 AND value LIKE %(forename)s || '%%'
  ) found GROUP BY id ORDER BY code LIMIT 200
"""
# For a short list: a similarity of 1 is the same word, so what is less alike stands further down.
_ALIKE_SURNAMES = f"""
  SELECT id, min(code) AS code FROM (
    ({_NEAR_SURNAMES}) UNION ALL
    (SELECT id, 1000 * CAST(600 * (1 - similarity(value, %(surname)s)) AS bigint) + {_LOOKS}00 AS code
     FROM surname WHERE value %% %(surname)s ORDER BY code LIMIT 100)
  ) either GROUP BY id
"""
_ALIKE_FORENAMES = f"""
  SELECT id, min(code) AS code FROM (
    ({_NEAR_FORENAMES}) UNION ALL
    (SELECT id, 1000 * CAST(600 * (1 - similarity(value, %(forename)s)) AS bigint) + {_LOOKS}0 AS code
     FROM forename WHERE value %% %(forename)s ORDER BY code LIMIT 100)
  ) either GROUP BY id
"""
# OFFSET 0 holds the order of the joins: one look into the index for each surname, then one for each person found.
_WITH_BOTH = """
w AS MATERIALIZED (
  SELECT n.nominal_id, n.forename_id, s.code + n.whose AS code FROM s CROSS JOIN LATERAL (
    SELECT nominal_id, forename_id, CASE kind WHEN 'main' THEN 0 ELSE 1 END AS whose FROM nominal_name
    WHERE surname_id = s.id AND forename_id = ANY(ARRAY(SELECT id FROM f))
    UNION ALL
    SELECT nominal_id, forename_id, 2 FROM known_name
    WHERE surname_id = s.id AND forename_id = ANY(ARRAY(SELECT id FROM f)) OFFSET 0
  ) n
), named AS (
  SELECT w.nominal_id, min(w.code + f.code) AS code FROM w JOIN f ON f.id = w.forename_id
  GROUP BY w.nominal_id ORDER BY code LIMIT 1500
)"""
_WITH_SURNAME = """
named AS (
  SELECT w.nominal_id, min(s.code + w.whose) AS code FROM s CROSS JOIN LATERAL (
    SELECT nominal_id, CASE kind WHEN 'main' THEN 0 ELSE 1 END AS whose FROM nominal_name WHERE surname_id = s.id
    UNION ALL SELECT nominal_id, 2 FROM known_name WHERE surname_id = s.id OFFSET 0
  ) w
  GROUP BY w.nominal_id ORDER BY code LIMIT 1500
)"""
# Where a date is given with a surname alone: who was born on it, or on a day that one slip makes of it.
_DATED = """
named AS (
  SELECT n.id AS nominal_id, min(s.code + CASE w.kind WHEN 'main' THEN 0 ELSE 1 END) AS code
  FROM (SELECT id FROM nominal WHERE date_of_birth = ANY(%(near_births)s) OFFSET 0) n
    JOIN nominal_name w ON w.nominal_id = n.id JOIN s ON s.id = w.surname_id
  GROUP BY n.id
)"""
_NAMED: dict[NameBy, str] = {
    "": "",
    "surname": f"s AS MATERIALIZED ({_NEAR_SURNAMES}), {_WITH_SURNAME}",
    "dated": f"s AS MATERIALIZED ({_NEAR_SURNAMES}), {_DATED}",
    "whole": f"s AS MATERIALIZED ({_NEAR_SURNAMES}), f AS MATERIALIZED ({_NEAR_FORENAMES}), {_WITH_BOTH}",
    "alike": f"s AS MATERIALIZED ({_ALIKE_SURNAMES}), f AS MATERIALIZED ({_ALIKE_FORENAMES}), {_WITH_BOTH}",
}
# Born on that day, or with day and month the other way round; with a name, only who is called something like it.
_BORN_AND_NAMED = f"""
born AS (
  SELECT n.id AS nominal_id, min(
    1000 * CAST(300 * (1 - similarity(s.value, %(surname)s)
                     + CASE WHEN %(forename)s = '' OR g.value = ANY(%(nicknames)s) THEN 0
                            ELSE 1 - coalesce(similarity(g.value, %(forename)s), 0) END) AS bigint)
    + CASE WHEN s.value = %(surname)s THEN {_SAME} WHEN s.deletions && %(surname_deletions)s THEN {_SPELT}00
           WHEN s.codes && daitch_mokotoff(%(surname)s) THEN {_SOUNDS}00 ELSE {_LOOKS}00 END
    + CASE WHEN %(forename)s = '' OR g.value = %(forename)s THEN {_SAME}
           WHEN g.value = ANY(%(nicknames)s) THEN {_SHORT_FORM}0
           WHEN g.deletions && %(forename_deletions)s THEN {_SPELT}0 ELSE {_LOOKS}0 END
    + CASE w.kind WHEN 'main' THEN 0 ELSE 1 END) AS code
  FROM nominal n JOIN nominal_name w ON w.nominal_id = n.id
    JOIN surname s ON s.id = w.surname_id LEFT JOIN forename g ON g.id = w.forename_id
  WHERE n.date_of_birth = ANY(%(births)s)
    AND (similarity(s.value, %(surname)s) > 0.2 OR s.codes && daitch_mokotoff(%(surname)s)
         OR s.deletions && %(surname_deletions)s)
  GROUP BY n.id
)"""
_BORN = """
born AS (SELECT id AS nominal_id, CAST(NULL AS bigint) AS code FROM nominal WHERE date_of_birth = ANY(%(births)s))"""
# The number of a record that was merged leads to the one that stays, which may be merged in its turn.
_NUMBERED = """
numbered AS (
  SELECT nominal_id FROM nominal_identifier
  WHERE (kind, value) IN (SELECT * FROM unnest(CAST(%(kinds)s AS text[]), CAST(%(numbers)s AS text[])))
  UNION SELECT id FROM (
    WITH RECURSIVE led AS (
      SELECT id, merged_into_id FROM nominal WHERE visor_number = ANY(%(numbers)s)
      UNION ALL SELECT n.id, n.merged_into_id FROM led JOIN nominal n ON n.id = led.merged_into_id
    ) SELECT id FROM led WHERE merged_into_id IS NULL
  ) stays
)"""
# One row for each nominal, with the best way in which each item (a telephone, an address) is the same.
_KNOWN = """
known AS (
  SELECT nominal_id, sum(rank) + 4 * (%(items)s - count(*)) AS distance, array_agg(way) AS ways FROM (
    SELECT DISTINCT ON (k.nominal_id, q.item) k.nominal_id, q.item, q.rank, q.way
    FROM unnest(CAST(%(item_of)s AS int[]), CAST(%(ways)s AS int[]), CAST(%(ranks)s AS float[]),
                CAST(%(firsts)s AS bigint[]), CAST(%(seconds)s AS bigint[])) AS q(item, way, rank, first, second)
      CROSS JOIN LATERAL (
        SELECT nominal_id FROM search_key WHERE keys @> ARRAY[q.first, q.second] LIMIT 300 OFFSET 0
      ) k
    ORDER BY k.nominal_id, q.item, q.rank
  ) best GROUP BY nominal_id
)"""
# What is wrong with a name that is not near, a number, a date: as much as several letters.
_NO_NAME, _NO_NUMBER = 6, 6
_BY_BIRTH = """
  CASE WHEN CAST(%(born)s AS date) IS NOT NULL THEN
      CASE WHEN n.date_of_birth = %(born)s THEN 0 WHEN n.date_of_birth = ANY(%(births)s) THEN 1
           WHEN levenshtein(to_char(n.date_of_birth, 'YYYYMMDD'), to_char(CAST(%(born)s AS date), 'YYYYMMDD')) = 1
           THEN 1 ELSE 2 END
    ELSE 0 END
  + CASE WHEN CAST(%(year)s AS float) IS NULL THEN 0
         ELSE least(abs(date_part('year', n.date_of_birth) - CAST(%(year)s AS float)), 12) * 0.25 END
  + CASE WHEN CAST(%(month)s AS float) IS NULL OR date_part('month', n.date_of_birth) = CAST(%(month)s AS float)
         THEN 0 ELSE 0.5 END"""
_NEAREST = f"ORDER BY rank FETCH FIRST (CAST(%(offset)s AS int) + {PAGE + 1}) ROWS WITH TIES"
_LINE = f"""
  n.id, n.visor_number, n.status, w.forenames, w.surname, n.date_of_birth, n.limited_access, n.owner_unit,
  {DECLARED} AS conflicted, u.name AS unit_name, c.id AS cpc_id, c.name AS cpc_name, c.telephone AS cpc_telephone"""
_OF_THE_LINE = """
  JOIN nominal_name w ON w.nominal_id = n.id AND w.kind = 'main'
  LEFT JOIN directory_unit u ON u.code = n.owner_unit
  LEFT JOIN LATERAL (
    SELECT p.id, p.name, p.telephone FROM directory_grant g JOIN directory_person p ON p.id = g.person_id
    WHERE g.unit = n.owner_unit AND g.name = 'cpc' AND p.active ORDER BY p.name LIMIT 1
  ) c ON true"""


@cache
def statement(name: NameBy, *, birth: bool, aged: bool, number: bool, known: bool) -> FixedText:
    """A page of those who fit, best first, by what is asked for; at least one of `name` and the three is.

    `aged`: something of the birth is asked for, so that each candidate's own is looked up to rank them. Otherwise only
    those are who can stand on the page, or as near as its last.
    """
    tables = [_NAMED[name]] if name else []
    sources, ranks = ["named"] if name else [], []
    if birth:
        tables.append(_BORN_AND_NAMED if name else _BORN)
        sources.append("born")
    for asked, table, source in ((number, _NUMBERED, "numbered"), (known, _KNOWN, "known")):
        if asked:
            tables.append(table)
            sources.append(source)
    joins = [f"LEFT JOIN {source} ON {source}.nominal_id = c.nominal_id" for source in sources]
    codes = [f"{source}.code" for source in sources if source in {"named", "born"}]
    code = f"least({', '.join(codes)})" if codes else "NULL"
    if name:
        ranks.append(f"coalesce({code} / 1000 / 100.0, {_NO_NAME})")
    if number:
        ranks.append(f"CASE WHEN numbered.nominal_id IS NULL THEN {_NO_NUMBER} ELSE 0 END")
    if known:
        ranks.append("coalesce(known.distance, 4 * %(items)s)")
    return FixedText(f"""
WITH {", ".join(tables)}, candidate AS ({" UNION ".join(f"SELECT nominal_id FROM {one}" for one in sources)}),
fitting AS (
  SELECT c.nominal_id, {" + ".join(ranks or ["0"])} AS rank, {code} AS code,
    {"numbered.nominal_id IS NOT NULL" if number else "false"} AS numbered,
    {"known.ways" if known else "CAST(NULL AS int[])"} AS ways
  FROM candidate c {" ".join(joins)} {"" if aged else _NEAREST}
), ranked AS (
  SELECT n.id, n.date_of_birth, c.rank + {_BY_BIRTH if aged else 0} AS rank, c.code, c.numbered, c.ways
  FROM fitting c CROSS JOIN LATERAL (SELECT id, date_of_birth FROM nominal WHERE id = c.nominal_id OFFSET 0) n
  ORDER BY rank, n.date_of_birth, n.id LIMIT {PAGE + 1} OFFSET %(offset)s
)
SELECT {_LINE}, ranked.code, ranked.numbered, ranked.ways
FROM ranked JOIN nominal n ON n.id = ranked.id {_OF_THE_LINE}
ORDER BY ranked.rank, n.date_of_birth, n.id
""")


LINES = FixedText(f"SELECT {_LINE} FROM nominal n {_OF_THE_LINE} WHERE n.id = ANY(%(ids)s)")
