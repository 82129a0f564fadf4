import { keyOf } from '../kubernetes/object-store.ts'
import { isRecord } from '../kubernetes/requests/parse-object.ts'
import { timestampOf } from '../kubernetes/timestamp-of.ts'
import { hostFinalizer, releaseHosts } from './release-hosts.ts'
import { createPace, startLoop } from '../start-loop.ts'
import { conditionStatusOf, setCondition } from '../set-condition.ts'
import { deleteManifests } from './delete-manifests.ts'
import { ClusterInstance, renderManifests } from './render-manifests.ts'
import type { StoredObject } from '../kubernetes/object-store.ts'
import type { Controller, World } from '../world.ts'
import type { Manifest } from './render-manifests.ts'

const kind = {
  apiVersion: 'siteconfig.open-cluster-management.io/v1alpha1',
  kind: 'ClusterInstance',
}
const finalizer = 'clusterinstance.siteconfig.open-cluster-management.io/finalizer'
const pausedAnnotation = 'clusterinstance.siteconfig.open-cluster-management.io/paused'
const requeueSeconds = 60

const ownerOf = ({ metadata }: StoredObject): string =>
  `${metadata.namespace ?? ''}_${metadata.name}`

const ensureNamespace = ({ hub }: World, name: string): void => {
  const key = { apiVersion: 'v1', kind: 'Namespace', name }
  if (!hub.get(key))
    hub.create({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
      status: { phase: 'Active' },
    })
}

const applyManifest = ({ hub }: World, { object }: Manifest): StoredObject => {
  const found = hub.get(keyOf(object))
  if (found) return found
  const finalizers = object.kind === 'BareMetalHost' ? [hostFinalizer] : []
  return hub.create({ ...object, metadata: { ...object.metadata, finalizers } })
}

// The assisted installer leaves them; they go with the ClusterDeployment, which owns them.
const createAdminSecrets = (world: World, cluster: string, deployment: StoredObject): void => {
  const seed = world.seeds.get(cluster)
  if (!seed) return
  const { apiVersion, kind: ownerKind, metadata } = deployment
  const base64 = (text: string): string => Buffer.from(text).toString('base64')
  const secrets = {
    [`${cluster}-admin-kubeconfig`]: { kubeconfig: base64(seed.kubeconfig) },
    [`${cluster}-admin-password`]: { username: base64('kubeadmin'), password: base64('sandbox') },
  }
  for (const [name, data] of Object.entries(secrets))
    if (!world.hub.get({ apiVersion: 'v1', kind: 'Secret', namespace: cluster, name }))
      world.hub.create({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: {
          name,
          namespace: cluster,
          ownerReferences: [
            { apiVersion, kind: ownerKind, name: metadata.name, uid: metadata.uid ?? '' },
          ],
        },
        type: 'Opaque',
        data,
      })
}

const completed = [
  ['ClusterInstanceValidated', 'Validation succeeded'],
  ['RenderedTemplates', 'Rendered templates successfully'],
  ['RenderedTemplatesValidated', 'Rendered templates validation succeeded'],
  ['RenderedTemplatesApplied', 'Applied site config manifests'],
  ['Provisioned', 'Provisioning completed'],
] as const

const provision = (world: World, object: StoredObject, wanted: ClusterInstance): void => {
  const { clusterName } = wanted.spec
  const owner = ownerOf(object)
  const manifests = renderManifests(wanted, owner)
  ensureNamespace(world, clusterName)
  for (const manifest of manifests) {
    const applied = applyManifest(world, manifest)
    if (applied.kind === 'ClusterDeployment') createAdminSecrets(world, clusterName, applied)
  }
  const now = world.clock.now()
  world.hub.change(keyOf(object), changed => {
    for (const [type, message] of completed)
      setCondition(changed, { type, status: 'True', reason: 'Completed', message }, now)
    Object.assign(changed['status'] ?? {}, {
      clusterDeploymentRef: { name: clusterName },
      observedGeneration: changed.metadata.generation,
      manifestsRendered: manifests.map(({ object: { apiVersion, metadata, ...rest }, wave }) => ({
        apiGroup: apiVersion,
        kind: rest.kind,
        name: metadata.name,
        ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
        syncWave: wave,
        status: 'rendered',
        lastAppliedTime: timestampOf(now),
      })),
    })
  })
}

const finishDeletion = (world: World, object: StoredObject): void => {
  const { progress, left } = deleteManifests(world, object, ownerOf(object))
  world.hub.change(keyOf(object), changed => {
    const status = isRecord(changed['status']) ? changed['status'] : {}
    const reason = progress.is === 'timed-out' ? progress.reason : undefined
    const paused = { reason, timeSet: timestampOf(world.clock.now()) }
    delete status['paused']
    changed['status'] = { ...status, manifestsRendered: left, ...(reason ? { paused } : {}) }
    if (reason)
      changed.metadata.annotations = { ...changed.metadata.annotations, [pausedAnnotation]: '' }
    if (progress.is === 'done')
      changed.metadata.finalizers =
        changed.metadata.finalizers?.filter(each => each !== finalizer) ?? []
  })
  const { name } = object.metadata
  if (progress.is === 'timed-out')
    world.tell('siteconfig', `paused the deletion of ${name}`, { reason: progress.reason })
  if (progress.is === 'done') world.tell('siteconfig', `finished the deletion of ${name}`)
}

/** Starts the siteconfig operator, with what assisted-service and metal3 do for it. */
export const startSiteconfig = (
  world: World,
  { stuckHosts = [] }: Readonly<{ stuckHosts?: readonly string[] }> = {},
): Controller => {
  const provisioned = new Set<string>()
  const pace = createPace(world.clock, requeueSeconds)

  const reconcile = (object: StoredObject): void => {
    const { data: wanted } = ClusterInstance.safeParse(object)
    const { name, deletionTimestamp, finalizers = [], annotations, uid = '' } = object.metadata
    if (annotations?.[pausedAnnotation] !== undefined) return
    if (deletionTimestamp !== undefined) {
      if (finalizers.includes(finalizer) && pace.isDue(uid)) finishDeletion(world, object)
      return
    }
    if (!wanted) return
    const { clusterName } = wanted.spec
    const isDone = conditionStatusOf(object, 'Provisioned') === 'True'
    if (isDone && finalizers.includes(finalizer)) {
      provisioned.add(clusterName)
      return
    }
    world.hub.change(keyOf(object), changed => {
      changed.metadata.finalizers = [...new Set([...finalizers, finalizer])]
    })
    provision(world, object, wanted)
    if (provisioned.has(clusterName))
      world.tell('siteconfig', `reinstalled the host of ${clusterName}`, {
        reinstalled: clusterName,
      })
    else world.tell('siteconfig', `provisioned ${clusterName} from ClusterInstance ${name}`)
    provisioned.add(clusterName)
  }

  return startLoop({
    clock: world.clock,
    stores: [world.hub],
    pass: () => {
      for (const object of world.hub.list(kind)) reconcile(object)
      releaseHosts(world, stuckHosts)
      return 5
    },
  })
}
