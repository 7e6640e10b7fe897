"""Where a user's white-pages card is; to be known also where there is no web."""

CARD_URL = "/identity/people/{person_id}"
