import { printable } from '../../core/printable.ts'
import type { Progress } from '../../surroundings.ts'

/** Milliseconds for which nothing is shown. */
const quiet = 2000

type Screen = Readonly<{
  /** Writes to the terminal. */
  write: (text: string) => void
  columns: number
  /** Calls once so many milliseconds are over; gives back what calls it off. */
  after: (milliseconds: number, call: () => void) => () => void
}>

/** Progress on a terminal: one line with the newest work under way, once two seconds are over, which is erased when it ends. */
export const createProgress = ({ write, columns, after }: Screen): Progress => {
  const underWay: Readonly<{ what: string }>[] = []
  let [isDue, isDrawn, isOver] = [false, false, false]
  let callOff: (() => void) | null = null
  const clear = (): void => {
    if (isDrawn) write('\r\u001B[K')
    isDrawn = false
  }
  const draw = (): void => {
    clear()
    const newest = underWay.at(-1)
    if (isOver || !isDue || newest === undefined) return
    write(`… ${printable(newest.what)}`.slice(0, Math.max(0, columns - 1)))
    isDrawn = true
  }
  return {
    during: async (what, work) => {
      const entry = { what }
      underWay.push(entry)
      if (!isOver)
        callOff ??= after(quiet, () => {
          isDue = true
          draw()
        })
      draw()
      try {
        return await work()
      } finally {
        underWay.splice(underWay.indexOf(entry), 1)
        draw()
      }
    },
    beside: say => {
      clear()
      say()
      draw()
    },
    end: () => {
      callOff?.()
      isOver = true
      clear()
    },
  }
}
