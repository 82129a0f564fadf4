import { Gauge, type Registry } from 'prom-client'
import { activePhases, isEnded, outcomes, type Run } from '../../core/run/run.ts'

/** The gauges about runs: those of a run that is gone go with it. */
export type RunGauges = Readonly<{
  /** A run was looked at with success. */
  seen: (run: Run, seconds: number) => void
  /** All runs, as they are. */
  show: (runs: readonly Run[]) => void
}>

/** Creates the gauges in these registers. */
export const createRunGauges = (registers: Registry[]): RunGauges => {
  const byPhase = new Gauge({
    ...{ name: 'sower_runs', registers, labelNames: ['phase'] },
    help: 'Runs by phase; those that ended count until their cluster is asked for again.',
  })
  const blocked = new Gauge({
    ...{ name: 'sower_run_blocked', registers, labelNames: ['run', 'code'] },
    help: '1 for each run that waits for a person, with the code of what it waits for.',
  })
  const since = new Gauge({
    ...{ name: 'sower_run_phase_timestamp_seconds', registers, labelNames: ['run', 'phase'] },
    help: 'When a run that is under way entered its phase.',
  })
  const lastLook = new Gauge({
    ...{ name: 'sower_run_look_timestamp_seconds', registers, labelNames: ['run'] },
    help: 'When a run was last looked at with success.',
  })
  const known = new Set<string>()
  return {
    seen: ({ name }, seconds) => {
      known.add(name)
      lastLook.set({ run: name }, seconds)
    },
    show: runs => {
      for (const gauge of [byPhase, blocked, since]) gauge.reset()
      for (const phase of [...activePhases, ...outcomes]) byPhase.set({ phase }, 0)
      for (const run of runs) {
        byPhase.inc({ phase: run.phase })
        if (run.blocked) blocked.set({ run: run.name, code: run.blocked.code }, 1)
        if (!isEnded(run.phase))
          since.set({ run: run.name, phase: run.phase }, Date.parse(run.since) / 1000)
      }
      const underWay = new Set(runs.filter(({ phase }) => !isEnded(phase)).map(({ name }) => name))
      for (const name of known)
        if (!underWay.has(name)) {
          known.delete(name)
          lastLook.remove({ run: name })
        }
    },
  }
}
