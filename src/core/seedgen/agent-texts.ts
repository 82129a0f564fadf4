import type { AgentText } from './agent-text.ts'
import { rejectionTexts } from './rejection-texts.ts'

const prepared = (begins: string, cause: string, fix: string): AgentText => ({
  ...{ begins, kind: 'before-imager', cause, fix },
})
const imager = (begins: string, cause: string, fix: string): AgentText => ({
  ...{ begins, kind: 'imager', cause, fix },
})

/** Shows what the imager said; the Lifecycle Agent keeps nothing but its exit code (docs/seed-image-generation.md:343-350). */
export const imagerLogCommand = 'oc debug node/<node> -- chroot /host podman logs lca_image_builder'

const putPullSecretBack =
  '`oc set data secret/pull-secret -n openshift-config --from-file=.dockerconfigjson=FILE`'

/**
 * Every rejection and failure of the Lifecycle Agent 4.14 to 4.22 and main, from lifecycle-agent
 * controllers/seedgen_controller.go:298-1050 and their callers.
 */
export const agentTexts: readonly AgentText[] = [
  ...rejectionTexts,
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
    'the agent could not remove what ACM or the installer left on the seed',
    'look on the seed at what the text names, most often an AppliedManifestWork with a finalizer (`oc get appliedmanifestworks`)',
  ),
  prepared(
    'failed to cleanup resources: timed out waiting for ACM CRD deletion',
    'the CRDs that ACM left on the seed do not go away, most often for an AppliedManifestWork with a finalizer',
    'look at `oc get appliedmanifestworks`, and take the finalizers off what hangs',
  ),
  prepared(
    'failed to cleanup resources: timed out waiting for ACM namespace deletion',
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
    `see that the MachineConfigPool is well (\`oc get mcp\`); then put the real pull secret back before another attempt: ${putPullSecretBack}`,
  ),
  prepared(
    'failed to wipe previous workspace',
    'the agent could not remove what an earlier attempt left in /var/lib/lca',
    'remove /var/lib/lca/ibu-seedgen-orch on the node; it may hold the push credential of that attempt',
  ),
  prepared(
    'failed to delete previous imager container',
    'the container of an earlier attempt does not go away',
    'remove it on the node: `podman rm -f lca_image_builder`',
  ),
  prepared(
    'failed to create workdir',
    'the agent cannot make its working directory in /var/lib/lca on the node',
    'see that /var/lib is writable and has room (`df -h /var/lib`)',
  ),
  prepared(
    'failed to write',
    'the agent cannot write to /var/lib/lca on the node',
    'see that /var/lib is writable and has room (`df -h /var/lib`)',
  ),
  prepared(
    'unable to delete seedgen',
    'the agent could not take the Secret or the SeedGenerator out of the cluster before the image is made',
    'find what holds the deletion, such as an admission webhook on the seed',
  ),
  prepared(
    'failed to delete IBU CR',
    'the agent could not take the ImageBasedUpgrade out of the cluster before the image is made',
    'find what holds the deletion (`oc get imagebasedupgrade upgrade -o yaml`)',
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
    'imager failed',
    'the imager could not be started on the node',
    'read why: `journalctl -u lca-generate-seed-image` on the node',
  ),
  imager(
    'failed to wipe workspace',
    'the imager was done, and the agent could not remove its working directory, which holds the push credential',
    'remove /var/lib/lca/ibu-seedgen-orch on the node; the registry says whether the image is there',
  ),
  imager(
    'unexpected return from launching imager container',
    'the imager could not be started on the node',
    `read what is there: \`${imagerLogCommand}\`, and \`journalctl -u lca-generate-seed-image\` on the node`,
  ),
]
