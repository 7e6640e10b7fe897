"""What a service states each night of what still waits, and tells anew of what somebody missed."""
