"""Every line that ends in `# wrong` holds a mistake, and a type checker finds it; it finds nothing else."""

import spark
from spark.nn.somas import AdaptiveExponentialSoma, LeakySoma, LeakySomaConfig
from spark.stimuli import Sine, Step

a = LeakySoma(thresold=-50)  # wrong
b = LeakySomaConfig(thresold=-50)  # wrong
c = Step(amplitud=3)  # wrong
d = LeakySoma(adaptation_tau=100.0)  # wrong
e = LeakySoma(threshold="-50")  # wrong
f = LeakySoma(solver="RK4")  # wrong
config, soma, stimulus = LeakySomaConfig(), AdaptiveExponentialSoma(), Sine()
config.thresold = -50.0  # wrong
config.threshold = "low"  # wrong
soma.config.adaptation_tua = 3.0  # wrong
soma.thresold = 3.0  # wrong
stimulus.frequenzy = 8.0  # wrong
g = stimulus.amplitud  # wrong
spark.simulate(soma, stimulus, duratoin=300.0)  # wrong
run = spark.simulate(soma, stimulus)
h = run.potental  # wrong
i = run.spike_time  # wrong
j = spark.simulate("LeakySoma", stimulus)  # wrong
k = spark.analysis.rheobase("LeakySoma")  # wrong
m = spark.analysis.fixed_points(soma, "strong")  # wrong
n = spark.analysis.rheobse(soma)  # wrong
o = spark.simulat(soma, 500.0)  # wrong
q = "2" * stimulus  # wrong
