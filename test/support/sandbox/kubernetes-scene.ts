import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { text } from 'node:stream/consumers'
import {
  KubeConfig,
  KubernetesObjectApi,
  PatchStrategy,
  type KubernetesObject,
  type V1ObjectMeta,
} from '@kubernetes/client-node'
import t from 'tap'
import { createClock } from '../../../src/sandbox/clock.ts'
import { createAuthority } from '../../../src/sandbox/kubernetes/authority.ts'
import { createObjectStore } from '../../../src/sandbox/kubernetes/object-store.ts'
import { hubResources, seedResources } from '../../../src/sandbox/kubernetes/resource.ts'
import { startApiServer } from '../../../src/sandbox/kubernetes/start-api-server.ts'

/** Parsed JSON. */
export type Body = Record<string, unknown>
/** An object as the client takes it. */
export type Written = KubernetesObject & {
  metadata: V1ObjectMeta & { name: string; namespace: string }
}
/** Lets the client take any object. */
export const written = (value: unknown): Written => value as Written
/** Reads a field of an answer. */
export const at = (value: unknown, ...path: string[]): unknown =>
  path.reduce<unknown>((found, field) => (found as Body | undefined)?.[field], value)
const clock = createClock(600)
/** Who signs the certificates of the cluster. */
export const authority = await createAuthority({ name: 'sandbox' })
/** What the cluster holds. */
export const store = createObjectStore(clock)
/** An API server that is up for all these tests. */
export const server = await startApiServer({
  store,
  clock,
  authority,
  resources: [...hubResources, ...seedResources.filter(({ group }) => group.startsWith('lca'))],
  admins: ['admin'],
})
t.teardown(async () => {
  clock.stop()
  await server.close()
})

const configOf = async (user: string): Promise<KubeConfig> => {
  const config = new KubeConfig()
  config.loadFromString(await server.kubeconfig(user))
  return config
}
/** The kubeconfig of the user `admin`. */
export const config = await configOf('admin')
/** The real client, as the user `admin`, who may do all. */
export const admin = KubernetesObjectApi.makeApiClient(config)
const credential = await authority.issueClient({ commonName: 'admin' })

type Raw = { method?: string; body?: unknown; type?: string; client?: typeof credential | null }
/** Sends a request and returns what came. */
export const raw = async (
  path: string,
  options: Raw = {},
): Promise<{ code: number; text: string }> => {
  const { method = 'GET', body, type = 'application/json', client = credential } = options
  const content = body === undefined ? '' : JSON.stringify(body)
  const sent = request(`${server.url}${path}`, {
    method,
    ca: authority.certificate,
    headers: { 'content-type': type, 'content-length': content.length },
    agent: false,
    ...(client ? { cert: client.certificate, key: client.key } : {}),
  })
  sent.end(content)
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  return { code: response.statusCode ?? 0, text: await text(response) }
}
/** Sends a request and reads the JSON that came. */
export const api = async (path: string, options: Raw = {}): Promise<Body> =>
  JSON.parse((await raw(path, options)).text) as Body
/** Reads the Status by which the real client failed. */
export const failure = async (promise: Promise<unknown>): Promise<Body> =>
  promise.then(
    () => ({ is: 'success' }),
    (error: unknown) => JSON.parse(String(at(error, 'body'))) as Body,
  )
/** A ConfigMap in the namespace `sower`. */
export const configMap = (name: string, more: Body = {}, metadata: Body = {}): Written =>
  written({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'sower', ...metadata },
    ...more,
  })
/** A Namespace. */
export const namespace = (name: string): Written =>
  written({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
/** Sends a merge patch. */
export const merge = (object: Written): Promise<KubernetesObject> =>
  admin.patch(object, undefined, undefined, undefined, undefined, PatchStrategy.MergePatch)

await admin.create(namespace('sower'))
