import { printable } from '../printable.ts'
import type { Waiting, WaitingState } from './waiting.ts'

const marks: Readonly<Record<WaitingState, string>> = {
  gone: '✓',
  going: '…',
  there: '·',
  stuck: '✗',
  unknown: '?',
}

const colours: Readonly<Record<WaitingState, number>> = {
  gone: 32,
  going: 33,
  there: 90,
  stuck: 31,
  unknown: 35,
}

/** A time that has passed, as people say it: `12s`, `4m`, `2h 5m`. */
export const ageOf = (since: string, now: string): string => {
  const seconds = Math.max(0, Math.floor((Date.parse(now) - Date.parse(since)) / 1000))
  if (!Number.isFinite(seconds)) return ''
  const [minutes, hours] = [Math.floor(seconds / 60), Math.floor(seconds / 3600)]
  if (minutes < 1) return `${seconds}s`
  return hours < 1 ? `${minutes}m` : `${hours}h ${minutes % 60}m`
}

/** A tree without what is gone; the root stays. */
export const leftOf = (tree: Waiting): Waiting => ({
  ...tree,
  parts: tree.parts.filter(({ state }) => state !== 'gone').map(leftOf),
})

/** A tree as lines of a terminal. With `now` ages run; without it the time of each stands there. `columns`: cut there. */
export const renderTree = (
  tree: Waiting,
  {
    now,
    isColoured,
    columns = Infinity,
  }: Readonly<{ now: string | null; isColoured: boolean; columns?: number }>,
): readonly string[] => {
  const paint = (state: WaitingState, text: string): string =>
    isColoured ? `\u001B[${colours[state]}m${text}\u001B[0m` : text
  const cut = (text: string): string =>
    text.length > columns ? `${text.slice(0, Math.max(1, columns - 1))}…` : text
  const lines = ({ what, state, since, why, next, parts }: Waiting, depth: number): string[] => {
    const indent = '  '.repeat(depth)
    const age = since === null ? '' : now === null ? ` (since ${since})` : ` (${ageOf(since, now)})`
    const text = printable(`${what}${why === null ? '' : `: ${why}`}${age}`)
    return [
      cut(`${indent}${marks[state]} ${text}`).replace(marks[state], paint(state, marks[state])),
      // What is to be typed is shown whole: half a command is none.
      ...(next === null ? [] : [`${indent}    → ${printable(next)}`]),
      ...parts.flatMap(part => lines(part, depth + 1)),
    ]
  }
  return lines(tree, 0)
}
