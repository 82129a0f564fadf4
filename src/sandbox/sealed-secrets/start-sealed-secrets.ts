import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import { open } from '../../core/secret/sealed/open.ts'
import { scopeOf } from '../../core/secret/sealed/scope.ts'
import { keyOf, type ObjectKey, type StoredObject } from '../kubernetes/object-store.ts'
import { timestampOf } from '../kubernetes/timestamp-of.ts'
import type { Controller, World } from '../world.ts'
import { createKeyedQueue } from '../keyed-queue.ts'
import { messageOf } from '../../errors.ts'

const texts = z.record(z.string(), z.string())

const sealedSecretSchema = z.looseObject({
  spec: z.looseObject({
    // The controller reads a map of the wrong shape as an empty one (types.go:82-89).
    encryptedData: texts.catch({}).default({}),
    template: z
      .looseObject({
        type: z.string().optional(),
        immutable: z.boolean().optional(),
        metadata: z
          .looseObject({ labels: texts.optional(), annotations: texts.optional() })
          .optional(),
        data: texts.optional(),
      })
      .default({}),
  }),
  status: z
    .looseObject({
      observedGeneration: z.number().optional(),
      conditions: z
        .array(
          z.looseObject({ type: z.string(), status: z.string(), lastTransitionTime: z.string() }),
        )
        .default([]),
    })
    .default({ conditions: [] }),
})
const ownedSchema = z.looseObject({
  metadata: z.looseObject({
    ownerReferences: z.array(
      z.looseObject({
        kind: z.string(),
        name: z.string(),
        uid: z.string(),
        controller: z.boolean().optional(),
      }),
    ),
  }),
})

const apiVersion = 'bitnami.com/v1alpha1'
const kind = 'SealedSecret'
const prefix = 'sealedsecrets.bitnami.com'
const tries = 5

const controllerOf = (
  object: StoredObject | undefined,
): Readonly<{ kind: string; name: string; uid: string }> | undefined =>
  ownedSchema
    .safeParse(object)
    .data?.metadata.ownerReferences.find(({ controller }) => controller === true)

const decodable = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

const unsealed = (
  sealedSecret: StoredObject,
  privateKeys: readonly KeyObject[],
): Record<string, string> => {
  const { spec } = sealedSecretSchema.parse(sealedSecret)
  const { name, namespace = '', annotations = {} } = sealedSecret.metadata
  const entries = Object.entries(spec.encryptedData).map(([item, sealed]): [string, string] => {
    if (!decodable.test(sealed))
      throw new Error(
        `illegal base64 data at input byte ${sealed.search(/[^A-Za-z0-9+/]/)} (${item})`,
      )
    try {
      const plain = open(sealed, { scope: scopeOf(annotations), namespace, name }, privateKeys)
      const value = plain.toString('base64')
      plain.fill(0)
      return [item, value]
    } catch (cause) {
      throw new Error(`no key could decrypt secret (${item})`, { cause })
    }
  })
  // spec.template.data is a Go template; only its plain values are carried here.
  const plain = Object.entries(spec.template.data ?? {}).map(([item, value]): [string, string] => [
    item,
    Buffer.from(value).toString('base64'),
  ])
  return Object.fromEntries([...plain, ...entries])
}

const secretOf = (sealedSecret: StoredObject, data: Record<string, string>): StoredObject => {
  const {
    type = 'Opaque',
    immutable,
    metadata,
  } = sealedSecretSchema.parse(sealedSecret).spec.template
  const { name, namespace = '', uid = '' } = sealedSecret.metadata
  const owner = { apiVersion, kind, name, uid, controller: true }
  const isFree = metadata?.annotations?.[`${prefix}/skip-set-owner-references`] === 'true'
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name,
      namespace,
      ...(metadata?.labels ? { labels: metadata.labels } : {}),
      ...(metadata?.annotations ? { annotations: metadata.annotations } : {}),
      ...(isFree ? {} : { ownerReferences: [owner] }),
    },
    type,
    data,
    ...(immutable === undefined ? {} : { immutable }),
  }
}

