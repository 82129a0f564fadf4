/* IMPORTANT
 * This snapshot file is auto-generated, but designed for humans.
 * It should be checked into source control and tracked carefully.
 * Re-generate by setting TAP_SNAPSHOT=1 and running tests.
 * Make sure to inspect the output below.  Do not ignore changes!
 */
'use strict'
exports[`test/operations/observe.test.ts > TAP > the sandbox shows where a detach stays: a forced detach has left the klusterlet > a forced detach has left the klusterlet 1`] = `
✗ detach of sno1
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
`

exports[`test/operations/observe.test.ts > TAP > the sandbox shows where a detach stays: a host in the namespace of another is held > a host in the namespace of another is held 1`] = `
✗ detach of sno1
  ✗ ClusterInstance sno1/sno1: has been in deletion for more than ten minutes; held by clusterinstance.siteconfig.open-cluster-management.io/finalizer (since TIME)
      → see what holds it: oc describe clusterinstance sno1 -n sno1
    … rendered BareMetalHost node1: deletion-in-progress (since TIME)
  ✗ BareMetalHost sno1/node1: waiting for the deletion of PreprovisioningImage; held by baremetalhost.metal3.io (since TIME)
      → oc patch preprovisioningimage node1 -n sno1 --type=merge -p '{"metadata":{"finalizers":[]}}'
  ✗ BareMetalHost hosts/node2: it is not left running: it is in no known state and not detached; held by baremetalhost.metal3.io (since TIME)
      → look at the machine: the bare metal operator may power it off, and then there is no seed
  · ManagedCluster sno1: siteconfig deletes it once the BareMetalHosts are gone
  · KlusterletAddonConfig sno1/sno1: waits for the ClusterInstance to be deleted
  · ClusterDeployment sno1/sno1: waits for the ClusterInstance to be deleted
  · AgentClusterInstall sno1/sno1: Cluster is installed; waits for the ClusterInstance to be deleted
  · InfraEnv sno1/node1: waits for the ClusterInstance to be deleted
  · NMStateConfig sno1/node1: waits for the ClusterInstance to be deleted
  · seed
    · klusterlet CRD: ACM removes it with the ManifestWorks
`

exports[`test/operations/observe.test.ts > TAP > the sandbox shows where a detach stays: a window of the project denies the sync > a window of the project denies the sync 1`] = `
✗ detach of sno1
  ✗ Application openshift-gitops/clusters
    … last operation: Succeeded: successfully synced (all tasks run) (since TIME)
    ✗ argocd.sync-window: does not sync now: the deny window "* * * * *" of 1h of project ztp is open
        → merge when the window lets Argo CD sync, and after the merge wait for that or change it (argocd proj windows list); until then the cluster stays on the hub
    ✗ argocd.propagation-policy: prunes in the foreground, which can leave the ManagedCluster stuck
        → add PrunePropagationPolicy=background to spec.syncPolicy.syncOptions, as ZTP does
  · ClusterInstance sno1/sno1: Argo CD has not pruned it yet
`

exports[`test/operations/observe.test.ts > TAP > the sandbox shows where a detach stays: an add-on whose agent does not end holds the ManagedCluster > an add-on whose agent does not end holds the ManagedCluster 1`] = `
✗ detach of sno1
  ✗ ClusterInstance sno1/sno1: has been in deletion for more than ten minutes; held by clusterinstance.siteconfig.open-cluster-management.io/finalizer (since TIME)
      → see what holds it: oc describe clusterinstance sno1 -n sno1
    … rendered ManagedCluster sno1: deletion-in-progress (since TIME)
  ✗ ManagedCluster sno1: has been in deletion for more than ten minutes; ManagedClusterImportSucceeded: The managed cluster is being detached now; Deleting: The resource ManagedClusterAddOn, ManifestWork is remaining, the remaining count is 5; held by managedcluster-import-controller.open-cluster-management.io/cleanup, managedcluster-import-controller.open-cluster-management.io/manifestwork-cleanup, cluster.open-cluster-management.io/api-resource-cleanup (since TIME)
      → see what holds it: oc describe managedcluster sno1
    ✗ ManagedClusterAddOn sno1/config-policy-controller: has been in deletion for more than ten minutes; held by cluster.open-cluster-management.io/addon-pre-delete (since TIME)
        → see what holds it: oc describe managedclusteraddon config-policy-controller -n sno1
    ✗ ManagedClusterAddOn sno1/governance-policy-framework: has been in deletion for more than ten minutes; held by cluster.open-cluster-management.io/addon-pre-delete (since TIME)
        → see what holds it: oc describe managedclusteraddon governance-policy-framework -n sno1
    ✗ ManagedClusterAddOn sno1/work-manager: has been in deletion for more than ten minutes; held by cluster.open-cluster-management.io/addon-pre-delete (since TIME)
        → see what holds it: oc describe managedclusteraddon work-manager -n sno1
    · ManifestWork sno1/sno1-klusterlet: ACM removes it when the add-ons are gone
    · ManifestWork sno1/sno1-klusterlet-crds: ACM removes it when the add-ons are gone
  · ClusterDeployment sno1/sno1: waits for the ClusterInstance to be deleted
  · AgentClusterInstall sno1/sno1: Cluster is installed; waits for the ClusterInstance to be deleted
  · InfraEnv sno1/node1: waits for the ClusterInstance to be deleted
  · NMStateConfig sno1/node1: waits for the ClusterInstance to be deleted
  · seed
    · klusterlet CRD: ACM removes it with the ManifestWorks
`

