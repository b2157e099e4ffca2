"""One port to models that write, one to models that answer closed questions, and their adapters."""
