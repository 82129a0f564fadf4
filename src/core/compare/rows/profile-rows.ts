import { field, textAt } from '../../preflight/field.ts'
import type { ReadObject } from '../../preflight/query.ts'
import { compareQueries } from '../compare-queries.ts'
import type { EqualRow } from './equal-row.ts'
import { contentHash } from './content-hash.ts'
import { flatten } from './flatten.ts'
import { same, seedHasAll } from '../judged.ts'
import { sorted, type Value } from '../value.ts'

const { performanceProfiles, machineConfigs, subscriptions } = compareQueries
const documented = 'openshift-docs cnf-image-based-upgrade-seed-image-config.adoc'

/** Fields of a PerformanceProfile whose values are the defaults. */
const defaults: ReadonlySet<string> = new Set([
  ...['globallyDisableIrqLoadBalancing: false', 'realTimeKernel.enabled: false'],
  ...['net.userLevelNetworking: false', 'workloadHints.highPowerConsumption: false'],
  ...['workloadHints.perPodPowerManagement: false', 'workloadHints.mixedCpus: false'],
])

const profileLines = (profiles: readonly ReadObject[]): Value =>
  sorted(
    profiles.flatMap(({ metadata: { name }, spec }) =>
      flatten(spec ?? {})
        .filter(line => !defaults.has(line))
        .map(line => (profiles.length === 1 ? line : `${name} ${line}`)),
    ),
  )

const generator = 'machineconfiguration.openshift.io/generated-by-controller-version'
const role = 'machineconfiguration.openshift.io/role'

/** True if a MachineConfig is the operator's own, so that another version of OpenShift has another content (inferred). */
const isGenerated = ({ metadata }: ReadObject): boolean =>
  metadata.annotations?.[generator] !== undefined

const channelOf = (subscription: ReadObject): string => {
  const name = textAt(subscription, 'spec', 'name') || subscription.metadata.name
  return `${name} ${textAt(subscription, 'spec', 'channel') || 'default channel'}`
}

const ofKind =
  (kind: string, lines: (objects: readonly ReadObject[]) => Value): EqualRow['git'] =>
  ({ policies }) => {
    const objects = policies.filter(object => object.kind === kind)
    const isWhole = objects.length > 0 && !objects.some(({ isTemplated }) => isTemplated)
    return isWhole ? lines(objects) : null
  }

const operators = (objects: readonly ReadObject[]): Value => sorted(objects.map(channelOf))

/** Rows about the profile of the clusters: kernel, CPUs, MachineConfigs and operators. */
export const profileRows: readonly EqualRow[] = [
  {
    id: 'equal.performance-profile',
    level: 'block',
    passes:
      'the PerformanceProfile is the same: reserved and isolated CPUs, huge pages, kernel and the rest',
    minors: {},
    reads: [performanceProfiles],
    read: found => profileLines(found(performanceProfiles)),
    git: ofKind('PerformanceProfile', profileLines),
    judge: same(),
    fix: 'give the seed the PerformanceProfile of its targets: it is in the image',
    source: [documented],
  },
  {
    id: 'equal.machine-configs',
    level: 'warn',
    passes:
      'the MachineConfigs of the role master are the same; of those that the operator generates, only the names count (inferred)',
    minors: {},
    reads: [machineConfigs],
    read: found =>
      sorted(
        found(machineConfigs)
          .filter(
            ({ metadata: { name, labels } }) =>
              labels?.[role] === 'master' && !/^(?:rendered|00)-/.test(name),
          )
          .map(config =>
            isGenerated(config)
              ? config.metadata.name
              : `${config.metadata.name} ${contentHash(field(config, 'spec'))}`,
          ),
      ),
    git: () => null,
    judge: same(),
    fix: 'give the seed the MachineConfigs of its targets: each that differs reboots the target after its upgrade',
    source: [documented, 'inferred'],
  },
  {
    id: 'equal.operators',
    level: 'block',
    passes: 'the seed has the Day 2 operators of the target, from the same channels',
    minors: {},
    reads: [subscriptions],
    read: found => operators(found(subscriptions)),
    git: ofKind('Subscription', operators),
    judge: seedHasAll('operator'),
    fix: 'subscribe the seed to the same operators and channels: a Subscription cannot be an extra manifest',
    source: [documented, 'openshift-docs cnf-image-based-upgrade-extra-manifests-guide.adoc'],
  },
]
