"""Nothing lost: backups and what is put back from them, and the same as files to take elsewhere."""
