"""The HMPPS Offender Manager of a record: made partner at the owner's click, or noted where they are no user."""
