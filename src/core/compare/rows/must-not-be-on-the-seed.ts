import { textAt } from '../../preflight/field.ts'
import { named } from '../../preflight/named.ts'
import type { Query, ReadObject } from '../../preflight/query.ts'
import { seedQueries } from '../../preflight/seed/seed-queries.ts'
import { compareQueries } from '../compare-queries.ts'
import type { SeedRow } from './equal-row.ts'

const { persistentVolumes, localVolumes, lvmClusters, dataProtection, storageClasses } = seedQueries
const { fecConfigs, vrbConfigs } = compareQueries
const documented = 'openshift-docs cnf-image-based-upgrade-seed-image-config.adoc'
const rejecting = 'lifecycle-agent seedgen_controller.go:589-686'

type About = Pick<SeedRow, 'id' | 'source' | 'fix' | 'passes'> &
  Partial<Pick<SeedRow, 'level' | 'minors'>>

const none = (about: About, query: Query, isMeant: (object: ReadObject) => boolean): SeedRow => ({
  ...{ level: 'block', minors: {} },
  ...about,
  reads: [query],
  test: found => {
    const there = found(query).filter(isMeant)
    return {
      ok: there.length === 0,
      reason: there.length === 0 ? 'none' : `there is ${named(there)}`,
    }
  },
})

const any = (): boolean => true

const noneOf = (
  about: Pick<SeedRow, 'id' | 'source'> & Partial<Pick<SeedRow, 'minors'>>,
  query: Query,
): SeedRow => {
  const { kind } = query
  const isRejected = about.source.some(source => source.startsWith('lifecycle-agent'))
  const why = isRejected
    ? `the Lifecycle Agent rejects a seed with a ${kind}`
    : `it would be on every target`
  return none(
    {
      passes: `there is no ${kind} on the seed`,
      fix: `delete it: ${why}; targets get theirs as an extra manifest`,
      ...about,
    },
    query,
    any,
  )
}

/** The group "must not be on the seed". */
export const mustNotBeOnTheSeed: readonly SeedRow[] = [
  noneOf(
    { id: 'seed.no-persistent-volume', source: ['storage-off', 'S17', rejecting] },
    persistentVolumes,
  ),
  noneOf({ id: 'seed.no-local-volume', source: ['storage-off', 'S18', rejecting] }, localVolumes),
  noneOf({ id: 'seed.no-lvm-cluster', source: ['storage-off', 'S19', rejecting] }, lvmClusters),
  noneOf(
    {
      id: 'seed.no-data-protection',
      source: ['storage-off', 'S16', 'lifecycle-agent backuprestore/common.go:526-568'],
    },
    dataProtection,
  ),
  none(
    {
      id: 'seed.storage-classes',
      level: 'warn',
      passes: 'no StorageClass has the provisioner `kubernetes.io/no-provisioner`',
      source: ['storageclass', 'S20', documented],
      fix: 'delete it where a LocalVolume used it: it belongs in the extra manifests of the targets',
    },
    storageClasses,
    one => textAt(one, 'provisioner') === 'kubernetes.io/no-provisioner',
  ),
  noneOf({ id: 'seed.no-fec', minors: { from: '4.18' }, source: [documented] }, fecConfigs),
  noneOf({ id: 'seed.no-vrb', minors: { from: '4.19' }, source: [documented] }, vrbConfigs),
]
