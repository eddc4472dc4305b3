"""A class on one neuron: rooms in a database, everyone's traces, polls, and a race for a mystery's values."""
