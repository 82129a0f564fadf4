import { names } from '../../names.ts'
import type { Right } from '../../right.ts'

/** Where a run reads and writes; what is not known yet is not asked for. */
export type RightPlaces = Readonly<{
  cluster: string
  /** The namespace in which Sower saves the access to seeds. */
  access: string
  /** The push credential on the hub. */
  secret: Readonly<{ namespace: string; name: string }>
  /** Argo CD's own namespace. */
  argocd: string
  /** The namespaces that hold Applications. */
  applicationNamespaces: readonly string[]
  /** The Application that has to be refreshed after the merge; null where it is not known. */
  application: Readonly<{ namespace: string; name: string }> | null
  /** The hosts of the cluster in other namespaces. */
  hostsElsewhere: readonly Readonly<{ namespace: string; name: string }>[]
  /** The namespace of the Lifecycle Agent on the seed; null where it is not known. */
  agent: string | null
  /** An adopted run asks nothing of Argo CD, and saves no access. */
  adopt?: boolean
}>

const to = (
  verb: string,
  resource: string,
  place: Readonly<{ namespace?: string; name?: string }> = {},
): Right => {
  const [plural = '', ...group] = resource.split('.')
  return { verb, group: group.join('.'), resource: plural, ...place }
}

/** The kinds that siteconfig renders into the namespace of a cluster, and those that ACM adds: all of them must go. */
const leavingKinds = [
  'baremetalhosts.metal3.io',
  'dataimages.metal3.io',
  'managedclusteraddons.addon.open-cluster-management.io',
  'manifestworks.work.open-cluster-management.io',
  'klusterletaddonconfigs.agent.open-cluster-management.io',
  'clusterdeployments.hive.openshift.io',
  'agentclusterinstalls.extensions.hive.openshift.io',
  'imageclusterinstalls.extensions.hive.openshift.io',
  'infraenvs.agent-install.openshift.io',
  'nmstateconfigs.agent-install.openshift.io',
]

const hubRights = (places: RightPlaces): readonly Right[] => {
  const { cluster, access, secret, argocd, applicationNamespaces, hostsElsewhere } = places
  const application = places.application ?? { namespace: argocd }
  const saved = { namespace: access, name: `${cluster}-access` }
  return [
    to('list', 'clusterinstances.siteconfig.open-cluster-management.io'),
    to('get', 'managedclusters.cluster.open-cluster-management.io', { name: cluster }),
    to('get', 'namespaces', { name: cluster }),
    ...leavingKinds.map(kind => to('list', kind, { namespace: cluster })),
    ...hostsElsewhere.map(host => to('get', 'baremetalhosts.metal3.io', host)),
    ...(places.adopt === true
      ? []
      : [
          ...applicationNamespaces.map(namespace =>
            to('list', 'applications.argoproj.io', { namespace }),
          ),
          to('patch', 'applications.argoproj.io', application),
          to('list', 'appprojects.argoproj.io', { namespace: argocd }),
          to('get', 'secrets', { namespace: cluster, name: `${cluster}-admin-kubeconfig` }),
        ]),
    ...['get', 'create', 'patch', 'delete'].map(verb => to(verb, 'secrets', saved)),
    to('get', 'secrets', secret),
    to('get', 'sealedsecrets.bitnami.com', secret),
  ]
}

const seedRights = ({ agent }: Pick<RightPlaces, 'agent'>): readonly Right[] => {
  const generator = 'seedgenerators.lca.openshift.io'
  const { seedGenerator, seedSecret: name } = names
  return [
    to('get', 'customresourcedefinitions.apiextensions.k8s.io', {
      name: 'klusterlets.operator.open-cluster-management.io',
    }),
    to('list', 'namespaces'),
    to('list', 'clusterserviceversions.operators.coreos.com'),
    to('create', generator),
    ...['get', 'delete'].map(verb => to(verb, generator, { name: seedGenerator })),
    ...(agent === null
      ? []
      : [
          to('create', 'secrets', { namespace: agent }),
          ...['get', 'delete'].map(verb => to(verb, 'secrets', { namespace: agent, name })),
        ]),
  ]
}

/** Every right that a run needs after the merge, when it is too late to find one missing; on the seed as its administrator. */
export const neededRights = (
  places: RightPlaces,
): Readonly<{ hub: readonly Right[]; seed: readonly Right[] }> => ({
  hub: hubRights(places),
  seed: seedRights(places),
})
