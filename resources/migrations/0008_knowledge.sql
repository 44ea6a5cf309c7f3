-- What people, agents and files said of the knowledge graph, and what was judged or forgotten in it. What incidents
-- taught is not here: it follows from past_incidents.
CREATE TABLE knowledge_facts (
  id BLOB PRIMARY KEY NOT NULL,
  doc BLOB NOT NULL,
  sum BLOB NOT NULL
) STRICT;