/** Starts a Sealed Secrets controller on the hub (sealed-secrets pkg/controller/controller.go). */
export const startSealedSecrets = (
  { hub, clock, tell }: World,
  {
    privateKeys,
    skipRecreate = false,
  }: Readonly<{
    privateKeys: readonly KeyObject[]
    /** As `--skip-recreate`: a deleted Secret stays deleted. */
    skipRecreate?: boolean
  }>,
): Controller => {
  const failures = new Map<string, number>()
  const idOf = ({ namespace = '', name }: ObjectKey): string => `${namespace}/${name}`

  const deliver = (sealedSecret: StoredObject): void => {
    const secret = secretOf(sealedSecret, unsealed(sealedSecret, privateKeys))
    const key = keyOf(secret)
    const existing = hub.get(key)
    if (!existing) {
      hub.create(secret)
      return
    }
    // Both are read from the Secret that is there, not from the SealedSecret (controller.go:392-402, 522-528).
    const { annotations = {} } = existing.metadata
    const isPatch = annotations[`${prefix}/patch`] === 'true'
    const isManaged = isPatch || annotations[`${prefix}/managed`] === 'true'
    if (!isManaged && controllerOf(existing)?.uid !== sealedSecret.metadata.uid)
      throw new Error(
        `failed update: Resource "${key.name}" already exists and is not managed by SealedSecret`,
      )
    hub.change(key, live => {
      const { labels, annotations: added, ownerReferences } = secret.metadata
      live['data'] = isPatch
        ? { ...texts.safeParse(live['data']).data, ...texts.parse(secret['data']) }
        : secret['data']
      if (!isPatch) {
        live.metadata.ownerReferences = ownerReferences ?? []
        live['type'] = secret['type']
      }
      if (labels) live.metadata.labels = { ...live.metadata.labels, ...labels }
      if (added) live.metadata.annotations = { ...live.metadata.annotations, ...added }
    })
  }

  const report = (sealedSecret: StoredObject, message: string): void => {
    const isSynced = message === ''
    hub.change(keyOf(sealedSecret), live => {
      const { conditions, observedGeneration } = sealedSecretSchema.parse(live).status
      const { generation = 1 } = live.metadata
      const status = isSynced ? 'True' : 'False'
      const before = conditions.find(({ type }) => type === 'Synced')
      // Written only when it flips or the generation changed (:478-483): the message may be stale.
      if (before?.status === status && observedGeneration === sealedSecret.metadata.generation)
        return
      const now = timestampOf(clock.now())
      live['status'] = {
        observedGeneration: sealedSecret.metadata.generation ?? generation,
        conditions: [
          {
            type: 'Synced',
            status,
            lastUpdateTime: now,
            lastTransitionTime: before?.status === status ? before.lastTransitionTime : now,
            ...(isSynced ? {} : { message }),
          },
        ],
      }
    })
  }

  const queue = createKeyedQueue(
    async id => {
      const [namespace = '', name = ''] = id.split('/')
      const sealedSecret = hub.get({ apiVersion, kind, namespace, name })
      if (!sealedSecret || sealedSecret.metadata.deletionTimestamp !== undefined) return
      const told = { namespace, name }
      try {
        deliver(sealedSecret)
        failures.delete(id)
        report(sealedSecret, '')
        tell('sealed-secrets', `unsealed Secret ${name} in ${namespace}`, told)
      } catch (error) {
        const message = messageOf(error)
        const count = (failures.get(id) ?? 0) + 1
        failures.set(id, count)
        report(sealedSecret, message)
        if (count === 1)
          tell('sealed-secrets', `failed to unseal ${id}: ${message}`, { ...told, message })
        // It gives up then, until the spec changes or the Secret goes (controller.go:314-322).
        if (count >= tries) return
        await clock.sleep(1)
        if (!clock.stopped()) queue.add(id)
      }
    },
    (id, error) => {
      tell('sealed-secrets', `could not work on ${id}`, { error: String(error) })
    },
  )
  const start = (id: string): void => {
    failures.delete(id)
    queue.add(id)
  }

  const unwatch = hub.watch(({ type, object, previous }) => {
    if (object.apiVersion === apiVersion && object.kind === kind) {
      // Only the spec counts ("update suppressed", controller.go:163-199).
      if (type !== 'DELETED' && previous?.metadata.generation !== object.metadata.generation)
        start(idOf(keyOf(object)))
      return
    }
    const owner = type === 'DELETED' && object.kind === 'Secret' ? controllerOf(object) : undefined
    if (owner?.kind === kind && !skipRecreate) start(idOf({ ...keyOf(object), name: owner.name }))
  })
  for (const sealedSecret of hub.list({ apiVersion, kind })) start(idOf(keyOf(sealedSecret)))
  return {
    stop: async () => {
      unwatch()
      await queue.stop()
    },
  }
}
