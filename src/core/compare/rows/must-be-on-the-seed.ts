import { field, listAt, textAt } from '../../preflight/field.ts'
import { compareQueries } from '../compare-queries.ts'
import type { Found, SeedRow } from './equal-row.ts'

const { collectProfiles, tuneds, performanceProfiles, sriovOperatorConfigs } = compareQueries
const { operatorNetwork, clusterLoggings } = compareQueries
const profile = 'openshift-docs cnf-image-based-upgrade-seed-image-config.adoc, RAN DU profile'

/** The Tuned that the operator makes of each PerformanceProfile, and that a patch includes. */
const includesProfile = (found: Found): boolean => {
  const names = found(performanceProfiles).map(
    ({ metadata: { name } }) => `openshift-node-performance-${name}`,
  )
  const texts = found(tuneds)
    .filter(({ metadata }) => !names.includes(metadata.name))
    .flatMap(tuned => listAt(tuned, 'spec', 'profile').map(one => textAt(one, 'data')))
  return texts.some(text => {
    const included = [...text.matchAll(/^[ \t]*include[ \t]*=[ \t]*(.+)$/gm)].flatMap(
      ([, list = '']) => list.split(',').map(name => name.trim()),
    )
    return names.some(name => included.includes(name))
  })
}

const profiled = (
  about: Pick<SeedRow, 'id' | 'passes' | 'reads' | 'fix'> & Partial<Pick<SeedRow, 'minors'>>,
  isThere: (found: Found) => boolean,
): SeedRow => ({
  ...{ level: 'warn', source: [profile], minors: {} },
  ...about,
  test: found => {
    const ok = isThere(found)
    return { ok, reason: ok ? 'it is there' : 'the RAN DU profile has it, and the seed does not' }
  },
})

/** The group "must be on the seed", of the RAN DU profile: a seed of another profile may do without. */
export const mustBeOnTheSeed: readonly SeedRow[] = [
  profiled(
    {
      id: 'seed.olm-pprof-off',
      passes:
        'ConfigMap collect-profiles-config turns the profiles of OLM off (DisableOLMPprof.yaml)',
      reads: [collectProfiles],
      fix: 'apply DisableOLMPprof.yaml to the seed',
    },
    found => /disabled: *['"]?[Tt]rue/.test(pprof(found)),
  ),
  profiled(
    {
      id: 'seed.tuned-patch',
      passes:
        'a Tuned includes that of the PerformanceProfile, whatever it is called (TunedPerformancePatch.yaml)',
      reads: [tuneds, performanceProfiles],
      fix: 'apply TunedPerformancePatch.yaml to the seed',
    },
    includesProfile,
  ),
  profiled(
    {
      id: 'seed.sriov-operator-config',
      passes:
        'SriovOperatorConfig openshift-sriov-network-operator/default is there (SriovOperatorConfig.yaml)',
      reads: [sriovOperatorConfigs],
      fix: 'apply SriovOperatorConfig.yaml to the seed',
    },
    found => found(sriovOperatorConfigs).length > 0,
  ),
  profiled(
    {
      id: 'seed.network-diagnostics-off',
      passes:
        'networks.operator/cluster disables the network diagnostics (DisableSnoNetworkDiag.yaml)',
      reads: [operatorNetwork],
      fix: 'apply DisableSnoNetworkDiag.yaml to the seed',
    },
    found => field(found(operatorNetwork)[0], 'spec', 'disableNetworkDiagnostics') === true,
  ),
  profiled(
    {
      id: 'seed.cluster-logging',
      passes: 'there is a ClusterLogging (ClusterLogging.yaml)',
      reads: [clusterLoggings],
      fix: 'apply ClusterLogging.yaml to the seed',
      minors: { to: '4.16' },
    },
    found => found(clusterLoggings).length > 0,
  ),
]

const pprof = (found: Found): string => found(collectProfiles)[0]?.data?.['pprof-config.yaml'] ?? ''
