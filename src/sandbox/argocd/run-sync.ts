import { ApiError } from '../kubernetes/api-error.ts'
import { keyOf, type ObjectStore, type StoredObject } from '../kubernetes/object-store.ts'
import type { Operation, ResourceResult } from './application.ts'
import type { Pair } from './compare.ts'
import { applyThreeWay, isInSync, withLastApplied } from './apply-three-way.ts'
import type { Project } from './project.ts'
import type { AdmissionRequest } from '../world.ts'
import { planWaves, type Task } from './plan-waves.ts'

/** How a sync stands; `Running` is only ever reported, never the end. */
export type SyncProgress = Readonly<{
  phase: 'Running' | 'Succeeded' | 'Failed'
  message: string
  resources: readonly ResourceResult[]
}>

type Surroundings = Readonly<{
  store: ObjectStore
  project: Project
  operation: Operation
  syncOptions: readonly string[]
  destinationNamespace: string
  report: (progress: SyncProgress) => void
  /** Waits one poll interval; false when the operation was terminated or the sandbox stops. */
  keepWaiting: () => Promise<boolean>
  isPruneConfirmed: () => boolean
  /** Why an admission webhook denies a write, or undefined. */
  admission: (write: AdmissionRequest) => string | undefined
  onPruned: (live: StoredObject) => void
}>

const nameOf = ({ pair }: Task): string => `${pair.group}/${pair.kind}/${pair.name}`

const listed = (tasks: readonly Task[]): string => {
  const rest = tasks.length - 1
  const first = tasks[0] ? nameOf(tasks[0]) : ''
  return rest > 0 ? `${first} and ${rest} more resources` : first
}

const resultOf = (pair: Pair, status: string, message: string): ResourceResult => ({
  group: pair.group,
  version: pair.version,
  kind: pair.kind,
  // Empty for what has none: the definition wants it.
  namespace: pair.namespace ?? '',
  name: pair.name,
  status,
  message,
  hookPhase: status === 'SyncFailed' ? 'Failed' : status === 'Synced' ? 'Running' : 'Succeeded',
  syncPhase: 'Sync',
})

const kubectlName = ({ kind, group, name }: Pair): string =>
  `${kind.toLowerCase()}${group === '' ? '' : `.${group}`}/${name}`

const hasOption = (object: StoredObject | undefined, option: string): boolean =>
  (object?.metadata.annotations?.['argocd.argoproj.io/sync-options'] ?? '')
    .split(',')
    .some(entry => entry.trim() === option)

const demandNamespace = (store: ObjectStore, name: string | undefined): void => {
  if (name === undefined) return
  const namespace = store.get({ apiVersion: 'v1', kind: 'Namespace', name })
  if (!namespace) throw new ApiError(404, 'NotFound', `namespaces "${name}" not found`)
  if (namespace.metadata.deletionTimestamp !== undefined)
    throw new ApiError(
      403,
      'Forbidden',
      `unable to create new content in namespace ${name} because it is being terminated`,
    )
}

const admit = (
  verb: AdmissionRequest['verb'],
  object: StoredObject,
  { admission }: Surroundings,
): void => {
  const denied = admission({ verb, object })
  if (denied !== undefined) throw new ApiError(403, 'Forbidden', denied)
}

const apply = (pair: Pair, target: StoredObject, surroundings: Surroundings): string => {
  const { store, operation } = surroundings
  const before = store.get(keyOf(target))
  if (operation.sync.dryRun)
    return `${kubectlName(pair)} ${before ? 'configured' : 'created'} (dry run)`
  if (!before) {
    demandNamespace(store, pair.namespace)
    admit('create', target, surroundings)
    store.create(withLastApplied(target))
    return `${kubectlName(pair)} created`
  }
  if (!isInSync(target, before)) admit('update', target, surroundings)
  const after = store.change(keyOf(target), live => {
    applyThreeWay(target, live)
  })
  const isSame = after?.metadata.resourceVersion === before.metadata.resourceVersion
  return `${kubectlName(pair)} ${isSame ? 'unchanged' : 'configured'}`
}

