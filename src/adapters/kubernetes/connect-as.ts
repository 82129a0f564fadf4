import { Agent } from 'node:https'
import { createSecureContext } from 'node:tls'
import { isDeepStrictEqual } from 'node:util'
import type { KubeConfig, SecurityAuthentication } from '@kubernetes/client-node'
import { isRead } from './is-read.ts'

/** Connections that stay open between reads; more may be open while a preflight asks for many things at once. */
const idleConnections = 4

/**
 * Authenticates each call as the current user of a kubeconfig, and chooses its connection. The client's own
 * authentication makes a TLS context and a connection for every call, which cost more than the call. Here reads share
 * connections, and a write still has one of its own: a write on a connection that the server has just closed has no
 * known result. No TLS session is resumed, since neither side looks at the other's certificate then. Connections
 * through a proxy are the client's own.
 */
export const connectAs = (config: KubeConfig): SecurityAuthentication => {
  let kept: Readonly<{ of: unknown; reads: Agent; options: Agent['options'] }> | undefined
  return {
    getName: () => config.getName(),
    applySecurityAuthentication: async context => {
      await config.applySecurityAuthentication(context)
      const agent = context.getAgent()
      // A proxy's agent is of another kind.
      if (agent?.constructor !== Agent) return
      const of = tlsOf(agent)
      if (kept === undefined || !isDeepStrictEqual(kept.of, of)) {
        kept?.reads.destroy()
        const secureContext = createSecureContext(agent.options)
        const options = { ...agent.options, secureContext, maxCachedSessions: 0 }
        const reads = new Agent({ ...options, keepAlive: true, maxFreeSockets: idleConnections })
        kept = { of, reads, options }
      }
      context.setAgent(isRead(context) ? kept.reads : new Agent(kept.options))
    },
  }
}

/** The part of a connection that decides whom it trusts and who it is; a login program may change that from call to call. */
const tlsOf = ({ options }: Agent): unknown => {
  const { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername } = options
  return { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername }
}
