/** The meaning of a text of the Lifecycle Agent, by its beginning; the longest beginning that fits counts. */
export type AgentText = Readonly<{
  begins: string
  /**
   * 'rejected': nothing was changed and no imager ran. 'before-imager': it failed while it prepared. 'imager': the imager
   * ran or was to run, and may have pushed.
   */
  kind: 'rejected' | 'before-imager' | 'imager'
  cause: string
  fix: string
}>

const rejected = (begins: string, cause: string, fix: string): AgentText => ({
  ...{ begins, kind: 'rejected', cause, fix },
})
const prepared = (begins: string, cause: string, fix: string): AgentText => ({
  ...{ begins, kind: 'before-imager', cause, fix },
})
const imager = (begins: string, cause: string, fix: string): AgentText => ({
  ...{ begins, kind: 'imager', cause, fix },
})

/** Shows what the imager said; the Lifecycle Agent keeps nothing but its exit code (docs/seed-image-generation.md:343-350). */
export const imagerLogCommand = 'oc debug node/<node> -- chroot /host podman logs lca_image_builder'

/**
 * Every rejection and failure of the Lifecycle Agent 4.14 to 4.22 and main, from lifecycle-agent
 * controllers/seedgen_controller.go:298-941, internal/backuprestore/common.go:74 and their callers.
 */
export const agentTexts: readonly AgentText[] = [
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
    'Failure occurred during check for klusterlets CRD in system validation',
    'the API server of the seed gave no answer on its CRDs',
    'see that the API of the seed is well (`oc get clusteroperators`)',
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
  prepared(
    'failed to pull recert image',
    "the node cannot pull the recert image; it uses the node's pull secret and mirrors, not the push credential",
    'mirror that image and name it in `recertImage` of sower.yaml, or let the node reach its registry',
  ),
  prepared(
    'could not access secret seedgen',
    'the Secret `seedgen` was not where the agent looks for it',
    'see whether something on the seed has deleted it; the next attempt delivers it again',
  ),
  prepared(
    'could not find seedAuth in seedgen secret',
    'the Secret `seedgen` has no key `seedAuth`, so it is not the one that Sower delivered',
    'find who replaced it, and delete it on the seed',
  ),
  prepared(
    'could not access pull-secret pull-secret',
    'the pull secret of the seed is not there',
    'put it back: `oc create secret generic pull-secret -n openshift-config --type=kubernetes.io/dockerconfigjson --from-file=.dockerconfigjson=FILE`',
  ),
  prepared(
    'failed to cleanup resources',
    'what ACM left on the seed does not go away, most often an AppliedManifestWork with a finalizer',
    'look at `oc get appliedmanifestworks` and `oc get crd | grep open-cluster-management`, and take the finalizers off what hangs',
  ),
  prepared(
    'timed out waiting for ACM CRD deletion',
    'the CRDs that ACM left on the seed do not go away, most often for an AppliedManifestWork with a finalizer',
    'look at `oc get appliedmanifestworks`, and take the finalizers off what hangs',
  ),
  prepared(
    'timed out waiting for ACM namespace deletion',
    'a namespace open-cluster-management-agent* does not go away',
    'look at what is left in it (`oc get namespace -o yaml` says so), and take the finalizers off what hangs',
  ),
  prepared(
    'failed to cleanup Succeeded pods',
    'an old Lifecycle Agent uses a kubeconfig that does not verify',
    'upgrade the Lifecycle Agent to the newest z-stream of its release',
  ),
  prepared(
    'failed to cleanup',
    'the agent could not remove what must not be in the image',
    'look on the seed at what the text names; a newer z-stream of the Lifecycle Agent may do',
  ),
  prepared(
    "failed sanitizing cluster's pull-secret",
    'the Machine Config Operator did not write the emptied pull secret to the node within 10 minutes',
    'see that the MachineConfigPool is well (`oc get mcp`); then put the real pull secret back before another attempt: `oc set data secret/pull-secret -n openshift-config --from-file=.dockerconfigjson=FILE`',
  ),
  imager(
    'imager container status check failed: expected container status exited, found: stopped',
    'podman 5.3 loses its monitor on OpenShift 4.19; the image was pushed all the same (OCPBUGS-49692)',
    'upgrade the Lifecycle Agent; the registry says whether the image is there',
  ),
  imager(
    'imager container status check failed',
    'the imager ended with an error: the push was refused, or the seed could not be put together again',
    `read what it said: \`${imagerLogCommand}\``,
  ),
  imager(
    'unexpected return from launching imager container',
    'the imager could not be started on the node',
    `read what is there: \`${imagerLogCommand}\`, and \`journalctl -u lca-generate-seed-image\` on the node`,
  ),
]
