"""The Counsel tab of a case: who can defend, what they answered, what was agreed."""
