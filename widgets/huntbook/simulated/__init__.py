"""Sample data that huntbook makes up. Nothing in here was recorded: every host, account and event is simulated."""
