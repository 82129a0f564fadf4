import { createServer, type RequestListener } from 'node:http'
import { healthListener, type Health } from '../health-listener.ts'
import type { Address } from '../option-values.ts'
import { listen } from '../webhook/listen.ts'
import type { Metrics } from './create-metrics.ts'
import type { StatusBoard } from './create-status-board.ts'
import { metricsListener } from './metrics-listener.ts'
import { statusListener } from './status-listener.ts'

/** The servers beside the webhook, each on a port of its own; null or undefined: none. */
export type Beside = Readonly<{
  /** Where to answer the kubelet. */
  health?: Address | null
  /** Where and how to answer Prometheus. */
  metrics?: Readonly<{ at: Address; of: Metrics }> | null
  /** Where and how to answer a browser. */
  status?: Readonly<{ at: Address; of: StatusBoard; hosts: readonly string[] }> | null
}>

/** Listens for all of these; what it returns ends that. Throws InputError PORT_IN_USE. */
export const serveBeside = async (
  { health, metrics, status }: Beside,
  alive: Health,
): Promise<() => void> => {
  const places: readonly (readonly [Address, RequestListener])[] = [
    ...(health ? [[health, healthListener(alive)] as const] : []),
    ...(metrics ? [[metrics.at, metricsListener(metrics.of)] as const] : []),
    ...(status
      ? [
          [
            status.at,
            statusListener({ ...status.of, hosts: [status.at.host, ...status.hosts] }),
          ] as const,
        ]
      : []),
  ]
  const servers = places.map(([at, listener]) => ({ at, server: createServer(listener) }))
  for (const { at, server } of servers) await listen(server, at)
  return () => {
    for (const { server } of servers) {
      server.close()
      server.closeAllConnections()
    }
  }
}
