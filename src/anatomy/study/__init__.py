"""A chapter's study: what is asked for, its runs in stages, and the evidence they give."""
