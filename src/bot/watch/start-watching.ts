import type { Inbox } from '../../operations/ports/inbox.ts'
import type { Leadership } from '../../operations/ports/leadership.ts'
import type { WriteRunEvent } from '../../operations/ports/run-event.ts'
import { errorFields, type Log } from '../log.ts'
import { addressOf, type Address } from '../option-values.ts'
import type { Metrics } from './create-metrics.ts'
import type { StatusBoard } from './create-status-board.ts'
import { recordEvents } from './record-events.ts'
import { watchBy, type Watch } from './watch.ts'

type Watching = Readonly<{
  watch: Watch
  /** Null without an address to show them. */
  metrics: Readonly<{ at: Address; of: Metrics }> | null
  /** Null without an address to show it. */
  status: Readonly<{ at: Address; of: StatusBoard; hosts: readonly string[] }> | null
}>

type Options = Readonly<{
  /** `host:port` for metrics. */
  address: string | undefined
  /** `host:port` for the status page. */
  status: string | undefined
  /** Names under which a browser may ask for it, beside those that always count. */
  statusHosts: readonly string[]
  /** Where the repository is cloned from; a browser finds it there without `.git`. */
  gitUrl: string
  inbox: Inbox
  leadership: Leadership
  now: () => Date
  /** Null where there is no SeedRun that events could be about. */
  writeEvent: WriteRunEvent | null
  clean: (text: string) => string
  log: Log
}>

/** Starts the watch on a bot: metrics and the status page, loaded only where they are asked for, and events on the hub. */
export const startWatching = async (options: Options): Promise<Watching> => {
  const { address, writeEvent, clean, log } = options
  const failed = (run: string, error: unknown): void => {
    log.warn(errorFields(error, { run }), 'could not write an event')
  }
  const events = writeEvent && recordEvents({ write: writeEvent, clean, failed })
  const metrics = address === undefined ? null : await metricsAt(address, options)
  const status = options.status === undefined ? null : await statusAt(options.status, options)
  const watches = [metrics?.of ?? [], status?.of ?? [], events ?? []].flat()
  return { watch: watchBy(watches), metrics, status }
}

const metricsAt = async (address: string, options: Options): Promise<Watching['metrics']> => {
  const { createMetrics } = await import('./create-metrics.ts')
  return { at: addressOf(address), of: createMetrics(options) }
}

const statusAt = async (address: string, options: Options): Promise<Watching['status']> => {
  const webUrl = options.gitUrl.replace(/\.git$/, '')
  const { createStatusBoard } = await import('./create-status-board.ts')
  const hosts = options.statusHosts
  return { at: addressOf(address), of: createStatusBoard({ ...options, webUrl }), hosts }
}
