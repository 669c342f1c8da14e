"""The queue: which worker works on which import, and when. The table of imports is the queue."""
