"""Escalation triage: from a pasted situation to a decision, an ask and a message to the customer.

The way of the data is the order of the rooms: intake, extraction, evidence, engine, drafting, guards, report.
`agent.triage` reads it aloud.
"""
