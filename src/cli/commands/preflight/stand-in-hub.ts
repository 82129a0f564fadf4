import type { Configuration } from '../../../core/settings/configuration.ts'
import { names } from '../../../core/names.ts'
import { present, unknown, type Seen } from '../../../core/seen.ts'
import { originalAccess, savedAccess } from '../../../operations/hub/saved-access.ts'
import type { Cluster, KubernetesObject, ObjectKey } from '../../../operations/ports/cluster.ts'

const refuse = async (): Promise<never> => {
  throw new Error('a preflight writes nothing')
}

/** A cluster that is only read, whatever its user may do. */
export const readOnly = (cluster: Cluster): Cluster => ({
  ...cluster,
  ...{ create: refuse, putSecret: refuse, annotate: refuse, remove: refuse },
})

const notAsked = async (): Promise<Seen<never>> => unknown('not-asked')

/** A cluster that nobody named. */
export const nobody: Cluster = {
  ...{ read: notAsked, list: notAsked, summary: notAsked, may: notAsked, ready: notAsked },
  ...{ create: refuse, putSecret: refuse, annotate: refuse, remove: refuse },
}

/** Things that a person has at hand and that are not on the hub, or not yet. */
export type AtHand = Readonly<{
  cluster: string
  secret: Configuration['secret']
  /** The admin kubeconfig of the seed: it counts for what is saved of it, too. */
  kubeconfig: string | null
  /** The hub namespace in which Sower saves the access to seeds. */
  namespace: string
  /** The push credential, not sealed. */
  authfile: Buffer | null
}>

/** The hub as it will be once what a person has at hand is there: the rest is asked of the hub. */
export const standInHub = (
  hub: Cluster,
  { cluster, secret, kubeconfig, authfile, namespace: saving }: AtHand,
): Cluster => {
  const { namespace, name } = secret
  const held = new Map<string, KubernetesObject>()
  const hold = (key: ObjectKey, more: Partial<KubernetesObject>): void => {
    const { apiVersion, kind, ...place } = key
    held.set(keyOf(key), {
      ...{ apiVersion, kind, metadata: { ...place, uid: '', generation: 1 } },
      ...more,
    })
  }
  if (kubeconfig !== null) {
    const data = { kubeconfig: Buffer.from(kubeconfig).toString('base64') }
    hold(originalAccess(cluster), { data })
    hold(savedAccess({ settings: { namespace: saving } }, cluster), { data })
  }
  if (authfile !== null) {
    hold(
      { apiVersion: 'v1', kind: 'Secret', namespace, name },
      { data: { [names.authKey]: authfile.toString('base64') } },
    )
    const conditions = [{ type: 'Synced', status: 'True' }]
    hold(
      { apiVersion: 'bitnami.com/v1alpha1', kind: 'SealedSecret', namespace, name },
      { status: { observedGeneration: 1, conditions } },
    )
  }
  return {
    ...readOnly(hub),
    // What a person may do says nothing about the bot.
    may: notAsked,
    read: async key => {
      const found = held.get(keyOf(key))
      return found ? present(found) : hub.read(key)
    },
  }
}

const keyOf = ({ apiVersion, kind, namespace = '', name }: ObjectKey): string =>
  [apiVersion, kind, namespace, name].join(' ')
