"""The mystery neuron: hidden values drawn by seed, sealed links, what the neuron answers, and how a solution scores."""
