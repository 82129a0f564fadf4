/* IMPORTANT
 * This snapshot file is auto-generated, but designed for humans.
 * It should be checked into source control and tracked carefully.
 * Re-generate by setting TAP_SNAPSHOT=1 and running tests.
 * Make sure to inspect the output below.  Do not ignore changes!
 */
'use strict'
exports[`test/core/waiting.test.ts > TAP > each blocker of a detach has its tree > a host is held 1`] = `
✗ detach of sno1
  ✓ Application openshift-gitops/site: has pruned the ClusterInstance
  ✓ ClusterInstance
  ✗ BareMetalHost sno1/node1: has been in deletion for more than ten minutes; provisioned, detached; held by a, b (20m)
      → see what holds it: oc describe baremetalhost node1 -n sno1
  ✓ ManagedCluster
  ✓ ManagedClusterAddOns
  ✓ ManifestWorks
  ✓ seed
    ✓ klusterlet CRD
    ✓ add-on namespaces
  ✓ Namespace
`

exports[`test/core/waiting.test.ts > TAP > each blocker of a detach has its tree > a host is powered off 1`] = `
✗ detach of sno1
  ✓ Application openshift-gitops/site: has pruned the ClusterInstance
  ✓ ClusterInstance
  ✗ BareMetalHost sno1/node1: it is not left running: it is deprovisioning and not detached (20m)
      → look at the machine: the bare metal operator may power it off, and then there is no seed
  ✗ BareMetalHost sno1/node2: it is not left running: it is deleting and detached (5m)
      → look at the machine: the bare metal operator may power it off, and then there is no seed
  ✗ BareMetalHost sno1/node3: it is not left running: it is in no known state and not detached (5m)
      → look at the machine: the bare metal operator may power it off, and then there is no seed
  ✓ ManagedCluster
  ✓ ManagedClusterAddOns
  ✓ ManifestWorks
  ✓ seed
    ✓ klusterlet CRD
    ✓ add-on namespaces
  ✓ Namespace
`

exports[`test/core/waiting.test.ts > TAP > each blocker of a detach has its tree > a host reports an error 1`] = `
✗ detach of sno1
  ✓ Application openshift-gitops/site: has pruned the ClusterInstance
  ✓ ClusterInstance
  ✗ BareMetalHost sno1/node1: no BMC (20m)
      → oc describe baremetalhost node1 -n sno1
  ✓ ManagedCluster
  ✓ ManagedClusterAddOns
  ✓ ManifestWorks
  ✓ seed
    ✓ klusterlet CRD
    ✓ add-on namespaces
  ✓ Namespace
`

exports[`test/core/waiting.test.ts > TAP > each blocker of a detach has its tree > a host waits for its PreprovisioningImage 1`] = `
✗ detach of sno1
  ✓ Application openshift-gitops/site: has pruned the ClusterInstance
  ✓ ClusterInstance
  ✗ BareMetalHost sno1/node1: waiting for the deletion of PreprovisioningImage (20m)
      → oc patch preprovisioningimage node1 -n sno1 --type=merge -p '{"metadata":{"finalizers":[]}}'
  ✓ ManagedCluster
  ✓ ManagedClusterAddOns
  ✓ ManifestWorks
  ✓ seed
    ✓ klusterlet CRD
    ✓ add-on namespaces
  ✓ Namespace
`

exports[`test/core/waiting.test.ts > TAP > each blocker of a detach has its tree > a prune wants to be confirmed 1`] = `
✗ detach of sno1
  ✗ Application openshift-gitops/site
    ✓ has compared the merge: at bbbbbbbbbbbb
    ✗ last operation: Running: waiting for pruning confirmation of siteconfig/ClusterInstance/sno1 (20m)
        → confirm the prune: oc annotate application site -n openshift-gitops argocd.argoproj.io/deletion-approved=$(date -u +%Y-%m-%dT%H:%M:%SZ) --overwrite
  · ClusterInstance sno1/sno1: Argo CD has not pruned it yet
  ✓ BareMetalHosts
  ✓ ManagedCluster
  ✓ ManagedClusterAddOns
  ✓ ManifestWorks
  ✓ seed
    ✓ klusterlet CRD
    ✓ add-on namespaces
  ✓ Namespace
`

