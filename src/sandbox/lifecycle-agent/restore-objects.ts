import { ApiError } from '../kubernetes/api-error.ts'
import {
  keyOf,
  type ObjectKey,
  type ObjectStore,
  type StoredObject,
} from '../kubernetes/object-store.ts'

/** The objects that the agent keeps out of the image and brings back afterwards. */
export type Hidden = Readonly<{
  secret: StoredObject
  generator: StoredObject
  upgrades: readonly StoredObject[]
  /** Ends the watch; holds what somebody made again before the API went. */
  leakedObjects: () => readonly StoredObject[]
}>

const removeIfThere = (store: ObjectStore, key: ObjectKey): void => {
  if (store.get(key)) store.remove(key)
}

/** Deletes the Secret, then the SeedGenerator, then the ImageBasedUpgrade, and watches who makes them again. */
export const hideFromImage = (
  store: ObjectStore,
  { secret, generator }: Readonly<{ secret: StoredObject; generator: StoredObject }>,
): Hidden => {
  const upgrades = store.list({ apiVersion: 'lca.openshift.io/v1', kind: 'ImageBasedUpgrade' })
  const isHidden = (object: StoredObject): boolean =>
    [secret, generator].some(
      hidden => JSON.stringify(keyOf(hidden)) === JSON.stringify(keyOf(object)),
    )
  // Deleting it again does not help: etcd keeps the revision, and the image keeps etcd.
  const leaked = new Map<string, StoredObject>()
  const unwatch = store.watch(({ type, object }) => {
    if (type === 'ADDED' && isHidden(object))
      leaked.set(`${object.kind}/${object.metadata.name}`, object)
  })
  for (const object of [secret, generator, ...upgrades]) removeIfThere(store, keyOf(object))
  return {
    secret,
    generator,
    upgrades,
    leakedObjects: () => {
      unwatch()
      return [...leaked.values()]
    },
  }
}

/**
 * Creates the objects again when the agent starts again (lifecycle-agent main/main.go:458-568): it deletes
 * and then creates, so what appears in between ends in AlreadyExists, an exit and a restart, until it wins.
 * Returns the new SeedGenerator, with a new uid and the saved status.
 */
export const restoreObjects = async (
  store: ObjectStore,
  { secret, generator, upgrades }: Hidden,
  {
    say,
    pause,
  }: Readonly<{
    say: (message: string, details?: object) => void
    pause: (seconds: number) => Promise<void>
  }>,
): Promise<StoredObject> => {
  for (let attempt = 1; ; attempt += 1)
    try {
      removeIfThere(store, keyOf(secret))
      removeIfThere(store, keyOf(generator))
      if (attempt < 4) await pause(1)
      store.create(secret)
      const created = store.create(generator)
      for (const upgrade of upgrades) if (!store.get(keyOf(upgrade))) store.create(upgrade)
      return created
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      say(`crashed: ${error.message}`, { reason: error.reason, attempt })
      await pause(10)
    }
}
