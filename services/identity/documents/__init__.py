"""What people must read and sign: SyOPs and the others (PF-6.3, PF-4.16/D)."""
