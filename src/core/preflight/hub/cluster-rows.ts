import { conditionStatus, field, listAt, textAt } from '../field.ts'
import { named } from '../named.ts'
import type { ReadObject } from '../query.ts'
import { row, type Row } from '../row.ts'
import { hubQueries, ofCluster } from './hub-queries.ts'

const { addons, autoImport, clusterDeployments, clusterInstances, managedCluster } = hubQueries

const required = ['ManagedClusterConditionAvailable', 'ManagedClusterJoined']
const ordinaryAddons = /^(?:work-manager|governance-policy|config-policy|cert-policy|iam-policy)/

/** ACM's reason once it takes a cluster apart (managedcluster-import-controller resourcecleanup_controller.go:349-355). */
const detachingReason = (object: ReadObject): string | undefined =>
  listAt(object, 'status', 'conditions')
    .map(condition => textAt(condition, 'reason'))
    .find(reason => reason.endsWith('Detaching'))

/** The manifest that siteconfig could not render or began to delete (api/v1alpha1/clusterinstance_types.go:549-558). */
const unsettledManifest = (instance: ReadObject): string | undefined =>
  listAt(instance, 'status', 'manifestsRendered')
    .filter(manifest => /^(?:deletion-|failed)/.test(textAt(manifest, 'status')))
    .map(manifest =>
      [textAt(manifest, 'kind'), textAt(manifest, 'name'), 'is', textAt(manifest, 'status')].join(
        ' ',
      ),
    )[0]

const pausedBy = 'clusterinstance.siteconfig.open-cluster-management.io/paused'

/** The checks of what ACM, siteconfig and hive hold of the cluster. */
export const clusterRows: readonly Row[] = [
  row({
    id: 'hub.managed-cluster-available',
    level: 'block',
    passes:
      'the ManagedCluster is accepted, Available and Joined, is not being deleted, and is not the hub itself',
    reads: [managedCluster],
    source: ['H7', 'managedcluster-import-controller resourcecleanup_controller.go:349-355'],
    fix: 'bring the cluster back to Available; else the klusterlet stays on it after the detach',
    test: found => {
      const [object] = found(managedCluster)
      if (object === undefined)
        return {
          ok: false,
          reason: 'there is no such ManagedCluster on the hub',
          fix: 'check that this hub manages the cluster',
        }
      const missing = required.filter(type => conditionStatus(object, type) !== 'True')
      const problem =
        object.metadata.labels?.['local-cluster'] === 'true'
          ? 'it is the hub itself'
          : object.metadata.deletionTimestamp !== undefined
            ? 'it is being deleted'
            : detachingReason(object) !== undefined
              ? `ACM detaches it already (${detachingReason(object)})`
              : missing.length
                ? `not True: ${missing.join(', ')}`
                : field(object, 'spec', 'hubAcceptsClient') === false
                  ? 'the hub does not accept it (hubAcceptsClient)'
                  : null
      return { ok: problem === null, reason: problem ?? 'Available and Joined' }
    },
  }),
  row({
    id: 'hub.cluster-instance',
    level: 'block',
    passes:
      'the ClusterInstance is provisioned, neither paused nor being deleted nor asked to reinstall, and siteconfig has rendered all of its objects (`status.manifestsRendered`)',
    reads: [clusterInstances],
    source: ['H6', 'G5', 'siteconfig internal/controller/clusterinstance_controller.go:453-507'],
    fix: 'let siteconfig finish, or remove what stops it (`oc describe clusterinstance`): a ClusterInstance that is paused deletes nothing',
    test: (found, { cluster }) => {
      const instances = ofCluster(found(clusterInstances), cluster)
      const problems = instances.flatMap(instance => {
        const { deletionTimestamp } = instance.metadata
        const provisioned = conditionStatus(instance, 'Provisioned')
        if (deletionTimestamp !== undefined) return ['it is being deleted']
        if (
          field(instance, 'status', 'paused') !== undefined ||
          instance.metadata.annotations?.[pausedBy] !== undefined
        )
          return ['it is paused']
        const unsettled = unsettledManifest(instance)
        if (unsettled !== undefined) return [`siteconfig says that ${unsettled}`]
        if (field(instance, 'spec', 'reinstall') !== undefined) return ['it asks for a reinstall']
        return provisioned === 'True' || provisioned === '' ? [] : ['it is not provisioned']
      })
      return {
        ok: problems.length === 0,
        reason:
          problems[0] ??
          (instances.length ? 'it is settled' : 'the hub has no ClusterInstance of it'),
      }
    },
  }),
  row({
    id: 'hub.cluster-deployment',
    level: 'block',
    passes:
      'the ClusterDeployment is installed, names what installed it, and is not protected against deletion; or there is none',
    reads: [clusterDeployments],
    source: [
      'H10',
      'hive clusterinstalls.go:221-223',
      'hive clusterdeployment_controller.go:1788-1791',
    ],
    fix: 'set the annotation hive.openshift.io/protected-delete to "false", and leave a cluster alone whose installation has not ended',
    test: found => {
      const problems = found(clusterDeployments).flatMap(object => {
        if (object.metadata.annotations?.['hive.openshift.io/protected-delete'] === 'true')
          return ['it is protected against deletion']
        if (field(object, 'spec', 'installed') !== true) return ['it is not installed']
        return field(object, 'spec', 'clusterInstallRef') === undefined
          ? ['it names no clusterInstallRef, so hive would deprovision the cluster']
          : []
      })
      return { ok: problems.length === 0, reason: problems[0] ?? 'nothing is in the way' }
    },
  }),
  row({
    id: 'hub.addons',
    level: 'warn',
    passes:
      'no add-on beyond those of policies and of the work agent is installed; observability blocks',
    reads: [addons],
    source: ['addons', 'H8', 'openshift-docs ztp-image-based-upgrade-hub-cluster-guide.adoc'],
    fix: 'disable the optional add-ons of the cluster on the hub; for observability set the label `observability: disabled` on the ManagedCluster',
    test: found => {
      const more = found(addons).filter(({ metadata }) => !ordinaryAddons.test(metadata.name))
      const observes = more.some(({ metadata }) => metadata.name === 'observability-controller')
      return {
        ok: more.length === 0,
        reason: more.length ? more.map(({ metadata }) => metadata.name).join(', ') : 'none',
        level: observes ? 'block' : 'warn',
      }
    },
  }),
  row({
    id: 'hub.no-auto-import',
    level: 'block',
    passes: 'there is no Secret `auto-import-secret` in the namespace of the cluster',
    reads: [autoImport],
    source: ['H14', 'managedcluster-import-controller clusterdeployment_controller.go:98-176'],
    fix: 'delete it: ACM would use it to import the cluster again after the detach',
    test: found => {
      const isThere = found(autoImport).length > 0
      return { ok: !isThere, reason: isThere ? `there is ${named(found(autoImport))}` : 'none' }
    },
  }),
]
