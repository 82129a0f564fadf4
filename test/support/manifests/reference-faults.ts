/** An object as far as references are in it. */
export type Manifest = Readonly<{
  apiVersion: string
  kind: string
  metadata: Readonly<{ name: string; namespace?: string; labels?: Labels }>
  roleRef?: Readonly<{ kind: string; name: string }>
  subjects?: readonly Readonly<{ kind: string; name: string; namespace?: string }>[]
  spec?: Spec
}>
type Labels = Readonly<Record<string, string>>
type Port = Readonly<{ name?: string; port?: number | string; targetPort?: number | string }>
type Container = Readonly<{
  ports?: readonly Readonly<{ name?: string; containerPort: number }>[]
  livenessProbe?: Probe
  readinessProbe?: Probe
  volumeMounts?: readonly Readonly<{ name: string }>[]
}>
type Probe = Readonly<{ httpGet?: Readonly<{ port: number | string }> }>
type Pod = Readonly<{
  serviceAccountName?: string
  containers: readonly Container[]
  volumes?: readonly Readonly<{
    name: string
    secret?: { secretName: string }
    persistentVolumeClaim?: { claimName: string }
  }>[]
}>
type Template = Readonly<{ metadata: { labels: Labels }; spec: Pod }>
type Spec = Readonly<{
  selector?: Readonly<Record<string, unknown>>
  podSelector?: Readonly<{ matchLabels: Labels }>
  ports?: readonly Port[]
  template?: Template
  jobTemplate?: Readonly<{ spec: Readonly<{ template: Template }> }>
  to?: Readonly<{ name: string }>
  port?: Port
  ingress?: readonly Readonly<{ ports?: readonly Port[] }>[]
  rules?: readonly Readonly<{
    http: { paths: readonly { backend: { service: { name: string; port: Port } } }[] }
  }>[]
  tls?: unknown
  endpoints?: readonly Readonly<{ port: string }>[]
  project?: string
  groups?: unknown
}>

/** What a person brings beside an overlay: Secrets, and namespaces. */
export type Outside = Readonly<{ secrets: readonly string[]; namespaces: readonly string[] }>

/** Names what an overlay gives twice, and each name in it that leads nowhere. */
export const referenceFaults = (
  objects: readonly Manifest[],
  outside: Outside,
): readonly string[] => {
  const keys = objects.map(keyOf)
  const has = (kind: string, name: string, namespace?: string): boolean =>
    keys.includes([kind, namespace, name].filter(Boolean).join(' '))
  const pods = objects.flatMap(object => templateOf(object) ?? [])
  const chosen = (labels: Labels): readonly Pod[] =>
    pods
      .filter(({ metadata }) => isWithin(labels, metadata.labels))
      .map(({ spec }) => spec)
  const namesPort = (pod: Pod, port: number | string | undefined): boolean =>
    pod.containers.some(({ ports = [] }) =>
      ports.some(({ name, containerPort }) => name === port || containerPort === port),
    )
  const servesPort = (service: string, namespace: string | undefined, port: Port['port']) =>
    objects.some(
      ({ kind, metadata, spec }) =>
        kind === 'Service' &&
        metadata.name === service &&
        metadata.namespace === namespace &&
        spec?.ports?.some(({ name, port: number }) => name === port || number === port),
    )
  const namespaces = new Set([
    ...outside.namespaces,
    ...objects.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name),
  ])
  const faultsOf = (object: Manifest): readonly (string | false)[] => {
    const { kind, metadata, spec, roleRef, subjects = [] } = object
    const { namespace } = metadata
    const labels = spec?.podSelector?.matchLabels ?? labelsIn(spec?.selector)
    const pod = templateOf(object)?.spec
    return [
      keys.filter(key => key === keyOf(object)).length > 1 && 'is there twice',
      namespace !== undefined && !namespaces.has(namespace) && `is in the namespace ${namespace}`,
      roleRef !== undefined &&
        !has(roleRef.kind, roleRef.name, roleRef.kind === 'Role' ? namespace : undefined) &&
        `binds ${roleRef.kind} ${roleRef.name}, which is not there`,
      ...subjects.map(
        subject =>
          !has(subject.kind, subject.name, subject.namespace) &&
          `binds to ${subject.kind} ${subject.name}, which is not there`,
      ),
      labels !== null &&
        ['Service', 'NetworkPolicy', 'PodDisruptionBudget', 'Deployment'].includes(kind) &&
        chosen(labels).length === 0 &&
        'chooses no pod',
      ...(kind === 'Service' ? (spec?.ports ?? []) : []).map(
        ({ targetPort }) =>
          !chosen(labels ?? {}).some(one => namesPort(one, targetPort)) &&
          `leads to the port ${targetPort}, which no container has`,
      ),
      ...(kind === 'NetworkPolicy' ? (spec?.ingress ?? []) : [])
        .flatMap(({ ports = [] }) => ports)
        .map(
          ({ port }) =>
            !chosen(labels ?? {}).some(one => namesPort(one, port)) &&
            `lets in to the port ${port}, which no container has`,
        ),
      ...(pod ? podFaults(pod, { has, namesPort, secrets: outside.secrets, namespace }) : []),
      kind === 'Route' &&
        !servesPort(spec?.to?.name ?? '', namespace, spec?.port?.targetPort) &&
        'leads to a Service or port that is not there',
      ...(kind === 'Ingress' ? (spec?.rules ?? []) : [])
        .flatMap(({ http }) => http.paths)
        .map(
          ({ backend: { service } }) =>
            !servesPort(service.name, namespace, service.port.name) &&
            `leads to the Service ${service.name}, which is not there or has no such port`,
        ),
      kind === 'ServiceMonitor' &&
        !objects.some(
          one =>
            one.kind === 'Service' &&
            isWithin(labels ?? {}, one.metadata.labels ?? {}) &&
            (spec?.endpoints ?? []).every(({ port }) =>
              one.spec?.ports?.some(({ name }) => name === port),
            ),
        ) &&
        'chooses no Service with its port',
    ]
  }
  return objects.flatMap(object =>
    faultsOf(object)
      .filter(fault => fault !== false)
      .map(fault => `${keyOf(object)} ${fault}`),
  )
}

