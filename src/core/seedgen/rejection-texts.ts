import type { AgentText } from './agent-text.ts'

const rejected = (begins: string, cause: string, fix: string): AgentText => ({
  ...{ begins, kind: 'rejected', cause, fix },
})

/**
 * Every rejection of the Lifecycle Agent 4.14 to 4.22 and main, from lifecycle-agent controllers/seedgen_controller.go:589-686
 * and internal/backuprestore/common.go:74.
 */
export const rejectionTexts: readonly AgentText[] = [
  rejected(
    'Rejected: Installed release does not support "ostree admin set-default" feature',
    'the OpenShift of the seed is older than 4.14.13',
    'upgrade the seed to OpenShift 4.16 or newer, and take it through preflight again',
  ),
  rejected(
    'Rejected: Cluster must be configured with shared container storage',
    'var-lib-containers.mount is not active on the host; the agent reads it once, when it starts',
    'install the seed with a partition for /var/lib/containers; if the mount is active by now, restart the pod of the Lifecycle Agent',
  ),
  rejected(
    'Rejected: Cluster must be detached from hub prior to seed generation',
    'the CRD klusterlets.operator.open-cluster-management.io is on the seed',
    'find what brought the klusterlet back, such as an import that somebody began by hand, and remove it',
  ),
  rejected(
    'Failure occurred',
    'a check of the Lifecycle Agent got no answer from the API server of the seed',
    'see that the API of the seed is well (`oc get clusteroperators`)',
  ),
  rejected(
    'Failure occurred when checking OADP version',
    'the agent could not read the version of OADP from its ClusterServiceVersion',
    'look at `oc get csv -n openshift-adp`, and bring the operator OADP to 1.3.1 or newer',
  ),
  rejected(
    'Rejected due to presence of ACM addon(s)',
    'a namespace open-cluster-management-addon-* is on the seed',
    'delete the namespaces that it names, once the add-ons are gone from the hub',
  ),
  rejected(
    'Rejected due to system missing dnsmasq config required for IBU',
    'the host has no /usr/local/bin/dnsmasq_config.sh',
    'add the MachineConfig 50-master-dnsmasq-configuration to the seed; it is in the extra manifests of ZTP',
  ),
  rejected(
    'Rejected due to invalid cluster pull-secret',
    'an earlier generation broke off and left the dummy as pull secret',
    'put the real one back: `oc set data secret/pull-secret -n openshift-config --from-file=.dockerconfigjson=FILE`',
  ),
  rejected(
    'Rejected: Cluster must not have any Persistent Volumes configured',
    'there is a PersistentVolume on the seed',
    'remove what uses it and the volume (`oc get pv`)',
  ),
  rejected(
    'Rejected: Cluster must not have any LocalVolumes',
    'there is a LocalVolume on the seed',
    'remove it; targets get their own by extra manifests (`oc get localvolumes -A`)',
  ),
  rejected(
    'Rejected: Cluster must not have any LVMClusters',
    'there is an LVMCluster on the seed',
    'remove it; targets get their own by extra manifests (`oc get lvmclusters -A`)',
  ),
  rejected(
    'Rejected: Cluster must not have any DataProtectionApplication',
    'there is a DataProtectionApplication in openshift-adp',
    'remove it; targets get their own by extra manifests (`oc get dpa -n openshift-adp`)',
  ),
  rejected(
    'Rejected: Cluster must have OADP version',
    'OADP is older than 1.3.1',
    'upgrade the operator OADP on the seed to 1.3.1 or newer',
  ),
  rejected(
    'Rejected',
    'the checks of the Lifecycle Agent refuse the seed',
    'fix what the text names on the seed; no image was begun',
  ),
]