exports[`test/core/waiting.test.ts > TAP > each blocker of a detach has its tree > a sync fails for a reason that Sower does not know 1`] = `
✗ detach of sno1
  ✗ Application openshift-gitops/site
    ✓ has compared the merge: at bbbbbbbbbbbb
    ✗ last operation: Error: no (20m)
        → see all that Argo CD says: argocd app get site
  · ClusterInstance sno1/sno1: Argo CD has not pruned it yet
  ✓ BareMetalHosts
  ✓ ManagedCluster
  ✓ ManagedClusterAddOns
  ✓ ManifestWorks
  ✓ seed
    ✓ klusterlet CRD
    ✓ add-on namespaces
  ✓ Namespace
`

exports[`test/core/waiting.test.ts > TAP > each blocker of a detach has its tree > ACM has no add-ons left 1`] = `
… detach of sno1
  ✓ Application openshift-gitops/site: has pruned the ClusterInstance
  ✓ ClusterInstance
  ✓ BareMetalHosts
  … ManagedCluster sno1: held by cleanup (5m)
    ✓ ManagedClusterAddOns
    ✓ ManifestWorks
  ✓ seed
    ✓ klusterlet CRD
    ✓ add-on namespaces
  ✓ Namespace
`

exports[`test/core/waiting.test.ts > TAP > each blocker of a detach has its tree > ACM says that it forces 1`] = `
✗ detach of sno1
  ✓ Application openshift-gitops/site: has pruned the ClusterInstance
  ✓ ClusterInstance
  ✓ BareMetalHosts
  ✗ ManagedCluster sno1: is detached by force: ACM removes what is on the hub and leaves the klusterlet on the seed; held by cleanup (5m)
      → let it go on; then repair the seed as shown there
    ✓ ManagedClusterAddOns
    ✓ ManifestWorks
  ✓ seed
    ✓ klusterlet CRD
    ✓ add-on namespaces
  ✓ Namespace
`

exports[`test/core/waiting.test.ts > TAP > each blocker of a detach has its tree > ACM takes the cluster apart 1`] = `
✗ detach of sno1
  ✓ Application openshift-gitops/site: has pruned the ClusterInstance
  ✓ ClusterInstance
  ✓ BareMetalHosts
  … ManagedCluster sno1: ManagedClusterImportSucceeded: ManagedClusterDetaching; Deleting: addons left; held by cleanup (5m)
    ✗ ManagedClusterAddOn sno1/sno1: has been in deletion for more than ten minutes; held by pre-delete (20m)
        → see what holds it: oc describe managedclusteraddon sno1 -n sno1
    · ManifestWork sno1/sno1: ACM removes it when the add-ons are gone
  · seed
    · klusterlet CRD: ACM removes it with the ManifestWorks
    ✓ add-on namespaces
  ✓ Namespace
`

exports[`test/core/waiting.test.ts > TAP > each blocker of a detach has its tree > add-on namespaces are still to go 1`] = `
· detach of sno1
  ✓ Application openshift-gitops/site: has pruned the ClusterInstance
  ✓ ClusterInstance
  ✓ BareMetalHosts
  … ManagedCluster sno1: held by cleanup (5m)
    ✓ ManagedClusterAddOns
    ✓ ManifestWorks
  · seed
    ✓ klusterlet CRD
    · namespace open-cluster-management-addon-observability: the Lifecycle Agent refuses a seed with it
  ✓ Namespace
`

exports[`test/core/waiting.test.ts > TAP > each blocker of a detach has its tree > add-ons outlive the ManagedCluster 1`] = `
✗ detach of sno1
  ✓ Application openshift-gitops/site: has pruned the ClusterInstance
  ✓ ClusterInstance
  ✓ BareMetalHosts
  ✓ ManagedCluster
  ✗ ManagedClusterAddOn sno1/sno1: has been in deletion for more than ten minutes (20m)
      → see what holds it: oc describe managedclusteraddon sno1 -n sno1
  ✓ ManifestWorks
  ✓ seed
    ✓ klusterlet CRD
    ✓ add-on namespaces
  ✓ Namespace
`

