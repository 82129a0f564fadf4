/** Durations of the steps. A single-node lab cluster with OpenShift 4.18 took 6 min 47 s in all; these add up to it. */
export const seconds = {
  stabilize: 5,
  pull: 20,
  prepare: 10,
  clean: 50,
  launch: 30,
  image: 210,
  recover: 72,
  finalize: 10,
}
