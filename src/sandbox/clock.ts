/** The sandbox's time: starts at the real now and runs `speed` times as fast. */
export type Clock = Readonly<{
  now: () => Date
  /** Resolves after `seconds` of sandbox time, or at once when the sandbox stops. */
  sleep: (seconds: number) => Promise<void>
  stopped: () => boolean
  stop: () => void
}>

/** Creates a clock; `speed` 60 makes a sandbox minute last a real second. */
export const createClock = (speed: number): Clock => {
  const start = Date.now()
  const sleepers = new Set<() => void>()
  let isStopped = false
  return {
    now: () => new Date(start + (Date.now() - start) * speed),
    sleep: seconds =>
      new Promise(resolve => {
        if (isStopped) {
          resolve()
          return
        }
        const wake = (): void => {
          clearTimeout(timer)
          sleepers.delete(wake)
          resolve()
        }
        const timer = setTimeout(wake, (seconds * 1000) / speed)
        sleepers.add(wake)
      }),
    stopped: () => isStopped,
    stop: () => {
      isStopped = true
      for (const wake of sleepers) wake()
    },
  }
}
