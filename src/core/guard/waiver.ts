import { textOf } from '../yaml/fields-of.ts'
import type { RenderedObject } from '../render/rendered-object.ts'

/** The waiver of a rule in the annotation of an object: it need not hold until a day, or the annotation is not valid. */
export type Waiver =
  | Readonly<{ holds: true; until: string; reason: string }>
  | Readonly<{ holds: false; reason: string }>

const prefix = 'waiver.sower.dev/'
const form = /^until (\d{4}-\d{2}-\d{2}): *(\S.*)$/

/**
 * Reads the annotation `waiver.sower.dev/<rule>: "until 2026-12-31: <reason>"`; it holds through that day in
 * UTC. `today` is such as 2026-11-29. Undefined where no object has one for the rule.
 */
export const waiverIn = (
  objects: readonly RenderedObject[],
  rule: string,
  today: string,
): Waiver | undefined => {
  const waivers = objects
    .map(object => object.annotations())
    .filter(annotations => annotations.has(`${prefix}${rule}`))
    .map(annotations => readWaiver(textOf(annotations, `${prefix}${rule}`), today))
  return waivers.find(({ holds }) => holds) ?? waivers[0]
}

const readWaiver = (text: string, today: string): Waiver => {
  const [, until = '', reason = ''] = form.exec(text) ?? []
  if (!isDay(until))
    return { holds: false, reason: 'its waiver is not `until <year-month-day>: <reason>`' }
  return until < today
    ? { holds: false, reason: `its waiver ended on ${until}` }
    : { holds: true, until, reason }
}

/** Also for the 31st of months that have none. */
const isDay = (text: string): boolean => {
  const time = Date.parse(`${text}T00:00:00.000Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}
