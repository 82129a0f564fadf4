import { readFileSync } from 'node:fs'
import { Agent } from 'node:https'
import { createSecureContext, type SecureContext } from 'node:tls'
import { isDeepStrictEqual } from 'node:util'
import { KubeConfig, type SecurityAuthentication } from '@kubernetes/client-node'
import { parse } from 'yaml'
import { z } from 'zod'
import { RefusedError } from '../../errors.ts'

/** Reads a kubeconfig (YAML), with another context than its current one where one is named. Throws RefusedError ACCESS_MISSING. */
export const loadKubeconfig = (kubeconfig: string, context?: string): KubeConfig => {
  const config = new KubeConfig()
  try {
    config.loadFromString(kubeconfig)
  } catch {
    // The parser's own message may quote the file, and with it a key.
    throw refuse('it is not one')
  }
  if (context !== undefined) config.setCurrentContext(context)
  if (!config.getCurrentCluster() || !config.getCurrentUser())
    throw refuse('it names no current cluster and user')
  honourTokenFile(config, kubeconfig)
  return config
}

const users = z.object({
  users: z.array(
    z.object({ name: z.string(), user: z.object({ tokenFile: z.string().min(1) }).optional() }),
  ),
})

/**
 * The client drops `tokenFile`, which wins over `token` (client-go, tools/clientcmd/client_config.go). It is read for
 * each call: a projected token is replaced before it expires.
 */
const honourTokenFile = (config: KubeConfig, kubeconfig: string): void => {
  const user = config.getCurrentUser()
  const named = users.safeParse(parse(kubeconfig)).data?.users
  const file = named?.find(({ name }) => name === user?.name)?.user?.tokenFile
  if (file === undefined) return
  const token = (): string => readFileSync(file, 'utf8').trim()
  try {
    token()
  } catch {
    throw refuse('its tokenFile cannot be read')
  }
  const authProvider = { name: 'file' }
  config.users = config.users.map(each =>
    each.name === user?.name ? { name: each.name, authProvider } : each,
  )
  config.addAuthenticator({
    isAuthProvider: ({ authProvider: of }) => of === authProvider,
    applyAuthentication: async (_user: unknown, options: { headers?: Record<string, unknown> }) => {
      options.headers = { ...options.headers, Authorization: `Bearer ${token()}` }
    },
  })
}

const refuse = (reason: string): RefusedError =>
  new RefusedError('ACCESS_MISSING', `reading a kubeconfig: ${reason}`, {
    fix: 'use the admin kubeconfig that the installer wrote: its certificate outlives the re-keying of a seed generation',
  })

/**
 * A saved access must be whole in itself: nothing of a disk, no program, no token that recert re-keys.
 * Throws RefusedError ACCESS_MISSING.
 */
export const requireClientCertificate = (config: KubeConfig): void => {
  const user = config.getCurrentUser()
  const cluster = config.getCurrentCluster()
  if (user?.exec || user?.authProvider || user?.token || user?.username || user?.password)
    throw refuse('it carries a token, a password or a login program, not a client certificate')
  if (user?.certFile || user?.keyFile || cluster?.caFile)
    throw refuse('it names files, which a saved copy would not hold')
  if (!user?.certData || !user.keyData) throw refuse('it has no client certificate with its key')
  if (cluster?.skipTLSVerify || cluster?.server.startsWith('https://') !== true)
    throw refuse('it does not verify the API server')
}

/**
 * The client's own authentication, which makes a TLS context for every call: that costs more than the call. Only
 * the context is kept. The connections stay one a call, since a write on a connection that the server has just
 * closed has no known result; and so do the agents, since one that is kept resumes TLS sessions, in which neither
 * side looks at the other's certificate again.
 */
export const withOneTlsContext = (config: KubeConfig): SecurityAuthentication => {
  let kept: Readonly<{ of: unknown; secureContext: SecureContext }> | undefined
  return {
    getName: () => config.getName(),
    applySecurityAuthentication: async context => {
      await config.applySecurityAuthentication(context)
      const agent = context.getAgent()
      if (agent !== undefined) keepTo(agent, config.getCurrentCluster()?.server ?? '')
      // A proxy's agent is of another kind.
      if (agent?.constructor !== Agent) return
      const of = tlsOf(agent)
      if (kept === undefined || !isDeepStrictEqual(kept.of, of))
        kept = { of, secureContext: createSecureContext(agent.options) }
      agent.options.secureContext = kept.secureContext
    },
  }
}

/**
 * Lets an agent reach one server only, directly or through a proxy. The client follows redirects by itself: another
 * host would see the token, and its 404 would count as the cluster's.
 */
const keepTo = (agent: object, server: string): void => {
  const { hostname, port, protocol } = new URL(server)
  const here = `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`.replace(/[[\]]/g, '')
  const add: unknown = Reflect.get(agent, 'addRequest')
  if (typeof add !== 'function') throw new Error('this agent cannot be kept to one server')
  const addRequest = (
    request: unknown,
    place: Readonly<{ host?: string; port?: number | string }>,
    ...rest: readonly unknown[]
  ): void => {
    if (`${place.host}:${place.port}`.replace(/[[\]]/g, '') !== here)
      throw new Error('the API server redirects to another place, which is not followed')
    Reflect.apply(add, agent, [request, place, ...rest])
  }
  Object.assign(agent, { addRequest })
}

/** What decides whom a connection trusts and who it is; a login program may change that from call to call. */
const tlsOf = ({ options }: Agent): unknown => {
  const { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername } = options
  return { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername }
}
