import { request, type RequestOptions } from 'node:https'
import { KubeConfig } from '@kubernetes/client-node'
import { z } from 'zod'
import { present, unknown, type Seen } from '../../core/seen.ts'
import { names } from '../../core/names.ts'
import { scopeAnnotations } from '../../core/secret/sealed/sealed-secret-manifest.ts'
import { InputError } from '../../errors.ts'
import type { SealingController } from '../../operations/ports/sealing-controller.ts'

const service = z.looseObject({
  metadata: z.looseObject({ name: z.string(), namespace: z.string() }),
  spec: z.looseObject({
    ports: z.array(z.looseObject({ name: z.string().default('') })).default([]),
  }),
})
const services = z.looseObject({ items: z.array(service) })
type Service = z.infer<typeof service>

type Answer = Readonly<{ status: number; body: string }>

const timeLimit = 15_000
const sizeLimit = 1024 * 1024
const label = encodeURIComponent('app.kubernetes.io/name=sealed-secrets')

/** Where its own manifests put it, and where kubeseal looks. */
const wellKnown = '/api/v1/namespaces/kube-system/services/sealed-secrets-controller'

/**
 * The Sealed Secrets controller of a cluster, through the API server's service proxy as kubeseal reaches it
 * (kubeseal.go:97-104, 141-151). Throws InputError ACCESS_MISSING when the kubeconfig is none.
 */
export const sealedSecretsController = (
  kubeconfig: string,
  context?: string,
): SealingController => {
  const config = new KubeConfig()
  try {
    config.loadFromString(kubeconfig)
  } catch {
    // The parser's own message may quote the file.
    throw new InputError('ACCESS_MISSING', 'reading a kubeconfig: it is not one', {
      fix: 'name the kubeconfig of the hub',
    })
  }
  if (context !== undefined) config.setCurrentContext(context)
  const server = config.getCurrentCluster()?.server ?? ''
  const call = async (method: string, path: string, body = ''): Promise<Answer | null> => {
    const options: RequestOptions = { method, headers: { 'content-type': 'application/json' } }
    try {
      await config.applyToHTTPSOptions(options)
      const url = new URL(`${server.replace(/\/$/, '')}${path}`)
      return await ask(url, { ...options, signal: AbortSignal.timeout(timeLimit) }, body)
    } catch {
      return null
    }
  }
  let proxy: Promise<string | null> | undefined
  const found = (): Promise<string | null> => (proxy ??= findProxy(call))
  const through = async (method: string, path: string, body?: string): Promise<Answer | null> => {
    const prefix = await found()
    return prefix === null ? null : call(method, `${prefix}${path}`, body)
  }
  return {
    certificate: async () => {
      const answer = await through('GET', '/v1/cert.pem')
      return answer?.status === 200 ? present(answer.body) : unanswered(answer)
    },
    opens: async (sealed, { scope, namespace, name }) => {
      // Without a template: through one, older versions can be made to tell what is inside.
      const annotations = scopeAnnotations(scope)
      const answer = await through(
        'POST',
        '/v1/verify',
        JSON.stringify({
          apiVersion: 'bitnami.com/v1alpha1',
          kind: 'SealedSecret',
          metadata: { name, namespace, annotations },
          spec: { encryptedData: { [names.authKey]: sealed } },
        }),
      )
      if (answer?.status === 200) return present(true)
      return answer?.status === 409 ? present(false) : unanswered(answer)
    },
  }
}

const unanswered = (answer: Answer | null): Seen<never> =>
  unknown(answer?.status === 401 || answer?.status === 403 ? 'forbidden' : 'unreachable')

type Call = (method: string, path: string) => Promise<Answer | null>

const findProxy = async (call: Call): Promise<string | null> => {
  const listed = read(services, await call('GET', `/api/v1/services?labelSelector=${label}`))
  // The Helm chart has a second service for metrics, with the same labels.
  const labelled = listed?.items.find(({ metadata }) => !metadata.name.endsWith('-metrics'))
  const one = labelled ?? read(service, await call('GET', wellKnown))
  return one ? proxyPath(one) : null
}

const proxyPath = ({ metadata: { name, namespace }, spec }: Service): string =>
  `/api/v1/namespaces/${encodeURIComponent(namespace)}/services/http:${encodeURIComponent(name)}:${encodeURIComponent(spec.ports[0]?.name ?? '')}/proxy`

const read = <T>(schema: z.ZodType<T>, answer: Answer | null): T | undefined => {
  if (answer?.status !== 200) return undefined
  try {
    return schema.safeParse(JSON.parse(answer.body)).data
  } catch {
    return undefined
  }
}

const ask = (url: URL, options: RequestOptions, body: string): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const outgoing = request(url, options, incoming => {
      const parts: Buffer[] = []
      let size = 0
      incoming.on('data', (part: Buffer) => {
        size += part.length
        if (size > sizeLimit) outgoing.destroy(new Error('the answer is too large'))
        else parts.push(part)
      })
      incoming.on('end', () => {
        resolve({
          status: incoming.statusCode ?? 0,
          body: Buffer.concat(parts).toString('utf8'),
        })
      })
      incoming.on('error', reject)
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
