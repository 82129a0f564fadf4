import type { RequestListener } from 'node:http'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Inbox } from '../../operations/ports/inbox.ts'
import type { Leadership } from '../../operations/ports/leadership.ts'
import type { Ports } from '../../operations/ports/ports.ts'
import { countCalls } from './count-calls.ts'
import { createRunGauges } from './create-run-gauges.ts'
import type { Watch } from './watch.ts'

/** The metrics of a bot: what tells them, and what shows them. No secret and no text of others is in a label. */
export type Metrics = Watch &
  Readonly<{
    /** The same ports, whose calls and effects are counted. */
    measure: (ports: Ports) => Ports
    /** The same listener, whose answers to deliveries are counted. */
    countDeliveries: (listener: RequestListener) => RequestListener
    /** The text that Prometheus reads. */
    text: () => Promise<string>
    contentType: string
  }>

type Options = Readonly<{ inbox: Inbox; leadership: Leadership; now: () => Date }>

/** Creates metrics that have counted nothing yet. Names follow Prometheus' conventions: base units, `_total` for counters. */
export const createMetrics = ({ inbox, leadership, now }: Options): Metrics => {
  const registry = new Registry()
  const registers = [registry]
  const seconds = (): number => now().getTime() / 1000
  const deliveries = new Counter({
    ...{ name: 'sower_deliveries_total', registers, labelNames: ['result'] },
    help: 'Requests to the webhook: accepted, refused (signature, type, size), or standby, while another bot acts.',
  })
  const calls = new Counter({
    ...{ name: 'sower_calls_total', registers, labelNames: ['system', 'result'] },
    help: 'Calls of outside systems by how they ended: ok, absent, why there was no answer, or an error code.',
  })
  const effects = new Histogram({
    ...{ name: 'sower_effect_seconds', registers, labelNames: ['effect', 'result'] },
    help: 'How long effects took, from the recorded intent to the recorded result.',
    buckets: [0.1, 0.5, 1, 5, 15, 60, 300],
  })
  const runGauges = createRunGauges(registers)
  const lastLook = new Gauge({
    ...{ name: 'sower_last_look_timestamp_seconds', registers },
    help: 'When the runs were last passed over.',
  })
  const renewed = new Gauge({
    ...{ name: 'sower_lease_renewed_timestamp_seconds', registers },
    help: 'When this bot last took or kept the Lease.',
  })
  const sampled = (name: string, help: string, sample: () => number): void => {
    const gauge: Gauge = new Gauge({
      ...{ name, help, registers },
      collect: () => {
        gauge.set(sample())
      },
    })
  }
  sampled('sower_acting', '1 for the bot that acts, 0 for one that stands by.', () =>
    leadership.holds() ? 1 : 0,
  )
  sampled('sower_queue_orders', 'Orders that were accepted and not dealt with yet.', () => {
    return inbox.waiting().length
  })
  sampled('sower_queue_oldest_seconds', 'How long the oldest of these orders has waited.', () =>
    Math.max(
      0,
      ...inbox
        .waiting()
        .map(({ seen }) => (seen === undefined ? 0 : seconds() - Date.parse(seen) / 1000)),
    ),
  )

  /** The beginnings of effects under way; the pass that each belongs to says how it ended. */
  const begun = new Map<string, number>()
  const took = new Map<string, number>()
  const timed = (runs: Ports['runs']): Ports['runs'] => ({
    ...runs,
    replace: async run => {
      const start = begun.get(run.name)
      const next = await runs.replace(run)
      if (run.intent) begun.set(run.name, seconds())
      else if (start !== undefined) {
        begun.delete(run.name)
        took.set(run.name, seconds() - start)
      }
      return next
    },
  })
  return {
    measure: ports => {
      const counted = <Port extends object>(system: string, port: Port): Port =>
        countCalls(port, result => {
          calls.inc({ system, result })
        })
      return {
        ...ports,
        repository: counted('git', ports.repository),
        forge: counted('github', ports.forge),
        pulls: counted('github', ports.pulls),
        hub: counted('hub', ports.hub),
        connect: kubeconfig => counted('seed', ports.connect(kubeconfig)),
        argocd: ports.argocd && counted('argocd', ports.argocd),
        registry: counted('registry', ports.registry),
        runs: timed(counted('runs', ports.runs)),
        leadership: {
          ...ports.leadership,
          renew: async () => {
            await ports.leadership.renew()
            if (ports.leadership.holds()) renewed.set(seconds())
          },
        },
      }
    },
    countDeliveries: listener => (request, response) => {
      if (request.url?.split('?')[0] === '/webhook')
        response.once('finish', () => {
          deliveries.inc({ result: resultOf(response.statusCode) })
        })
      listener(request, response)
    },
    passed: (_before, { run, effect, error }) => {
      if (error === null) runGauges.seen(run, seconds())
      const result = error === null ? 'done' : error.exitCode === 75 ? 'unavailable' : 'failed'
      if (effect) effects.observe({ effect: effect.do, result }, took.get(run.name) ?? 0)
      took.delete(run.name)
    },
    looked: runs => {
      lastLook.set(seconds())
      runGauges.show(runs)
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}

const resultOf = (status: number): string =>
  status < 300 ? 'accepted' : status === 503 ? 'standby' : status < 500 ? 'refused' : 'failed'
