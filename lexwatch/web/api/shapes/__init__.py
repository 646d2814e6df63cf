"""The shapes of what the API answers: what is declared here is all that an answer has."""
