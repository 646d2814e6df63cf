"""What `crawlers.simulator` answers from: fields, conditions, words, and a corpus of documents."""
