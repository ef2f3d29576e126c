"""What `doctor` looks at: one small function per question, each of which says what it found, or raises."""
