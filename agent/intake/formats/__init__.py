"""One file per format: from a file's own form to its messages, oldest first, with what the file itself says of each."""