const prune = (pair: Pair, live: StoredObject, surroundings: Surroundings): ResourceResult => {
  const { store, operation, syncOptions } = surroundings
  if (!operation.sync.prune) return resultOf(pair, 'PruneSkipped', 'ignored (requires pruning)')
  if (hasOption(live, 'Prune=false') || syncOptions.includes('Prune=false'))
    return resultOf(pair, 'PruneSkipped', 'ignored (no prune)')
  if (operation.sync.dryRun) return resultOf(pair, 'Pruned', 'pruned (dry run)')
  const now = store.get(keyOf(live))
  if (now && now.metadata.deletionTimestamp === undefined) {
    admit('delete', now, surroundings)
    store.remove(keyOf(live))
  }
  // A wave's DELETEs go out together: a namespace that takes the object along is no reason for silence.
  if (live.metadata.deletionTimestamp === undefined) surroundings.onPruned(live)
  // DELETE was accepted; finalizers may keep the object for as long as they like.
  return resultOf(pair, 'Pruned', 'pruned')
}

const run = ({ pair }: Task, surroundings: Surroundings): ResourceResult => {
  try {
    if (pair.target) return resultOf(pair, 'Synced', apply(pair, pair.target, surroundings))
    return pair.live ? prune(pair, pair.live, surroundings) : resultOf(pair, 'Pruned', 'pruned')
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return resultOf(pair, 'SyncFailed', error.message)
  }
}

const isSelected = (pair: Pair, { sync }: Operation): boolean =>
  !sync.resources?.length ||
  sync.resources.some(
    ({ group, kind, name, namespace }) =>
      group === pair.group &&
      kind === pair.kind &&
      name === pair.name &&
      (namespace === undefined || namespace === '' || namespace === pair.namespace),
  )

const createNamespace = ({ store, destinationNamespace: name, operation }: Surroundings): void => {
  if (name === '' || operation.sync.dryRun) return
  if (!store.get({ apiVersion: 'v1', kind: 'Namespace', name }))
    store.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
}

/** Runs one sync operation to its end, wave by wave (argo-cd gitops-engine/pkg/sync/sync_context.go). */
export const runSync = async (
  pairs: readonly Pair[],
  surroundings: Surroundings,
): Promise<SyncProgress> => {
  const { store, project, operation, syncOptions, report, keepWaiting } = surroundings
  const waves = planWaves(pairs.filter(pair => isSelected(pair, operation)))
  const tasks = waves.flat()
  const terminated = (resources: readonly ResourceResult[]): SyncProgress => ({
    phase: 'Failed',
    message: 'Operation terminated',
    resources,
  })

  const refused = tasks.flatMap(({ pair }) => {
    const why = pair.target ? project.refusesObject(pair) : undefined
    return why === undefined ? [] : [resultOf(pair, 'SyncFailed', why)]
  })
  if (refused[0])
    return {
      phase: 'Failed',
      message: `one or more synchronization tasks are not valid: ${refused[0].message ?? ''}`,
      resources: refused,
    }

  const unconfirmed = tasks.filter(
    ({ pair }) =>
      !pair.target &&
      (hasOption(pair.live, 'Prune=confirm') || syncOptions.includes('Prune=confirm')),
  )
  if (operation.sync.prune && unconfirmed.length > 0)
    while (!surroundings.isPruneConfirmed()) {
      const message = `waiting for pruning confirmation of ${listed(unconfirmed)}`
      report({ phase: 'Running', message, resources: [] })
      if (!(await keepWaiting())) return terminated([])
    }

  if (syncOptions.includes('CreateNamespace=true')) createNamespace(surroundings)
  const resources: ResourceResult[] = []
  for (const [position, wave] of waves.entries()) {
    for (const task of wave) resources.push(run(task, surroundings))
    const failed = resources.find(({ status }) => status === 'SyncFailed')
    if (failed)
      return {
        phase: 'Failed',
        message: `one or more objects failed to apply, reason: ${failed.message ?? ''}`,
        resources,
      }
    // The last wave's prunes end the operation at once; only between waves are they waited for (:617-627).
    if (position === waves.length - 1) break
    const leaving = (): Task[] =>
      wave.filter(({ pair }) => {
        const now = !pair.target && pair.live ? store.get(keyOf(pair.live)) : undefined
        return now?.metadata.deletionTimestamp !== undefined
      })
    for (let left = leaving(); left.length > 0; left = leaving()) {
      report({ phase: 'Running', message: `waiting for deletion of ${listed(left)}`, resources })
      if (!(await keepWaiting())) return terminated(resources)
    }
  }
  return { phase: 'Succeeded', message: 'successfully synced (all tasks run)', resources }
}
