import { field } from '../../preflight/field.ts'
import type { Query, ReadObject } from '../../preflight/query.ts'
import { compareQueries } from '../compare-queries.ts'
import type { ExtraRow } from './equal-row.ts'

const documented = 'openshift-docs cnf-image-based-upgrade-seed-image-config.adoc'
const any = (): boolean => true

const extra = (
  name: string,
  query: Query,
  more: Partial<Pick<ExtraRow, 'minors' | 'mayBeShared' | 'isMeant'>> = {},
): ExtraRow => ({
  ...{ id: `extra.${name}`, query, isMeant: any, mayBeShared: false, minors: {} },
  passes:
    more.mayBeShared === true
      ? `each ${query.kind} of the target is the same on the seed, or there is none`
      : `neither the seed nor the target has a ${query.kind} of this kind`,
  source: [documented],
  ...more,
})

const named =
  (name: string) =>
  ({ metadata }: ReadObject): boolean =>
    metadata.name === name

/** The group "belongs in an extra manifest". What `accept` in sower.yaml names is left out. */
export const belongsInExtraManifest: readonly ExtraRow[] = [
  extra('cluster-log-forwarder', compareQueries.logForwarders),
  extra('old-cluster-log-forwarder', compareQueries.oldLogForwarders),
  extra('monitoring-config', compareQueries.monitoringConfig),
  extra('ptp-operator-config', compareQueries.ptpOperatorConfigs, {
    isMeant: object => field(object, 'spec', 'ptpEventConfig', 'enableEventPublisher') === true,
  }),
  extra('catalog-source', compareQueries.catalogSources, { isMeant: named('default-cat-source') }),
  extra('ptp-config', compareQueries.ptpConfigs, { mayBeShared: true }),
  extra('sriov-network', compareQueries.sriovNetworks, { mayBeShared: true }),
  extra('sriov-policy', compareQueries.sriovPolicies, {
    mayBeShared: true,
    // The operator makes it itself.
    isMeant: ({ metadata }) => metadata.name !== 'default',
  }),
  extra('fec', compareQueries.fecConfigs, { minors: { to: '4.18' } }),
]