/** The pods that an object makes, a CronJob by way of its Jobs. */
export const templateOf = ({ spec }: Manifest): Template | undefined =>
  spec?.template ?? spec?.jobTemplate?.spec.template

const keyOf = ({ kind, metadata: { namespace, name } }: Manifest): string =>
  [kind, namespace, name].filter(Boolean).join(' ')

const isWithin = (wanted: Labels, labels: Labels): boolean =>
  Object.entries(wanted).every(([name, value]) => labels[name] === value)

/** The labels that a selector wants, in either of its two forms. */
const labelsIn = (selector: Spec['selector']): Labels | null =>
  selector === undefined ? null : ((selector['matchLabels'] ?? selector) as Labels)

type Around = Readonly<{
  has: (kind: string, name: string, namespace?: string) => boolean
  namesPort: (pod: Pod, port: number | string | undefined) => boolean
  secrets: readonly string[]
  namespace: string | undefined
}>

const podFaults = (
  pod: Pod,
  { has, namesPort, secrets, namespace }: Around,
): readonly (string | false)[] => [
  !has('ServiceAccount', pod.serviceAccountName ?? '', namespace) &&
    `runs as ${pod.serviceAccountName}, which is not there`,
  ...(pod.volumes ?? []).flatMap(({ secret, persistentVolumeClaim: claim }) => [
    secret !== undefined &&
      !secrets.includes(secret.secretName) &&
      `mounts the Secret ${secret.secretName}, which nobody brings`,
    claim !== undefined &&
      !has('PersistentVolumeClaim', claim.claimName, namespace) &&
      `mounts the volume of ${claim.claimName}, which is not there`,
  ]),
  ...pod.containers.flatMap(({ volumeMounts = [], livenessProbe, readinessProbe }) => [
    ...volumeMounts.map(
      ({ name }) =>
        !pod.volumes?.some(volume => volume.name === name) && `mounts ${name}, which is no volume`,
    ),
    ...[livenessProbe, readinessProbe].map(
      probe =>
        probe?.httpGet !== undefined &&
        !namesPort(pod, probe.httpGet.port) &&
        `is asked at the port ${probe.httpGet.port}, which no container has`,
    ),
  ]),
]
