"""What is true of a (table, date), and what follows: gate, plan, messages."""
