import type { Meaning } from './read-answer.ts'

/** Why GitHub gave no answer. */
export type NoAnswer = Extract<Meaning<unknown>, { is: 'nothing' }>

/** The request of a call: `GET /user`, with the values for its places. */
type Asked = Readonly<{ route: string; parameters: Readonly<Record<string, unknown>> }>

/**
 * From when until when (epoch milliseconds) something is not asked again, and why; another token lifts it, and so does a
 * clock that was put back before it.
 */
export type Hold = Readonly<{
  from: number
  until: number
  token: string
  by: NoAnswer
  count: number
}>

/** Remembers what is not to be asked before its time: nothing at all, or one thing. */
export type Holds = Readonly<{
  /** The hold on a call now, if there is one. */
  on: (call: Asked) => Hold | undefined
  /** The hold on every call now. */
  onAll: () => Hold | undefined
  /** Holds back what had no answer; undefined where that may be asked again at any time. */
  add: (call: Asked, by: NoAnswer, token: string) => Hold | undefined
  /** The call was answered: the next wait begins short again. */
  lift: (call: Asked) => void
}>

const everything = ''
const longest = 15 * 60 * 1000
const mostKept = 1000

/** Creates the memory of a client that has asked nothing yet. */
export const createHolds = ({
  now,
  token,
}: Readonly<{ now: () => Date; token: () => string }>): Holds => {
  const kept = new Map<string, Hold>()
  const on = (...what: readonly string[]): Hold | undefined =>
    what
      .flatMap(each => kept.get(each) ?? [])
      .find(({ from, until, token: sent }) => {
        const at = now().getTime()
        // eslint-disable-next-line no-restricted-syntax -- both are our own: nobody outside can measure it
        return from <= at && at < until && sent === token()
      })
  return {
    on: call => on(everything, askedIn(call)),
    onAll: () => on(everything),
    add: (call, by, sent) => {
      if (by.wait === null) return undefined
      const what = by.wait === 'longer-alone' ? askedIn(call) : everything
      const count = kept.get(what)?.count ?? 0
      const first = by.why === 'timeout' || what !== everything ? 10_000 : 60_000
      const wait = typeof by.wait === 'number' ? by.wait : Math.min(longest, first * 2 ** count)
      const from = now().getTime()
      const hold = { from, until: from + wait, token: sent, by, count: count + 1 }
      kept.delete(what)
      kept.set(what, hold)
      const [oldest] = kept.keys()
      if (oldest !== undefined && kept.size > mostKept) kept.delete(oldest)
      return hold
    },
    lift: call => {
      kept.delete(everything)
      kept.delete(askedIn(call))
    },
  }
}

/** The address that a call asks for, whatever else it says: `GET /repos/acme/ztp/pulls/7`. */
const askedIn = ({ route, parameters }: Asked): string =>
  route.replace(/\{(\w+)\}/g, (_, name: string) => String(parameters[name]))
