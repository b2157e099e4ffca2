"""One port to models that write, two to models that only read, and their adapters."""
