import { isDeepStrictEqual } from 'node:util'
import {
  CustomObjectsApi,
  V1DeleteOptions,
  V1Preconditions,
  type Configuration,
} from '@kubernetes/client-node'
import { z } from 'zod'
import type { Run } from '../../core/run/run.ts'
import { runOfSeedRun, seedRunKind, specOf, statusOf } from '../../core/run/seed-run-fields.ts'
import type { Seen } from '../../core/seen.ts'
import {
  ConflictError,
  FailedError,
  RefusedError,
  UnavailableError,
  type SowerError,
} from '../../errors.ts'
import type { RunStore } from '../../operations/ports/run-store.ts'
import { fieldManager } from './configuration-of.ts'
import { seenFrom, writeError } from './seen-from.ts'

const stored = z.looseObject({
  metadata: z.looseObject({ name: z.string(), resourceVersion: z.string() }),
  spec: z.looseObject({ requestKey: z.string() }),
})
type Stored = z.infer<typeof stored>
const listed = z.object({ items: z.array(z.unknown()) })

/**
 * Keeps runs as SeedRuns in a namespace of the hub, one a cluster: the API server lets one creation of a name through,
 * and compares the version of each change. The spec is the request and the status all else, so that what a person
 * asked for is not overwritten by a pass. `unreadable` hears of those that this version does not understand.
 */
export const seedRunStore = (
  configuration: Configuration,
  {
    namespace,
    unreadable = () => undefined,
  }: Readonly<{ namespace: string; unreadable?: (run: string, reason: string) => void }>,
): RunStore => {
  const api = new CustomObjectsApi(configuration)
  const [group = '', version = ''] = seedRunKind.apiVersion.split('/')
  const all = { group, version, namespace, plural: 'seedruns' }
  const placeOf = (name: string): string => `SeedRun ${namespace}/${name}`
  const read = async (name: string): Promise<Stored | undefined> => {
    const activity = `reading ${placeOf(name)}`
    try {
      return stored.parse(await api.getNamespacedCustomObject({ ...all, name }))
    } catch (error) {
      const seen = seenFrom(error, name)
      if (seen.seen === 'absent') return undefined
      throw error instanceof z.ZodError ? error : readError(activity, seen)
    }
  }
  const put = async (run: Run, body: object, to: 'spec' | 'status'): Promise<Stored> => {
    const change = { ...all, name: run.name, body, fieldManager }
    try {
      return stored.parse(
        await (to === 'spec'
          ? api.replaceNamespacedCustomObject(change)
          : api.replaceNamespacedCustomObjectStatus(change)),
      )
    } catch (error) {
      const known = writeError(`saving ${placeOf(run.name)}`, error)
      const isGone = seenFrom(error, run.name).seen === 'absent'
      throw isGone || known instanceof ConflictError ? changed(run.name) : known
    }
  }
  /** After a write without an answer: whether it was that write which made what is there. */
  const isThere = async (run: Run, wanted: unknown): Promise<Stored | undefined> => {
    const now = await read(run.name)
    return now !== undefined && isDeepStrictEqual(now['status'], wanted) ? now : undefined
  }
  return {
    get: async name => {
      const object = await read(name)
      return object && runOfSeedRun(object, placeOf(name))
    },
    list: async () => {
      let answer: unknown
      try {
        answer = await api.listNamespacedCustomObject(all)
      } catch (error) {
        throw readError(`listing the SeedRuns in ${namespace}`, seenFrom(error, ''))
      }
      return listed.parse(answer).items.flatMap(item => {
        const name = stored.safeParse(item).data?.metadata.name ?? ''
        try {
          return runOfSeedRun(item, placeOf(name))
        } catch (error) {
          if (!(error instanceof RefusedError)) throw error
          // Its cluster stays locked, and the other runs go on.
          unreadable(name, error.message)
          return []
        }
      })
    },
    create: async run => {
      try {
        await api.createNamespacedCustomObject({
          ...all,
          fieldManager,
          body: { ...seedRunKind, metadata: { name: run.name, namespace }, spec: specOf(run) },
        })
        return true
      } catch (error) {
        const known = writeError(`creating ${placeOf(run.name)}`, error)
        if (known instanceof ConflictError) return false
        throw known
      }
    },
    replace: async run => {
      const before = await read(run.name)
      if (before?.metadata.resourceVersion !== run.version) throw changed(run.name)
      const isOther = before.spec.requestKey !== run.request.key
      const base = isOther ? await put(run, { ...before, spec: specOf(run) }, 'spec') : before
      const status = plain(statusOf(run))
      if (isDeepStrictEqual(base['status'], status))
        return { ...run, version: base.metadata.resourceVersion }
      try {
        const { metadata } = await put(run, { ...base, status }, 'status')
        return { ...run, version: metadata.resourceVersion }
      } catch (error) {
        if (!(error instanceof UnavailableError)) throw error
        const made = await isThere(run, status)
        if (!made) throw error
        return { ...run, version: made.metadata.resourceVersion }
      }
    },
    remove: async ({ name, version: resourceVersion }) => {
      const body = new V1DeleteOptions()
      body.preconditions = Object.assign(new V1Preconditions(), { resourceVersion })
      try {
        await api.deleteNamespacedCustomObject({ ...all, name, body })
      } catch (error) {
        if (seenFrom(error, name).seen === 'absent') return
        const known = writeError(`deleting ${placeOf(name)}`, error)
        throw known instanceof ConflictError ? changed(name) : known
      }
    },
  }
}

/** A value as it is once it has been sent. */
const plain = (value: unknown): unknown => z.json().parse(value)

const changed = (name: string): ConflictError =>
  new ConflictError('RUN_CHANGED', `saving the run of ${name}: it was changed by someone else`)

const readError = (activity: string, seen: Seen<never>): SowerError => {
  const why = seen.seen === 'unknown' ? seen.why : seen.seen
  if (why === 'forbidden')
    return new FailedError('OBJECT_REFUSED', `${activity}: the API server forbids it`, {
      fix: 'give Sower the rights of manifests/base',
    })
  if (why === 'not-served')
    return new FailedError('OBJECT_REFUSED', `${activity}: the hub does not serve this kind`, {
      fix: 'apply manifests/crd',
    })
  return new UnavailableError('CLUSTER_UNAVAILABLE', `${activity}: the API server gave no answer`)
}