exports[`test/operations/observe.test.ts > TAP > the sandbox shows where a detach stays: an admission webhook denies the prune > an admission webhook denies the prune 1`] = `
✗ detach of sno1
  ✗ Application openshift-gitops/clusters
    ✗ SyncError: Failed last sync attempt to [SHA]: one or more objects failed to apply, reason: admission webhook "no.example.com" denied the request: not today (retried 1 times). (since TIME)
        → let that webhook take the deletion; it names its reason
    ✗ last operation: Failed: one or more objects failed to apply, reason: admission webhook "no.example.com" denied the request: not today (retried 1 times).; tried again 1 times (since TIME)
        → let that webhook take the deletion; it names its reason
    ✗ argocd.propagation-policy: prunes in the foreground, which can leave the ManagedCluster stuck
        → add PrunePropagationPolicy=background to spec.syncPolicy.syncOptions, as ZTP does
  · ClusterInstance sno1/sno1: Argo CD has not pruned it yet
`

exports[`test/operations/observe.test.ts > TAP > the sandbox shows where a detach stays: an AgentClusterInstall is held > an AgentClusterInstall is held 1`] = `
✗ detach of sno1
  ✗ AgentClusterInstall sno1/node1: has been in deletion for more than ten minutes; Cluster is installed; held by its-controller (since TIME)
      → see what holds it: oc describe agentclusterinstall node1 -n sno1
  ✗ Namespace sno1: has been in deletion for more than ten minutes (since TIME)
      → see what holds it: oc describe namespace sno1
`

exports[`test/operations/observe.test.ts > TAP > the sandbox shows where a detach stays: Argo CD does not wipe out all > Argo CD does not wipe out all 1`] = `
✗ detach of sno1
  ✗ Application openshift-gitops/clusters
    ✗ SyncError: Skipping sync attempt to [SHA]: auto-sync will wipe out all resources (since TIME)
        → argocd app sync clusters --prune --resource siteconfig.open-cluster-management.io:ClusterInstance:sno1/sno1
    … last operation: Succeeded: successfully synced (all tasks run) (since TIME)
    ✗ argocd.propagation-policy: prunes in the foreground, which can leave the ManagedCluster stuck
        → add PrunePropagationPolicy=background to spec.syncPolicy.syncOptions, as ZTP does
  · ClusterInstance sno1/sno1: Argo CD has not pruned it yet
`

exports[`test/operations/observe.test.ts > TAP > the sandbox shows where a detach stays: siteconfig has given up after half an hour, and paused > siteconfig has given up after half an hour, and paused 1`] = `
✗ detach of sno1
  ✗ ClusterInstance sno1/sno1: siteconfig has paused it: deletion timeout exceeded for object (metal3.io/v1alpha1/BareMetalHost/sno1/node1): Timed out waiting to delete object (metal3.io/v1alpha1/BareMetalHost/sno1/node1); held by clusterinstance.siteconfig.open-cluster-management.io/finalizer (since TIME)
      → repair what it names, then end the pause: oc annotate clusterinstance sno1 -n sno1 clusterinstance.siteconfig.open-cluster-management.io/paused-
    ✗ rendered BareMetalHost node1: deletion-attempt-timed-out: deletion timeout exceeded for object (metal3.io/v1alpha1/BareMetalHost/sno1/node1): Timed out waiting to delete object (metal3.io/v1alpha1/BareMetalHost/sno1/node1) (since TIME)
        → oc describe baremetalhost node1 -n sno1
  ✗ BareMetalHost sno1/node1: waiting for the deletion of PreprovisioningImage; held by baremetalhost.metal3.io (since TIME)
      → oc patch preprovisioningimage node1 -n sno1 --type=merge -p '{"metadata":{"finalizers":[]}}'
  · ManagedCluster sno1: siteconfig deletes it once the BareMetalHosts are gone
  · KlusterletAddonConfig sno1/sno1: waits for the ClusterInstance to be deleted
  · ClusterDeployment sno1/sno1: waits for the ClusterInstance to be deleted
  · AgentClusterInstall sno1/sno1: Cluster is installed; waits for the ClusterInstance to be deleted
  · InfraEnv sno1/node1: waits for the ClusterInstance to be deleted
  · NMStateConfig sno1/node1: waits for the ClusterInstance to be deleted
  · seed
    · klusterlet CRD: ACM removes it with the ManifestWorks
`