exports[`test/core/waiting.test.ts > TAP > each blocker of a detach has its tree > an admission webhook says no 1`] = `
✗ detach of sno1
  ✗ Application openshift-gitops/site
    ✓ has compared the merge: at bbbbbbbbbbbb
    ✗ last operation: Failed: admission webhook "x" denied the request: no; tried again 5 times (20m)
        → let that webhook take the deletion; it names its reason
  · ClusterInstance sno1/sno1: Argo CD has not pruned it yet
  ✓ BareMetalHosts
  ✓ ManagedCluster
  ✓ ManagedClusterAddOns
  ✓ ManifestWorks
  ✓ seed
    ✓ klusterlet CRD
    ✓ add-on namespaces
  ✓ Namespace
`

exports[`test/core/waiting.test.ts > TAP > each blocker of a detach has its tree > an error without words 1`] = `
✗ detach of sno1
  ✗ Application openshift-gitops/site
    ✓ has compared the merge: at bbbbbbbbbbbb
    ✗ UnknownError (20m)
        → see all that Argo CD says: argocd app get site
  · ClusterInstance sno1/sno1: Argo CD has not pruned it yet
  ✓ BareMetalHosts
  ✓ ManagedCluster
  ✓ ManagedClusterAddOns
  ✓ ManifestWorks
  ✓ seed
    ✓ klusterlet CRD
    ✓ add-on namespaces
  ✓ Namespace
`

exports[`test/core/waiting.test.ts > TAP > each blocker of a detach has its tree > an image-based host has a DataImage 1`] = `
✗ detach of sno1
  ✓ Application openshift-gitops/site: has pruned the ClusterInstance
  ✓ ClusterInstance
  ✓ BareMetalHosts
  ✓ ManagedCluster
  ✓ ManagedClusterAddOns
  ✓ ManifestWorks
  ✗ DataImage sno1/sno1: has been in deletion for more than ten minutes; no boot (20m)
      → see what holds it: oc describe dataimage sno1 -n sno1
  … ImageClusterInstall sno1/sno1: Failed: no image (5m)
  … AgentClusterInstall sno1/sno1: Cluster is installed (5m)
  ✓ seed
    ✓ klusterlet CRD
    ✓ add-on namespaces
  ✓ Namespace
`

exports[`test/core/waiting.test.ts > TAP > each blocker of a detach has its tree > another Application shares it 1`] = `
✗ detach of sno1
  ✗ Application openshift-gitops/site
    ✓ has compared the merge: at bbbbbbbbbbbb
    ✗ SharedResourceWarning: ClusterInstance/sno1 is (20m)
        → see all that Argo CD says: argocd app get site
  · ClusterInstance sno1/sno1: Argo CD has not pruned it yet
  ✓ BareMetalHosts
  ✓ ManagedCluster
  ✓ ManagedClusterAddOns
  ✓ ManifestWorks
  ✓ seed
    ✓ klusterlet CRD
    ✓ add-on namespaces
  ✓ Namespace
`

exports[`test/core/waiting.test.ts > TAP > each blocker of a detach has its tree > Argo CD has not looked yet 1`] = `
· detach of sno1
  · Application openshift-gitops/site: is not compared, and has not pruned the ClusterInstance yet
    · has not compared the merge: compared bbbbbbbbbbbb; looks at Git by itself now and then
  · ClusterInstance sno1/sno1: Argo CD has not pruned it yet
  ✓ BareMetalHosts
  ✓ ManagedCluster
  ✓ ManagedClusterAddOns
  ✓ ManifestWorks
  ✓ seed
    ✓ klusterlet CRD
    ✓ add-on namespaces
  ✓ Namespace
`

exports[`test/core/waiting.test.ts > TAP > each blocker of a detach has its tree > Argo CD is asked to look 1`] = `
· detach of sno1
  · Application openshift-gitops/site: is not compared, and has not pruned the ClusterInstance yet
    · has not compared the merge: compared aaaaaaaaaaaa; is asked to look at Git
  · ClusterInstance sno1/sno1: Argo CD has not pruned it yet
  ✓ BareMetalHosts
  ✓ ManagedCluster
  ✓ ManagedClusterAddOns
  ✓ ManifestWorks
  ✓ seed
    ✓ klusterlet CRD
    ✓ add-on namespaces
  ✓ Namespace
`

