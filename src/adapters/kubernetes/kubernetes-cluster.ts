import {
  CoreV1Api,
  KubernetesObjectApi,
  PatchStrategy,
  V1DeleteOptions,
  V1Preconditions,
  type KubernetesObject as ClientObject,
} from '@kubernetes/client-node'
import { z } from 'zod'
import { present } from '../../core/seen.ts'
import { configurationOf, fieldManager } from './configuration-of.ts'
import { loadKubeconfig, requireClientCertificate } from './load-kubeconfig.ts'
import { seenFrom, writeError } from './seen-from.ts'
import type { Cluster } from '../../operations/ports/cluster.ts'
import type { KubernetesObject } from '../../operations/ports/cluster.ts'
import type { ObjectKey } from '../../operations/ports/cluster.ts'

/** A status as the API server sent it: the client makes dates of the times in the kinds that it knows. */
const plain = z
  .unknown()
  .transform((value): unknown => (value === undefined ? value : JSON.parse(JSON.stringify(value))))
const instant = z.union([z.string(), z.date().transform(date => date.toISOString())])
const object = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    uid: z.string().default(''),
    resourceVersion: z.string().optional(),
    generation: z.number().optional(),
    deletionTimestamp: instant.optional(),
    finalizers: z.array(z.string()).optional(),
    labels: z.record(z.string(), z.string()).optional(),
    annotations: z.record(z.string(), z.string()).optional(),
    ownerReferences: z.array(z.unknown()).optional(),
  }),
  spec: z.unknown().optional(),
  status: plain.optional(),
  operation: z.unknown().optional(),
  data: z.record(z.string(), z.string()).optional().catch(undefined),
})
/**
 * Connects to a cluster with a kubeconfig (YAML), for a seed with nothing but a client certificate in it.
 * Throws RefusedError ACCESS_MISSING when it is not one, or not such a one.
 */
export const kubernetesCluster = (
  kubeconfig: string,
  {
    credentials = 'client-certificate',
    context,
  }: Readonly<{ credentials?: 'client-certificate' | 'any'; context?: string | undefined }> = {},
): Cluster => {
  const config = loadKubeconfig(kubeconfig, context)
  if (credentials === 'client-certificate') requireClientCertificate(config)
  const configuration = configurationOf(config)
  const connect = (): KubernetesObjectApi => new KubernetesObjectApi(configuration)
  // The client remembers what an API server serves; a cluster that was re-imaged may serve something else.
  let api = connect()
  const read: Cluster['read'] = async key => {
    try {
      return present(parsed(await api.read(header(key)), key))
    } catch (error) {
      const seen = seenFrom(error, key.name)
      if (seen.seen === 'unknown') api = connect()
      return seen
    }
  }
  const write = async (activity: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      throw writeError(activity, error)
    }
  }
  return {
    read,
    list: async ({ apiVersion, kind, namespace }) => {
      try {
        const answer = await api.list(apiVersion, kind, namespace)
        return present(answer.items.map(item => parsed(item, { apiVersion, kind })))
      } catch (error) {
        const seen = seenFrom(error, '')
        if (seen.seen === 'unknown') api = connect()
        return seen
      }
    },
    summary: async node => {
      const path = { name: node, path: 'stats/summary' }
      try {
        const status: unknown = await new CoreV1Api(configuration).connectGetNodeProxyWithPath(path)
        const metadata = { name: node, uid: '' }
        return present({ apiVersion: 'v1', kind: 'NodeSummary', metadata, status })
      } catch (error) {
        return seenFrom(error, node)
      }
    },
    create: manifest =>
      write(`creating ${manifest.kind} ${manifest.metadata.name}`, () =>
        api.create(asObject(manifest), ...asUs),
      ),
    // Applied, since RBAC knows the name of what an apply creates, and that of no other creation. All of it is ours.
    putSecret: manifest =>
      write(`saving Secret ${manifest.metadata.name}`, () =>
        api.patch(asObject(manifest), ...asUs, true, PatchStrategy.ServerSideApply),
      ),
    annotate: (key, annotations) =>
      write(`annotating ${key.kind} ${key.name}`, () =>
        api.patch(
          { apiVersion: key.apiVersion, kind: key.kind, metadata: { ...place(key), annotations } },
          ...asUs,
          undefined,
          PatchStrategy.MergePatch,
        ),
      ),
    remove: async (key, only) => {
      try {
        const options = new V1DeleteOptions()
        if (only) options.preconditions = Object.assign(new V1Preconditions(), only)
        await api.delete(
          header(key),
          undefined,
          undefined,
          undefined,
          undefined,
          'Background',
          options,
        )
      } catch (error) {
        if (seenFrom(error, key.name).seen !== 'absent')
          throw writeError(`deleting ${key.kind} ${key.name}`, error)
      }
    },
    may: async right => {
      try {
        const review: unknown = await api.create({
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          metadata: {},
          ...{ spec: { resourceAttributes: { ...right } } },
        })
        return present(
          z.looseObject({ status: z.looseObject({ allowed: z.boolean() }) }).parse(review).status
            .allowed,
        )
      } catch (error) {
        return seenFrom(error, '')
      }
    },
    ready: async () => {
      const answer = await read({ apiVersion: 'v1', kind: 'Namespace', name: 'default' })
      return answer.seen === 'unknown' ? answer : present(true)
    },
  }
}

/** `pretty`, `dryRun` and the field manager of the client's writes. */
const asUs = [undefined, undefined, fieldManager] as const

const place = ({
  name,
  namespace,
}: Readonly<{ name: string; namespace?: string | undefined }>): {
  name: string
  namespace?: string
} => (namespace === undefined ? { name } : { name, namespace })

const header = (
  key: ObjectKey,
): { apiVersion: string; kind: string; metadata: { name: string; namespace?: string } } => ({
  apiVersion: key.apiVersion,
  kind: key.kind,
  metadata: place(key),
})

const asObject = (
  manifest: Readonly<{ apiVersion: string; kind: string; metadata: object }>,
): ClientObject => structuredClone(manifest)

// Items of a list carry no apiVersion and kind of their own.
const parsed = (
  answer: unknown,
  { apiVersion, kind }: Readonly<{ apiVersion: string; kind: string }>,
): KubernetesObject =>
  object.parse({ apiVersion, kind, ...(typeof answer === 'object' ? definedFields(answer) : {}) })

const definedFields = (answer: object | null): object =>
  Object.fromEntries(Object.entries(answer ?? {}).filter(([, value]) => value !== undefined))