exports[`test/operations/observe.test.ts > TAP > the sandbox shows where a detach stays: siteconfig is paused by hand > siteconfig is paused by hand 1`] = `
✗ detach of sno1
  ✗ ClusterInstance sno1/sno1: siteconfig has paused it; held by clusterinstance.siteconfig.open-cluster-management.io/finalizer (since TIME)
      → repair what it names, then end the pause: oc annotate clusterinstance sno1 -n sno1 clusterinstance.siteconfig.open-cluster-management.io/paused-
  · BareMetalHost sno1/node1: provisioned, detached; waits for the ClusterInstance to be deleted
  · ManagedCluster sno1: siteconfig deletes it once the BareMetalHosts are gone
  · KlusterletAddonConfig sno1/sno1: waits for the ClusterInstance to be deleted
  · ClusterDeployment sno1/sno1: waits for the ClusterInstance to be deleted
  · AgentClusterInstall sno1/sno1: Cluster is installed; waits for the ClusterInstance to be deleted
  · InfraEnv sno1/node1: waits for the ClusterInstance to be deleted
  · NMStateConfig sno1/node1: waits for the ClusterInstance to be deleted
  · seed
    · klusterlet CRD: ACM removes it with the ManifestWorks
`

exports[`test/operations/observe.test.ts > TAP > the sandbox shows where a detach stays: siteconfig waits for a host whose PreprovisioningImage stays > siteconfig waits for a host whose PreprovisioningImage stays 1`] = `
✗ detach of sno1
  ✗ ClusterInstance sno1/sno1: has been in deletion for more than ten minutes; held by clusterinstance.siteconfig.open-cluster-management.io/finalizer (since TIME)
      → see what holds it: oc describe clusterinstance sno1 -n sno1
    … rendered BareMetalHost node1: deletion-in-progress (since TIME)
  ✗ BareMetalHost sno1/node1: waiting for the deletion of PreprovisioningImage; held by baremetalhost.metal3.io (since TIME)
      → oc patch preprovisioningimage node1 -n sno1 --type=merge -p '{"metadata":{"finalizers":[]}}'
  · ManagedCluster sno1: siteconfig deletes it once the BareMetalHosts are gone
  · KlusterletAddonConfig sno1/sno1: waits for the ClusterInstance to be deleted
  · ClusterDeployment sno1/sno1: waits for the ClusterInstance to be deleted
  · AgentClusterInstall sno1/sno1: Cluster is installed; waits for the ClusterInstance to be deleted
  · InfraEnv sno1/node1: waits for the ClusterInstance to be deleted
  · NMStateConfig sno1/node1: waits for the ClusterInstance to be deleted
  · seed
    · klusterlet CRD: ACM removes it with the ManifestWorks
`

exports[`test/operations/observe.test.ts > TAP > the sandbox shows where a detach stays: the Application does not sync by itself > the Application does not sync by itself 1`] = `
✗ detach of sno1
  ✗ Application openshift-gitops/clusters
    … last operation: Succeeded: successfully synced (all tasks run) (since TIME)
    ✗ argocd.automated: does not prune by itself
        → exactly one Application with syncPolicy.automated.prune must render the kustomization
    ✗ argocd.propagation-policy: prunes in the foreground, which can leave the ManagedCluster stuck
        → add PrunePropagationPolicy=background to spec.syncPolicy.syncOptions, as ZTP does
  · ClusterInstance sno1/sno1: Argo CD has not pruned it yet
`

