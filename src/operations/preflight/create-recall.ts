import { isEnded, type Run, type Sha } from '../../core/run/run.ts'
import type { Ports } from '../ports/ports.ts'
import { keepAnswers, type KeptPorts } from './keep-answers.ts'

/** The answers of hub, seed and registry, remembered while the pull requests of runs are open. */
export type Recall = Readonly<{
  /**
   * The ports for the checks of a run. Everything is asked again when the request or the head moves, and after an order or
   * an act of the run; what Argo CD says also when the base moves; everything else once in a while.
   */
  portsFor: (ports: Ports, run: Run, at: Readonly<{ head: Sha; base: Sha }>) => Ports
  /** Those of the last look; the plain ones where there was none. */
  last: (ports: Ports, run: Run) => Ports
  /** Asks for everything again at the next look. */
  forget: (name: string) => void
}>

type Known = Readonly<{ key: string; kept: KeptPorts }> & { base: Sha }

/** Creates a recall that knows nothing; `seconds` is how long an answer counts. */
export const createRecall = ({
  seconds,
  now,
}: Readonly<{ seconds: number; now: () => Date }>): Recall => {
  const known = new Map<string, Known>()
  return {
    portsFor: (ports, run, { head, base }) => {
      const { request, phase, orders, facts } = run
      const key = JSON.stringify([head, request, phase, orders, facts])
      const before = known.get(run.name)
      if (before?.key === key) {
        if (before.base !== base) before.kept.forgetApplications()
        before.base = base
        return before.kept.ports
      }
      const kept = keepAnswers(ports, { milliseconds: seconds * 1000, now })
      known.set(run.name, { key, kept, base })
      return kept.ports
    },
    last: (ports, { name, phase }) => {
      const isBefore = phase === 'Requested' || phase === 'Proposed'
      if (!isBefore || isEnded(phase)) known.delete(name)
      return known.get(name)?.kept.ports ?? ports
    },
    forget: name => {
      known.delete(name)
    },
  }
}
