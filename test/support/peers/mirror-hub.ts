import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { request, type RequestOptions } from 'node:https'
import { createInterface } from 'node:readline'
import { KubeConfig } from '@kubernetes/client-node'
import type { Test } from 'tap'
import { isBuiltIn } from '../../../src/sandbox/kubernetes/admit.ts'
import type {
  ObjectStore,
  StoredObject,
  WatchEvent,
} from '../../../src/sandbox/kubernetes/object-store.ts'
import { hubResources, type Resource } from '../../../src/sandbox/kubernetes/resource.ts'
import { apiVersionOf } from '../../../src/sandbox/kubernetes/served-resources.ts'
import { inNamespace, type PeerScene } from './peer-scene.ts'

const refresh = 'argocd.argoproj.io/refresh'
const merge = { method: 'PATCH', type: 'application/merge-patch+json' } as const
const apply = { method: 'PATCH', type: 'application/apply-patch+yaml' } as const

/** What the world makes; who may do what, and what Sower writes, is in the API itself. */
const mirrored = hubResources.filter(
  resource => !isBuiltIn(resource) || ['Namespace', 'Secret'].includes(resource.kind),
)

/** A definition that takes anything, for a kind whose own is not at hand. */
const definitionOf = ({ group, version, kind, plural, namespaced, status }: Resource): object => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural}.${group}` },
  spec: {
    group,
    scope: namespaced ? 'Namespaced' : 'Cluster',
    names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
    versions: [
      {
        ...{ name: version, served: true, storage: true },
        schema: {
          openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        },
        ...(status ? { subresources: { status: {} } } : {}),
      },
    ],
  },
})

/**
 * Keeps an API like the hub of the sandbox: its controllers work on their own store, and what they make, change and
 * delete is done in the API too. Back goes the one thing that Sower asks of them there: that Argo CD looks again.
 */
export const mirrorHub = async (
  t: Pick<Test, 'teardown'>,
  hub: ObjectStore,
  scene: PeerScene,
): Promise<Readonly<{ settled: () => Promise<void>; refused: readonly string[] }>> => {
  const { admin } = scene
  for (const resource of mirrored)
    if (!isBuiltIn(resource)) {
      const { plural, group } = resource
      const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${plural}.${group}`
      if ((await admin(path)).code === 404) await scene.define(definitionOf(resource))
    }
  const refused: string[] = []
  const ask: typeof admin = async (path, question) => {
    const answer = await admin(path, question)
    if (answer.code >= 400 && answer.code !== 404) refused.push(`${path}: ${answer.text}`)
    return answer
  }
  const put = async (path: string, object: StoredObject, resource: Resource): Promise<void> => {
    const { apiVersion, kind, metadata, status, ...rest } = object
    const { name, namespace, labels = {}, finalizers, ownerReferences } = metadata
    const annotations = Object.entries(metadata.annotations ?? {}).filter(
      ([key]) => key !== refresh,
    )
    const body = {
      ...{ apiVersion, kind },
      metadata: {
        ...{ name, ...(namespace === undefined ? {} : { namespace }), labels },
        annotations: Object.fromEntries(annotations),
        ...(finalizers ? { finalizers } : {}),
        ...(ownerReferences ? { ownerReferences } : {}),
      },
      ...(kind === 'Namespace' ? {} : rest),
    }
    const query = '?fieldManager=world&force=true'
    const whole = resource.status || status === undefined ? body : { ...body, status }
    await ask(`${path}${query}`, { ...apply, body: whole })
    if (resource.status && status !== undefined && kind !== 'Namespace')
      await ask(`${path}/status${query}`, {
        ...apply,
        body: { apiVersion, kind, metadata: { name, namespace }, status },
      })
  }
  const drop = async (path: string, { kind, metadata }: StoredObject): Promise<void> => {
    if (kind !== 'Namespace')
      await ask(path, { ...merge, body: { metadata: { finalizers: null } } })
    await ask(path, { method: 'DELETE' })
    // A namespace is let go by a controller, which is not there.
    const spec = { finalizers: [] }
    const body = { apiVersion: 'v1', kind, metadata: { name: metadata.name }, spec }
    if (kind === 'Namespace') await ask(`${path}/finalize`, { method: 'PUT', body })
  }
  const show = async ({ type, object, previous }: WatchEvent): Promise<void> => {
    const { apiVersion, kind, metadata } = object
    const resource = mirrored.find(each => each.kind === kind && apiVersionOf(each) === apiVersion)
    if (!resource) return
    const { namespace, name } = metadata
    const collection =
      namespace === undefined
        ? `${apiVersion.includes('/') ? '/apis/' : '/api/'}${apiVersion}/${resource.plural}`
        : inNamespace(apiVersion, namespace, resource.plural)
    const path = `${collection}/${name}`
    if (type === 'DELETED') {
      await drop(path, object)
      return
    }
    await put(path, object, resource)
    const wasAsked = previous?.metadata.annotations?.[refresh] !== undefined
    if (wasAsked && metadata.annotations?.[refresh] === undefined)
      await ask(path, { ...merge, body: { metadata: { annotations: { [refresh]: null } } } })
    if (metadata.deletionTimestamp !== undefined) await ask(path, { method: 'DELETE' })
  }

  // One after the other, as they happened.
  let last: Promise<void> = Promise.resolve()
  const follow = (event: WatchEvent): void => {
    last = last.then(() => show(event)).catch((error: unknown) => void refused.push(String(error)))
  }
  for (const resource of mirrored)
    for (const object of hub.list({ apiVersion: apiVersionOf(resource), kind: resource.kind }))
      follow({ type: 'ADDED', object })
  t.teardown(hub.watch(follow))

  const key = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' }
  t.teardown(
    await watchForever(scene, `/apis/${key.apiVersion}/applications`, ({ metadata }) => {
      const asked = metadata.annotations?.[refresh]
      if (asked === undefined) return
      const { name, namespace = '' } = metadata
      hub.change({ ...key, name, namespace }, application => {
        application.metadata.annotations = { ...application.metadata.annotations, [refresh]: asked }
      })
    }),
  )
  const settled = async (): Promise<void> => {
    let seen: Promise<void>
    do {
      seen = last
      await seen
    } while (seen !== last)
  }
  return { settled, refused }
}

/** Hears of each object that is made or changed, until the returned function is called. */
const watchForever = async (
  { peer }: PeerScene,
  path: string,
  heard: (object: StoredObject) => void,
): Promise<() => void> => {
  const config = new KubeConfig()
  config.loadFromString(await peer.kubeconfig('admin'))
  const options: RequestOptions = {}
  await config.applyToHTTPSOptions(options)
  const sent = request(
    `${config.getCurrentCluster()?.server}${path}?watch=true&timeoutSeconds=3600`,
    {
      ...options,
      agent: false,
    },
  )
  sent.on('error', () => undefined)
  sent.end()
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  response.on('error', () => undefined)
  const lines = createInterface({ input: response })
  // It passes the error of its input on.
  lines.on('error', () => undefined)
  lines.on('line', line => {
    const { type, object } = JSON.parse(line) as { type: string; object: StoredObject }
    if (type !== 'DELETED') heard(object)
  })
  return () => sent.destroy()
}
