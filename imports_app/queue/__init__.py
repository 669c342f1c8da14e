"""Who works on which import, and when: the table of imports is the queue."""
