"""Select the arms of each chapter from its tables, for its claims and for its page."""
