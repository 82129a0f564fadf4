/** Wakes a loop that sleeps, or that is about to. */
export type Alarm = Readonly<{
  /** Sleeps for at most so many milliseconds; what rang since the last sleep ends it at once. */
  sleep: (milliseconds: number) => Promise<void>
  ring: () => void
}>

/** Creates an alarm that has not rung. */
export const createAlarm = (): Alarm => {
  let hasRung = false
  let wake = (): void => undefined
  return {
    sleep: async milliseconds => {
      if (!hasRung)
        await new Promise<void>(resolve => {
          const timer = setTimeout(resolve, milliseconds)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      hasRung = false
      wake = () => undefined
    },
    ring: () => {
      hasRung = true
      wake()
    },
  }
}