exports[`test/core/waiting.test.ts > TAP > each blocker of a detach has its tree > no Application renders it 1`] = `
✗ detach of sno1
  ✗ Application: there is not exactly one that renders the kustomization from the base branch
      → oc get applications -A; one must render it, and prune
  · ClusterInstance sno1/sno1: Argo CD has not pruned it yet
  ✓ BareMetalHosts
  ✓ ManagedCluster
  ✓ ManagedClusterAddOns
  ✓ ManifestWorks
  ✓ seed
    ✓ klusterlet CRD
    ✓ add-on namespaces
  ✓ Namespace
`

exports[`test/core/waiting.test.ts > TAP > each blocker of a detach has its tree > no instance is read, and a sync is refused 1`] = `
✗ detach of sno1
  ✗ Application openshift-gitops/site
    ✓ has compared the merge: at bbbbbbbbbbbb
    ✗ SyncError: auto-sync will wipe out all resources
        → argocd app sync site --prune --resource siteconfig.open-cluster-management.io:ClusterInstance:NAMESPACE/NAME
  · ClusterInstance sno1/sno1: Argo CD has not pruned it yet
  ✓ BareMetalHosts
  ✓ ManagedCluster
  ✓ ManagedClusterAddOns
  ✓ ManifestWorks
  ✓ seed
    ✓ klusterlet CRD
    ✓ add-on namespaces
  ✓ Namespace
`

exports[`test/core/waiting.test.ts > TAP > each blocker of a detach has its tree > nothing is left 1`] = `
✓ detach of sno1
  ✓ Application openshift-gitops/site: has pruned the ClusterInstance
  ✓ ClusterInstance
  ✓ BareMetalHosts
  ✓ ManagedCluster
  ✓ ManagedClusterAddOns
  ✓ ManifestWorks
  ✓ seed
    ✓ klusterlet CRD
    ✓ add-on namespaces
  ✓ Namespace
`

exports[`test/core/waiting.test.ts > TAP > each blocker of a detach has its tree > siteconfig deletes its objects 1`] = `
· detach of sno1
  ✓ Application openshift-gitops/site: has pruned the ClusterInstance
  … ClusterInstance sno1/sno1: held by siteconfig (5m)
    … rendered BareMetalHost node1: deletion-in-progress
  … BareMetalHost sno1/node1: provisioned, detached; held by baremetalhost.metal3.io (5m)
  · ManagedCluster sno1: siteconfig deletes it once the BareMetalHosts are gone
  · AgentClusterInstall sno1/sno1: waits for the ClusterInstance to be deleted
  ✓ DataImage
  · seed
    · klusterlet CRD: ACM removes it with the ManifestWorks
    ✓ add-on namespaces
  ✓ Namespace
`

exports[`test/core/waiting.test.ts > TAP > each blocker of a detach has its tree > siteconfig has paused 1`] = `
✗ detach of sno1
  ✓ Application openshift-gitops/site: has pruned the ClusterInstance
  ✗ ClusterInstance sno1/sno1: siteconfig has paused it: deletion timeout exceeded; held by siteconfig (5m)
      → repair what it names, then end the pause: oc annotate clusterinstance sno1 -n sno1 clusterinstance.siteconfig.open-cluster-management.io/paused-
    ✗ rendered BareMetalHost node1: deletion-attempt-timed-out: Timed out (20m)
        → oc describe baremetalhost node1 -n sno1
    ✗ rendered ManagedCluster sno1: deletion-failed
        → oc describe managedcluster sno1
  ✓ BareMetalHosts
  ✓ ManagedCluster
  ✓ ManagedClusterAddOns
  ✓ ManifestWorks
  ✓ seed
    ✓ klusterlet CRD
    ✓ add-on namespaces
  ✓ Namespace
`

exports[`test/core/waiting.test.ts > TAP > each blocker of a detach has its tree > siteconfig is paused by hand 1`] = `
✗ detach of sno1
  ✓ Application openshift-gitops/site: has pruned the ClusterInstance
  ✗ ClusterInstance sno1/sno1: siteconfig has paused it
      → repair what it names, then end the pause: oc annotate clusterinstance sno1 -n sno1 clusterinstance.siteconfig.open-cluster-management.io/paused-
  ✓ BareMetalHosts
  ✓ ManagedCluster
  ✓ ManagedClusterAddOns
  ✓ ManifestWorks
  ✓ seed
    ✓ klusterlet CRD
    ✓ add-on namespaces
  ✓ Namespace
`

