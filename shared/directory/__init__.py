"""People, cards, grants and units, as a service that is not identity knows them: a picture pulled from identity."""
