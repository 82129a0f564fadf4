import type { KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Test } from 'tap'
import { sealedSecretsController } from '../../../src/adapters/sealed-secrets/sealed-secrets-controller.ts'
import { open } from '../../../src/core/secret/sealed/open.ts'
import { scopeOf } from '../../../src/core/secret/sealed/scope.ts'
import type { SealingController } from '../../../src/operations/ports/sealing-controller.ts'
import { createAuthority, kubeconfigOf } from '../../../src/sandbox/kubernetes/authority.ts'

/** One request that came. */
export type Served = Readonly<{ method: string; path: string; body: string }>

/** Such a server: what it was asked, and how to ask it. */
export type SealingProxy = Readonly<{
  served: readonly Served[]
  kubeconfig: string
  /** A Service of that name, as the API server gives it. */
  service: (name: string, namespace: string) => object
  controller: SealingController
}>

/** An API server with the Sealed Secrets controller behind its service proxy; `answer` may answer otherwise. */
export const startProxy = async (
  t: Pick<Test, 'teardown'>,
  key: Readonly<{ privateKey: KeyObject; certificate: string }>,
  answer: (served: Served) => readonly [status: number, body: string] | null = () => null,
): Promise<SealingProxy> => {
  const served: Served[] = []
  const authority = await createAuthority({ name: 'hub' })
  const service = (name: string, namespace: string) => ({
    metadata: { name, namespace },
    spec: { ports: [{ name: 'http', port: 8080 }, { name: 'other' }] },
  })
  const usual = ({ method, path, body }: Served): readonly [number, string] => {
    if (path.startsWith('/api/v1/services?'))
      return [
        200,
        JSON.stringify({
          items: [service('sealed-secrets-metrics', 'x'), service('sealed-secrets', 'tools')],
        }),
      ]
    const proxied =
      /^\/api\/v1\/namespaces\/(?:tools\/services\/http:sealed-secrets|kube-system\/services\/http:sealed-secrets-controller):http\/proxy(\/.*)$/.exec(
        path,
      )?.[1]
    if (method === 'GET' && proxied === '/v1/cert.pem') return [200, key.certificate]
    if (method !== 'POST' || proxied !== '/v1/verify') return [404, '404 page not found']
    const { metadata, spec } = JSON.parse(body) as {
      metadata: { name: string; namespace: string; annotations: Record<string, string> }
      spec: { encryptedData: { seedAuth: string } }
    }
    try {
      const target = { ...metadata, scope: scopeOf(metadata.annotations) }
      open(spec.encryptedData.seedAuth, target, [key.privateKey])
      return [200, '']
    } catch {
      return [409, '']
    }
  }
  const issued = await authority.issueServer({ hosts: ['127.0.0.1'] })
  const server = createServer(
    { cert: issued.certificate, key: issued.key, ca: authority.certificate, requestCert: true },
    (request, response) => {
      void text(request).then(body => {
        const one = { method: request.method ?? '', path: request.url ?? '', body }
        served.push(one)
        const [status, said] = answer(one) ?? usual(one)
        if (status === 0) response.destroy()
        else response.writeHead(status).end(said)
      })
    },
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const kubeconfig = kubeconfigOf({
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    authority,
    client: await authority.issueClient({ commonName: 'admin' }),
    name: 'hub',
  })
  return { served, kubeconfig, service, controller: sealedSecretsController(kubeconfig) }
}