exports[`test/core/waiting.test.ts > TAP > each blocker of a detach has its tree > siteconfig says why it cannot delete 1`] = `
✗ detach of sno1
  ✓ Application openshift-gitops/site: has pruned the ClusterInstance
  ✗ ClusterInstance sno1/sno1: has been in deletion for more than ten minutes; Failed: no right (20m)
      → see what holds it: oc describe clusterinstance sno1 -n sno1
  ✓ BareMetalHosts
  ✓ ManagedCluster
  ✓ ManagedClusterAddOns
  ✓ ManifestWorks
  ✓ seed
    ✓ klusterlet CRD
    ✓ add-on namespaces
  ✓ Namespace
`

exports[`test/core/waiting.test.ts > TAP > each blocker of a detach has its tree > the API servers deny a read 1`] = `
? detach of sno1
  ✓ Application openshift-gitops/site: has pruned the ClusterInstance
  ✓ ClusterInstance
  ? BareMetalHosts: Sower is not allowed to list baremetalhosts.metal3.io in sno1
      → give Sower that right: ClusterRole sower holds it
  ✓ ManagedCluster
  ✓ ManagedClusterAddOns
  ✓ ManifestWorks
  ? seed
    ? klusterlet CRD: Sower is not allowed to get customresourcedefinitions.apiextensions.k8s.io
        → use the admin kubeconfig of the seed
    ✓ add-on namespaces
  ✓ Namespace
`

exports[`test/core/waiting.test.ts > TAP > each blocker of a detach has its tree > the Application does not prune 1`] = `
✗ detach of sno1
  ✗ Application openshift-gitops/site
    ✓ has compared the merge: at bbbbbbbbbbbb
    ✗ argocd.automated: does not prune by itself
        → exactly one Application with syncPolicy.automated.prune must render the kustomization
  · ClusterInstance sno1/sno1: Argo CD has not pruned it yet
  ✓ BareMetalHosts
  ✓ ManagedCluster
  ✓ ManagedClusterAddOns
  ✓ ManifestWorks
  ✓ seed
    ✓ klusterlet CRD
    ✓ add-on namespaces
  ✓ Namespace
`

exports[`test/core/waiting.test.ts > TAP > each blocker of a detach has its tree > the Application is gone, and so is the rest 1`] = `
✓ detach of sno1
  ✓ ClusterInstance
  ✓ BareMetalHosts
  ✓ ManagedCluster
  ✓ ManagedClusterAddOns
  ✓ ManifestWorks
  ✓ seed
    ✓ klusterlet CRD
    ✓ add-on namespaces
  ✓ Namespace
`

exports[`test/core/waiting.test.ts > TAP > each blocker of a detach has its tree > the Application would be empty 1`] = `
✗ detach of sno1
  ✗ Application openshift-gitops/site
    ✓ has compared the merge: at bbbbbbbbbbbb
    ✗ SyncError: Skipping sync attempt to [a]: auto-sync will wipe out all resources (20m)
        → argocd app sync site --prune --resource siteconfig.open-cluster-management.io:ClusterInstance:sno1/sno1
  · ClusterInstance sno1/sno1: Argo CD has not pruned it yet
  ✓ BareMetalHosts
  ✓ ManagedCluster
  ✓ ManagedClusterAddOns
  ✓ ManifestWorks
  ✓ seed
    ✓ klusterlet CRD
    ✓ add-on namespaces
  ✓ Namespace
`

exports[`test/core/waiting.test.ts > TAP > each blocker of a detach has its tree > the ClusterInstance waits for its prune 1`] = `
· detach of sno1
  · Application openshift-gitops/site: is OutOfSync, and has not pruned the ClusterInstance yet
    ✓ has compared the merge: at bbbbbbbbbbbb
  · ClusterInstance sno1/sno1: Argo CD has not pruned it yet
  ✓ BareMetalHosts
  ✓ ManagedCluster
  ✓ ManagedClusterAddOns
  ✓ ManifestWorks
  ✓ seed
    ✓ klusterlet CRD
    ✓ add-on namespaces
  ✓ Namespace
`

