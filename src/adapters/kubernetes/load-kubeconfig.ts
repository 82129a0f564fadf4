import { readFileSync } from 'node:fs'
import { KubeConfig } from '@kubernetes/client-node'
import { parse } from 'yaml'
import { z } from 'zod'
import { InputError, RefusedError } from '../../errors.ts'

/**
 * Reads a kubeconfig (YAML), with another context than its current one where one is named. Throws RefusedError ACCESS_MISSING, and InputError
 * ARGUMENT_INVALID for a context that is not there.
 */
export const loadKubeconfig = (kubeconfig: string, context?: string): KubeConfig => {
  const config = new KubeConfig()
  try {
    config.loadFromString(kubeconfig)
  } catch {
    // The parser's own message may quote the file, and with it a key.
    throw refuse('it is not one')
  }
  if (context !== undefined) {
    if (config.getContextObject(context) === null)
      throw new InputError(
        'ARGUMENT_INVALID',
        `reading --context: the kubeconfig has no context ${context}`,
        {
          fix: `name one of its contexts: ${config.contexts.map(({ name }) => name).join(', ')}`,
        },
      )
    config.setCurrentContext(context)
  }
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

const refuse = (
  reason: string,
  fix = 'give one with which `oc --kubeconfig FILE get nodes` works, such as the admin kubeconfig that the installer wrote',
): RefusedError => new RefusedError('ACCESS_MISSING', `reading a kubeconfig: ${reason}`, { fix })

/**
 * A saved access must be whole in itself: nothing of a disk, no program, no token that recert re-keys.
 * Throws RefusedError ACCESS_MISSING.
 */
export const requireClientCertificate = (config: KubeConfig): void => {
  const refuseToSave = (reason: string): RefusedError =>
    refuse(
      reason,
      'use the admin kubeconfig that the installer wrote: its certificate outlives the re-keying of a seed generation',
    )
  const user = config.getCurrentUser()
  const cluster = config.getCurrentCluster()
  if (user?.exec || user?.authProvider || user?.token || user?.username || user?.password)
    throw refuseToSave(
      'it carries a token, a password or a login program, not a client certificate',
    )
  if (user?.certFile || user?.keyFile || cluster?.caFile)
    throw refuseToSave('it names files, which a saved copy would not hold')
  if (!user?.certData || !user.keyData)
    throw refuseToSave('it has no client certificate with its key')
  if (cluster?.skipTLSVerify || cluster?.server.startsWith('https://') !== true)
    throw refuseToSave('it does not verify the API server')
}
