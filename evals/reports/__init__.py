"""How a report looks: terminal, Markdown, JUnit, JSON and one HTML page. Every word of a case is untrusted here."""