exports[`test/core/waiting.test.ts > TAP > each blocker of a detach has its tree > the deletion of a host is delayed 1`] = `
✗ detach of sno1
  ✓ Application openshift-gitops/site: has pruned the ClusterInstance
  ✓ ClusterInstance
  ✗ BareMetalHost sno1/node1: its annotation detached says deleteAction: delay, so that it waits for ever (5m)
      → oc annotate baremetalhost node1 -n sno1 baremetalhost.metal3.io/detached=assisted-service-controller --overwrite
  ✓ ManagedCluster
  ✓ ManagedClusterAddOns
  ✓ ManifestWorks
  ✓ seed
    ✓ klusterlet CRD
    ✓ add-on namespaces
  ✓ Namespace
`

exports[`test/core/waiting.test.ts > TAP > each blocker of a detach has its tree > the detach is forced 1`] = `
✗ detach of sno1
  ✓ Application openshift-gitops/site: has pruned the ClusterInstance
  ✓ ClusterInstance
  ✓ BareMetalHosts
  ✗ ManagedCluster sno1: is detached by force: ACM removes what is on the hub and leaves the klusterlet on the seed; held by cleanup (5m)
      → let it go on; then repair the seed as shown there
    ✓ ManagedClusterAddOns
    ✓ ManifestWorks
  ✓ seed
    ✓ klusterlet CRD
    ✓ add-on namespaces
  ✓ Namespace
`

exports[`test/core/waiting.test.ts > TAP > each blocker of a detach has its tree > the forced detach left the klusterlet 1`] = `
✗ detach of sno1
  ✓ Application openshift-gitops/site: has pruned the ClusterInstance
  ✓ ClusterInstance
  ✓ BareMetalHosts
  ✓ ManagedCluster
  ✓ ManagedClusterAddOns
  ✓ ManifestWorks
  ✗ seed
    ✗ klusterlet CRD: the ManagedCluster is gone and the klusterlet is still there: nothing removes it any more
        → with the admin kubeconfig of the seed, go through these steps
      ✗ step 1 on the seed
          → oc delete namespace open-cluster-management-agent open-cluster-management-agent-addon --wait=false --ignore-not-found
      ✗ step 2 on the seed
          → oc get crds -o name | grep open-cluster-management.io | xargs -r oc delete --wait=false
      ✗ step 3 on the seed
          → oc get crds -o name | grep open-cluster-management.io | xargs -r -I{} oc patch {} --type=merge -p '{"metadata":{"finalizers":[]}}'
      ✗ step 4 on the seed
          → oc get crds -o name | grep open-cluster-management.io, until it prints nothing
    ✗ namespace open-cluster-management-addon-observability: the Lifecycle Agent refuses a seed with it
        → on the seed: oc delete namespace open-cluster-management-addon-observability
  ✓ Namespace
`

exports[`test/core/waiting.test.ts > TAP > each blocker of a detach has its tree > the hub gives no answer 1`] = `
? detach of sno1
  ? Application: no answer: timeout
  ? ClusterInstance: cannot be read
      → give Sower the right to read it: manifests/base
  ? BareMetalHosts: this kind is not served
      → see that its operator is installed on the hub
  ? ManagedCluster: no answer: unreachable
  ✓ ManagedClusterAddOns
  ✓ ManifestWorks
  ? seed
    ? klusterlet CRD: not asked
        → nothing, or give Sower access to it
    ✓ add-on namespaces
  ✓ Namespace
`

exports[`test/core/waiting.test.ts > TAP > each blocker of a detach has its tree > the namespace does not end 1`] = `
✓ detach of sno1
  ✓ Application openshift-gitops/site: has pruned the ClusterInstance
  ✓ ClusterInstance
  ✓ BareMetalHosts
  ✓ ManagedCluster
  ✓ ManagedClusterAddOns
  ✓ ManifestWorks
  ✓ seed
    ✓ klusterlet CRD
    ✓ add-on namespaces
  ✗ Namespace sno1: has been in deletion for more than ten minutes; NamespaceFinalizersRemaining: agents has 1 resource (20m)
      → see what holds it: oc describe namespace sno1
`

exports[`test/core/waiting.test.ts > TAP > each blocker of a detach has its tree > the namespace is kept 1`] = `
✓ detach of sno1
  ✓ Application openshift-gitops/site: has pruned the ClusterInstance
  ✓ ClusterInstance
  ✓ BareMetalHosts
  ✓ ManagedCluster
  ✓ ManagedClusterAddOns
  ✓ ManifestWorks
  ✓ seed
    ✓ klusterlet CRD
    ✓ add-on namespaces
  ✓ Namespace sno1: stays: it is annotated open-cluster-management.io/retain-namespace
`

