"""How the arms of each chapter are picked from tables: for its claims, and for what its page sets side by side."""
