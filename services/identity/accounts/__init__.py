"""The life of an account: asked for, made, used, disabled, archived; nothing is hard-deleted."""
