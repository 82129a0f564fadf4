import { field, textAt } from '../field.ts'
import { named } from '../named.ts'
import type { Query } from '../query.ts'
import { row, type Row } from '../row.ts'
import { seedQueries } from './seed-queries.ts'

const {
  persistentVolumes,
  localVolumes,
  lvmClusters,
  dataProtection,
  storageClasses,
  nodeSummary,
} = seedQueries

const noneOf = (
  about: Readonly<{ id: string; kind: string; query: Query; source: readonly string[] }>,
): Row => {
  const { id, kind, query, source } = about
  return row({
    id,
    level: 'block',
    passes: `there is no ${kind} on the seed`,
    reads: [query],
    source: ['storage-off', ...source],
    fix: `delete it: the Lifecycle Agent rejects a seed with a ${kind}; targets get theirs as an extra manifest`,
    test: found => {
      const there = found(query)
      return {
        ok: there.length === 0,
        reason: there.length ? `there is ${named(there)}` : 'none',
      }
    },
  })
}

const gibibyte = 2 ** 30
const spaceForImage = 25 * gibibyte

/** What the documentation keeps out of a seed image, and the room that making one takes. */
export const storageRows: readonly Row[] = [
  noneOf({
    id: 'seed.no-persistent-volume',
    kind: 'PersistentVolume',
    query: persistentVolumes,
    source: ['S17', 'lifecycle-agent seedgen_controller.go:589-686'],
  }),
  noneOf({
    id: 'seed.no-local-volume',
    kind: 'LocalVolume',
    query: localVolumes,
    source: ['S18', 'lifecycle-agent seedgen_controller.go:589-686'],
  }),
  noneOf({
    id: 'seed.no-lvm-cluster',
    kind: 'LVMCluster',
    query: lvmClusters,
    source: ['S19', 'lifecycle-agent seedgen_controller.go:589-686'],
  }),
  noneOf({
    id: 'seed.no-data-protection',
    kind: 'DataProtectionApplication',
    query: dataProtection,
    source: ['S16', 'lifecycle-agent backuprestore/common.go:526-568'],
  }),
  row({
    id: 'seed.storage-classes',
    level: 'warn',
    passes: 'no StorageClass has the provisioner `kubernetes.io/no-provisioner`',
    reads: [storageClasses],
    source: [
      'storageclass',
      'S20',
      'openshift-docs cnf-image-based-upgrade-seed-image-config.adoc',
    ],
    fix: 'delete it where a LocalVolume used it: it belongs in the extra manifests of the targets',
    test: found => {
      const local = found(storageClasses).filter(
        one => textAt(one, 'provisioner') === 'kubernetes.io/no-provisioner',
      )
      return { ok: local.length === 0, reason: local.length ? `there is ${named(local)}` : 'none' }
    },
  }),
  row({
    id: 'seed.disk-space',
    level: 'warn',
    passes:
      'the file system of the node has 25 GiB free (inferred from the size of what is packed)',
    reads: [nodeSummary],
    source: ['S25', 'inferred'],
    fix: 'free some space on the node: what goes into the image is packed in /var/tmp first',
    test: found => {
      const free = field(found(nodeSummary)[0], 'status', 'node', 'fs', 'availableBytes')
      if (typeof free !== 'number') return { ok: false, reason: 'the kubelet does not say' }
      return {
        ok: free >= spaceForImage,
        reason: `${Math.floor(free / gibibyte)} GiB free`,
      }
    },
  }),
]
