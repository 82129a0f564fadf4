import type { Clock } from '../../../src/sandbox/clock.ts'

/** A clock that moves by what is slept, for one sleeper: nobody waits for it. */
export const virtualClock = (): Clock => {
  let at = Date.UTC(2026, 10, 22, 10)
  let isStopped = false
  return {
    now: () => new Date(at),
    sleep: async seconds => {
      await new Promise(resolve => setImmediate(resolve))
      at += seconds * 1000
    },
    stopped: () => isStopped,
    stop: () => {
      isStopped = true
    },
  }
}