exports[`test/operations/observe.test.ts > TAP > the sandbox shows where a detach stays: the ClusterInstance says Prune=false > the ClusterInstance says Prune=false 1`] = `
✗ detach of sno1
  ✗ Application openshift-gitops/clusters
    ✗ last operation: Succeeded: ignored (no prune) (since TIME)
        → take Prune=false from the ClusterInstance or the Application, then: argocd app sync clusters --prune
    ✗ argocd.prune-option: does not prune the ClusterInstance: it is annotated Prune=false
        → take that out before the merge; else Argo CD leaves the ClusterInstance where it is
    ✗ argocd.propagation-policy: prunes in the foreground, which can leave the ManagedCluster stuck
        → add PrunePropagationPolicy=background to spec.syncPolicy.syncOptions, as ZTP does
  · ClusterInstance sno1/sno1: Argo CD has not pruned it yet
`

exports[`test/operations/observe.test.ts > TAP > the sandbox shows where a detach stays: the deletion of a host is delayed > the deletion of a host is delayed 1`] = `
✗ detach of sno1
  … ClusterInstance sno1/sno1: held by clusterinstance.siteconfig.open-cluster-management.io/finalizer (since TIME)
    … rendered BareMetalHost node1: deletion-in-progress (since TIME)
  ✗ BareMetalHost sno1/node1: its annotation detached says deleteAction: delay, so that it waits for ever; held by baremetalhost.metal3.io (since TIME)
      → oc annotate baremetalhost node1 -n sno1 baremetalhost.metal3.io/detached=assisted-service-controller --overwrite
  · ManagedCluster sno1: siteconfig deletes it once the BareMetalHosts are gone
  · KlusterletAddonConfig sno1/sno1: waits for the ClusterInstance to be deleted
  · ClusterDeployment sno1/sno1: waits for the ClusterInstance to be deleted
  · AgentClusterInstall sno1/sno1: Cluster is installed; waits for the ClusterInstance to be deleted
  · InfraEnv sno1/node1: waits for the ClusterInstance to be deleted
  · NMStateConfig sno1/node1: waits for the ClusterInstance to be deleted
  · seed
    · klusterlet CRD: ACM removes it with the ManifestWorks
`

exports[`test/operations/observe.test.ts > TAP > the sandbox shows where a detach stays: the namespace does not end > the namespace does not end 1`] = `
✓ detach of sno1
  ✗ Namespace sno1: has been in deletion for more than ten minutes; NamespaceFinalizersRemaining: Some content in the namespace has finalizers remaining: its-controller in 1 resource instances (since TIME)
      → see what holds it: oc describe namespace sno1
`

exports[`test/operations/observe.test.ts > TAP > the sandbox shows where a detach stays: the namespace is kept > the namespace is kept 1`] = `
✓ detach of sno1
`

exports[`test/operations/observe.test.ts > TAP > the sandbox shows where a detach stays: the render fails > the render fails 1`] = `
✗ detach of sno1
  ✗ Application openshift-gitops/clusters
    ✗ ComparisonError: Failed to load target state: failed to generate manifest for source 1 of 1: rpc error: code = Unknown desc = CMP processing failed for application "clusters": error generating manifests in cmp: rpc error: code = Unknown desc = error generating manifests: \`sower generate\` failed exit status 1: Error: kustomization.yaml is empty (since TIME)
        → see all that Argo CD says: argocd app get clusters
    … last operation: Succeeded: successfully synced (all tasks run) (since TIME)
    ✗ argocd.propagation-policy: prunes in the foreground, which can leave the ManagedCluster stuck
        → add PrunePropagationPolicy=background to spec.syncPolicy.syncOptions, as ZTP does
  · ClusterInstance sno1/sno1: Argo CD has not pruned it yet
`

exports[`test/operations/observe.test.ts > TAP > the sandbox shows where a detach stays: what an image-based installation brought is held > what an image-based installation brought is held 1`] = `
✗ detach of sno1
  ✗ ImageClusterInstall sno1/node1: has been in deletion for more than ten minutes; Failed: no image; held by its-controller (since TIME)
      → see what holds it: oc describe imageclusterinstall node1 -n sno1
  ✗ DataImage sno1/node1: has been in deletion for more than ten minutes; no boot; held by its-controller (since TIME)
      → see what holds it: oc describe dataimage node1 -n sno1
  ✗ Namespace sno1: has been in deletion for more than ten minutes (since TIME)
      → see what holds it: oc describe namespace sno1
`
