"""The review pages: what the tool said, on what words it stands, and what a manager makes of it.

A local server for one person at a time (`serving`), behind one door (`door`). No rule lives here: a moved score goes
through the engine, a verdict through `verdicts`. Importing this room needs the extra `web`.
"""