exports[`test/core/waiting.test.ts > TAP > each blocker of a detach has its tree > the namespace stays 1`] = `
✓ detach of sno1
  ✓ Application openshift-gitops/site: has pruned the ClusterInstance
  ✓ ClusterInstance
  ✓ BareMetalHosts
  ✓ ManagedCluster
  ✓ ManagedClusterAddOns
  ✓ ManifestWorks
  ✓ seed
    ✓ klusterlet CRD
    ✓ add-on namespaces
  ✓ Namespace sno1: stays; ACM deletes it last, and the detach does not wait for it
`

exports[`test/core/waiting.test.ts > TAP > each blocker of a detach has its tree > the object is not pruned 1`] = `
✗ detach of sno1
  ✗ Application openshift-gitops/site
    ✓ has compared the merge: at bbbbbbbbbbbb
    ✗ last operation: Succeeded: ignored (no prune) (20m)
        → take Prune=false from the ClusterInstance or the Application, then: argocd app sync site --prune
  · ClusterInstance sno1/sno1: Argo CD has not pruned it yet
  ✓ BareMetalHosts
  ✓ ManagedCluster
  ✓ ManagedClusterAddOns
  ✓ ManifestWorks
  ✓ seed
    ✓ klusterlet CRD
    ✓ add-on namespaces
  ✓ Namespace
`

exports[`test/core/waiting.test.ts > TAP > each blocker of a detach has its tree > the render fails 1`] = `
✗ detach of sno1
  ✗ Application openshift-gitops/site
    ✓ has compared the merge: at bbbbbbbbbbbb
    ✗ ComparisonError: Failed to load target state: Manifest generation error (cached): failed (20m)
        → repair the render, then: argocd app get site --hard-refresh
  · ClusterInstance sno1/sno1: Argo CD has not pruned it yet
  ✓ BareMetalHosts
  ✓ ManagedCluster
  ✓ ManagedClusterAddOns
  ✓ ManifestWorks
  ✓ seed
    ✓ klusterlet CRD
    ✓ add-on namespaces
  ✓ Namespace
`

exports[`test/core/waiting.test.ts > TAP > each blocker of a detach has its tree > the sync goes on 1`] = `
· detach of sno1
  · Application openshift-gitops/site: is OutOfSync, and has not pruned the ClusterInstance yet
    ✓ has compared the merge: at bbbbbbbbbbbb
    … last operation: Running: waiting for deletion of /Secret/x (20m)
  · ClusterInstance sno1/sno1: Argo CD has not pruned it yet
  ✓ BareMetalHosts
  ✓ ManagedCluster
  ✓ ManagedClusterAddOns
  ✓ ManifestWorks
  ✓ seed
    ✓ klusterlet CRD
    ✓ add-on namespaces
  ✓ Namespace
`

exports[`test/core/waiting.test.ts > TAP > each blocker of a detach has its tree > the sync has begun 1`] = `
· detach of sno1
  · Application openshift-gitops/site: is OutOfSync, and has not pruned the ClusterInstance yet
    ✓ has compared the merge: at bbbbbbbbbbbb
    … last operation: Running (20m)
  · ClusterInstance sno1/sno1: Argo CD has not pruned it yet
  ✓ BareMetalHosts
  ✓ ManagedCluster
  ✓ ManagedClusterAddOns
  ✓ ManifestWorks
  ✓ seed
    ✓ klusterlet CRD
    ✓ add-on namespaces
  ✓ Namespace
`

exports[`test/core/waiting.test.ts > TAP > each blocker of a detach has its tree > the sync has failed for good 1`] = `
✗ detach of sno1
  ✗ Application openshift-gitops/site
    ✓ has compared the merge: at bbbbbbbbbbbb
    ✗ SyncError: Failed last sync attempt to [a]: no (20m)
        → repair what it names, then: argocd app sync site --prune; Argo CD does not try this commit again by itself
  · ClusterInstance sno1/sno1: Argo CD has not pruned it yet
  ✓ BareMetalHosts
  ✓ ManagedCluster
  ✓ ManagedClusterAddOns
  ✓ ManifestWorks
  ✓ seed
    ✓ klusterlet CRD
    ✓ add-on namespaces
  ✓ Namespace
`
