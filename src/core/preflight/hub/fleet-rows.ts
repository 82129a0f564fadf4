import { conditionStatus, listAt, textAt } from '../field.ts'
import { named } from '../named.ts'
import { row, type Row } from '../row.ts'
import { isAtLeast, minorOf, version } from '../version.ts'
import { hubQueries } from './hub-queries.ts'

const { groupUpgrades, imageGroupUpgrades, managedCluster, multiClusterHubs, policies } = hubQueries

/** Tells whether a cluster is named anywhere in some entries. */
const mentions = (entries: readonly unknown[], cluster: string): boolean =>
  JSON.stringify(entries).includes(JSON.stringify(cluster))

/** The checks of what else works on the cluster, and of the hub's own version. */
export const fleetRows: readonly Row[] = [
  row({
    id: 'hub.policies-compliant',
    level: 'warn',
    passes: 'every policy that is bound to the cluster is Compliant',
    reads: [policies],
    source: ['H15', 'telco-reference telco-ran'],
    fix: 'wait until the policies are enforced: the image would lack what they still have to bring',
    test: found => {
      const others = found(policies).filter(
        policy => textAt(policy, 'status', 'compliant') !== 'Compliant',
      )
      return {
        ok: others.length === 0,
        reason: others.length
          ? `not Compliant: ${others.map(({ metadata }) => metadata.name).join(', ')}`
          : 'all Compliant',
      }
    },
  }),
  row({
    id: 'hub.ztp-done',
    level: 'warn',
    passes:
      'TALM has nothing to do for the cluster: it has the label `ztp-done`, or never had `ztp-running`',
    reads: [managedCluster],
    source: ['H15', 'cnf-features-deploy ztp'],
    fix: 'wait until the ClusterGroupUpgrade of the cluster has ended',
    test: found => {
      const labels = found(managedCluster)[0]?.metadata.labels ?? {}
      const isRunning = labels['ztp-running'] !== undefined && labels['ztp-done'] === undefined
      return {
        ok: !isRunning,
        reason: isRunning ? 'the label is ztp-running' : 'nothing is under way',
      }
    },
  }),
  row({
    id: 'hub.no-group-upgrade',
    level: 'warn',
    passes: 'no ClusterGroupUpgrade or ImageBasedGroupUpgrade that names the cluster is under way',
    reads: [groupUpgrades, imageGroupUpgrades],
    source: ['H15'],
    fix: 'wait until it has ended, or take the cluster out of it',
    test: (found, { cluster }) => {
      const running = [...found(groupUpgrades), ...found(imageGroupUpgrades)].filter(
        object =>
          conditionStatus(object, 'Progressing') === 'True' &&
          mentions(
            [
              ...listAt(object, 'spec', 'clusters'),
              ...listAt(object, 'status', 'remediationPlan'),
              ...listAt(object, 'status', 'clusters'),
            ],
            cluster,
          ),
      )
      return {
        ok: running.length === 0,
        reason: running.length ? `under way: ${named(running)}` : 'none',
      }
    },
  }),
  row({
    id: 'hub.acm-known',
    level: 'warn',
    passes: 'ACM is 2.15 or newer',
    reads: [multiClusterHubs],
    source: ['H16', 'siteconfig 53a44247', 'siteconfig 605fc9ef'],
    fix: 'watch the detach: before ACM 2.13 the ClusterInstance goes before its objects do, and before 2.15 a BareMetalHost may hang',
    test: found => {
      const text = textAt(found(multiClusterHubs)[0], 'status', 'currentVersion')
      const release = version(text)
      if (release === undefined)
        return {
          ok: false,
          reason: 'the version of ACM is not known: no MultiClusterHub says it',
          fix: 'look it up: ACM 2.15 and newer wait for each object of a detach',
        }
      return { ok: isAtLeast(release, [2, 15, 0]), reason: `ACM ${minorOf(release)}` }
    },
  }),
]
