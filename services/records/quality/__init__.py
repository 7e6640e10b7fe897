"""Whether records are right: audits by sample, the lead’s checks and the CPC’s of them, and the SPO’s (section 19)."""
