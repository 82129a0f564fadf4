import { createDetachCommits, type DetachCommits } from './create-detach-commits.ts'
import { createLeakFinder, type LeakFinder } from './create-leak-finder.ts'
import { createGate, type Gate } from './intake/create-gate.ts'
import { createProver, type Prove } from './create-prover.ts'
import { createSeedObjectFinder, type SeedObjectFinder } from './seed/create-seed-object-finder.ts'
import { createNamer, type Namer } from './names/create-namer.ts'
import { keepRenders } from './names/keep-renders.ts'
import type { Ports } from './ports/ports.ts'
import { createRecall, type Recall } from './preflight/create-recall.ts'

/** The process's own settings; what belongs to the repository is in its configuration. */
export type Settings = Readonly<{
  /** owner/name; empty where nobody says it, and then any is taken for it. */
  repository: string
  /** The branch that Argo CD tracks; requests against another one are refused. Empty where nobody says it. */
  branch: string
  /** The hub namespace for the saved access. */
  namespace: string
  /** How many seconds an answer of hub, seed and registry counts before the merge; default 600. */
  recheckInterval?: number
  /** How many days a run is kept after its end; 0, and by default, for ever. */
  keepRuns?: number
}>

/** Everything that the operations of a run work with. */
export type Context = Readonly<{
  ports: Ports
  settings: Settings
  prove: Prove
  namer: Namer
  detachCommits: DetachCommits
  findLeaks: LeakFinder
  gate: Gate
  findSeedObjects: SeedObjectFinder
  recall: Recall
  now: () => Date
}>

const tenMinutes = 600

/** Creates the context of a process, whose parts each keep what they have made. */
export const createContext = ({
  ports,
  settings,
  now,
}: Pick<Context, 'ports' | 'settings' | 'now'>): Context => {
  const { repository } = ports
  const kustomize = keepRenders(ports.kustomize)
  const [prove, namer] = [createProver(kustomize), createNamer(kustomize)]
  const proving = { prove: createProver(kustomize, { isPlain: true }) }
  const detachCommits = createDetachCommits({ repository, ...proving, namer, now })
  const findLeaks = createLeakFinder(repository)
  const findSeedObjects = createSeedObjectFinder(repository, now)
  return {
    ...{ ports, settings, prove, namer, detachCommits, findLeaks, findSeedObjects, now },
    gate: createGate(ports.forge, now),
    recall: createRecall({ seconds: settings.recheckInterval ?? tenMinutes, now }),
  }
}
