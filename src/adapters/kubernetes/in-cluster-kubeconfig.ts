import { existsSync } from 'node:fs'
import { isIPv6 } from 'node:net'
import { join } from 'node:path'
import { stringify } from 'yaml'

/** Where Kubernetes mounts what a pod's service account is given. */
const mount = '/var/run/secrets/kubernetes.io/serviceaccount'

/**
 * The kubeconfig (YAML) of a pod's service account, whose token is read again for each call; undefined outside of a
 * pod. Source: https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/.
 */
export const inClusterKubeconfig = (
  environment: Readonly<Record<string, string | undefined>>,
  directory: string = mount,
): string | undefined => {
  const { KUBERNETES_SERVICE_HOST: host = '', KUBERNETES_SERVICE_PORT: port = '443' } = environment
  const tokenFile = join(directory, 'token')
  if (host === '' || !existsSync(tokenFile)) return undefined
  const server = `https://${isIPv6(host) ? `[${host}]` : host}:${port}`
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'pod',
    clusters: [
      { name: 'pod', cluster: { server, 'certificate-authority': join(directory, 'ca.crt') } },
    ],
    users: [{ name: 'pod', user: { tokenFile } }],
    contexts: [{ name: 'pod', context: { cluster: 'pod', user: 'pod' } }],
  })
}
