"""Each night identity states what still waits of the facts that start deadlines, so that lost ones are told anew."""
