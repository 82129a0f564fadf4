/** A question that no check of the preflight can answer: why, and the command with which a person looks. */
export type NotCheckable = Readonly<{ id: string; what: string; why: string; command: string }>

const afterDetach = 'it is true only after the detach; Sower waits for it then'
const klusterlet = 'klusterlets.operator.open-cluster-management.io'

/** The ids of the lists of checks that are in no table. */
export const notCheckable: readonly NotCheckable[] = [
  {
    id: 'G6',
    what: 'only the ClusterInstance leaves in this commit, its namespace and Secrets stay',
    why: 'the proof refuses it where it would lose something else; a companion may leave on purpose',
    command: 'sower plan CLUSTER',
  },
  {
    id: 'H13',
    what: 'the namespace of the cluster is kept where Git still lists it',
    why: 'the repository says whether Git lists it',
    command:
      "oc get namespace CLUSTER -o jsonpath='{.metadata.annotations.open-cluster-management\\.io/retain-namespace}'",
  },
  {
    id: 'H17',
    what: 'ManagedCluster, ClusterInstance, BareMetalHosts and ManifestWorks are gone',
    why: afterDetach,
    command: 'oc get managedcluster CLUSTER; oc get clusterinstance,bmh,manifestwork -n CLUSTER',
  },
  {
    id: 'S9',
    what: 'the klusterlet is gone from the seed',
    why: afterDetach,
    command: `oc --kubeconfig SEED get crd ${klusterlet}`,
  },
  {
    id: 'S24',
    what: 'proxy, FIPS, trust bundle and mirrors are those of the targets',
    why: 'the targets are not known to a preflight of one seed',
    command:
      'oc --kubeconfig SEED get proxy cluster -o yaml; oc --kubeconfig SEED get imagedigestmirrorsets,imagecontentsourcepolicies; oc --kubeconfig SEED get configmap user-ca-bundle -n openshift-config',
  },
  {
    id: 'R4',
    what: 'the image is in the registry, with the labels of this seed',
    why: 'it is made after the merge; Sower reads its labels then',
    command: 'skopeo inspect --config docker://IMAGE',
  },
  {
    id: 'R5',
    what: 'only a credential lets anyone read the image: its labels hold names and addresses of the seed',
    why: 'before the image exists, a registry has nothing to show to a stranger',
    command: 'skopeo inspect --no-creds docker://IMAGE',
  },
  {
    id: 'A14',
    what: 'uid and resourceVersion of the live objects, and the last id of the history, are known',
    why: 'Sower keeps the uid of the ManagedCluster and judges by it',
    command: 'argocd app history NAME',
  },
]
