"""What happens to features between encoder and similarity: one transformation a file."""
