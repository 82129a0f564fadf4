import type { Inbox } from '../../operations/ports/inbox.ts'
import type { Leadership } from '../../operations/ports/leadership.ts'
import type { WriteRunEvent } from '../../operations/ports/run-event.ts'
import { errorFields, type Log } from '../log.ts'
import { addressOf, type Address } from '../option-values.ts'
import type { Metrics } from './create-metrics.ts'
import { recordEvents } from './record-events.ts'
import { watchBy, type Watch } from './watch.ts'

type Watching = Readonly<{
  watch: Watch
  /** Null without an address to show them. */
  metrics: Readonly<{ at: Address; of: Metrics }> | null
}>

type Options = Readonly<{
  /** `host:port` for metrics. */
  address: string | undefined
  inbox: Inbox
  leadership: Leadership
  now: () => Date
  /** Null where there is no SeedRun that events could be about. */
  writeEvent: WriteRunEvent | null
  clean: (text: string) => string
  log: Log
}>

/** What watches a bot: metrics, whose library is loaded only where they are asked for, and events on the hub. */
export const startWatching = async (options: Options): Promise<Watching> => {
  const { address, writeEvent, clean, log } = options
  const failed = (run: string, error: unknown): void => {
    log.warn(errorFields(error, { run }), 'could not write an event')
  }
  const events = writeEvent && recordEvents({ write: writeEvent, clean, failed })
  if (address === undefined) return { watch: watchBy([events ?? []].flat()), metrics: null }
  const { createMetrics } = await import('./create-metrics.ts')
  const of = createMetrics(options)
  return { watch: watchBy([of, events ?? []].flat()), metrics: { at: addressOf(address), of } }
}
