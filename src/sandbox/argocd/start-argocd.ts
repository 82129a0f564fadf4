import {
  applicationKey,
  instanceNameOf,
  readApplication,
  sourcesOf,
  type Application,
} from './application.ts'
import type { Controller, World } from '../world.ts'
import type { ArgoCdAccounts } from './api/create-rbac.ts'
import { startArgoCdApi } from './api/start-argo-cd-api.ts'
import { resolveRevision } from './with-checkout.ts'
import { compare, trackedBy } from './compare.ts'
import { runOperation } from './run-operation.ts'
import { findProject } from './project.ts'
import { refreshAnnotation, refreshApplication, type Comparison } from './refresh-application.ts'
import { createRenderer, type Render } from './render.ts'
import { createKeyedQueue } from '../keyed-queue.ts'
import { messageOf } from '../../errors.ts'

/** A running Argo CD; `url` is its REST API. */
export type ArgoCd = Controller & Readonly<{ url: string }>

// Defaults of timeout.reconciliation, without the jitter.
const pollSeconds = 120

const isInCluster = ({ spec: { destination } }: Application): boolean =>
  destination.server === 'https://kubernetes.default.svc' || destination.name === 'in-cluster'

/** Starts an Argo CD that syncs the Applications of one repository to the hub. */
export const startArgoCd = async (
  world: World,
  options: Readonly<{
    bareRepository: string
    /** The `repoURL` of the Applications that it takes care of. */
    gitUrl: string
    render: Render
    /** The accounts that may use its API, by token. */
    accounts: ArgoCdAccounts
    workDirectory: string
  }>,
): Promise<ArgoCd> => {
  const { hub, clock } = world
  const { bareRepository, gitUrl } = options
  const renderer = createRenderer({ ...options, clock })
  const comparedRevisions = new Map<string, readonly (string | undefined)[]>()
  const wantsLatest = new Set<string>()
  const kinds = new Map<string, Readonly<{ apiVersion: string; kind: string }>>()
  let isStopped = false
  const hasStopped = (): boolean => isStopped || clock.stopped()

  const learnKind = ({
    apiVersion,
    kind,
  }: Readonly<{ apiVersion: string; kind: string }>): void => {
    kinds.set(`${apiVersion}/${kind}`, { apiVersion, kind })
  }
  const find = (id: string): Application | undefined => {
    const [namespace = '', name = ''] = id.split('/')
    const application = readApplication(hub.get(applicationKey({ namespace, name })))
    const isOurs =
      application !== undefined &&
      isInCluster(application) &&
      sourcesOf(application).every(({ repoURL }) => repoURL === gitUrl)
    return isOurs ? application : undefined
  }
  const idOf = ({ metadata }: Application): string => `${metadata.namespace}/${metadata.name}`
  const idOfInstance = (instanceName: string): string | undefined => {
    const found = hub
      .list({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' })
      .map(readApplication)
      .find(application => application && instanceNameOf(application) === instanceName)
    return found && idOf(found)
  }

  const compareAt = async (
    application: Application,
    {
      revisions,
      isHard,
    }: Readonly<{ revisions: readonly (string | undefined)[]; isHard: boolean }>,
  ): Promise<Comparison> => {
    const targets = await renderer.targetsOf(application, { revisions, isHard })
    const project = findProject(hub, application)
    const objects = 'objects' in targets ? targets.objects : []
    objects.forEach(learnKind)
    for (const { group, version, kind } of application.status.resources ?? [])
      learnKind({ apiVersion: group === '' ? version : `${group}/${version}`, kind })
    const tracked = {
      instanceName: instanceNameOf(application),
      namespace: application.spec.destination.namespace,
    }
    return {
      revisions: revisions.every(revision => revision !== undefined) ? revisions : undefined,
      project,
      pairs: project
        ? compare(hub, { targets: objects, tracked, knownKinds: kinds.values(), project })
        : [],
      failure: 'failure' in targets ? targets.failure : undefined,
      invalid: project
        ? project.refuses(application)
        : `Application referencing project ${application.spec.project} which does not exist`,
    }
  }
  const tipsOf = (application: Application): Promise<(string | undefined)[]> =>
    Promise.all(
      sourcesOf(application).map(({ targetRevision }) =>
        resolveRevision(bareRepository, targetRevision),
      ),
    )

  const onError = (id: string, error: unknown): void => {
    if (hasStopped()) return
    const reason = messageOf(error)
    world.tell('argocd', `could not work on ${id}: ${reason}`, { application: id })
  }

  const refreshes = createKeyedQueue(async id => {
    const application = find(id)
    if (!application) return
    const key = applicationKey(application.metadata)
    const isLatest = wantsLatest.delete(id) || !comparedRevisions.has(id)
    const next = await refreshApplication(world, key, {
      isLatest,
      compareAt: async (current, isHard) => {
        const known = isLatest ? undefined : comparedRevisions.get(id)
        const revisions: readonly (string | undefined)[] = known ?? (await tipsOf(current))
        comparedRevisions.set(id, revisions)
        return compareAt(current, { revisions, isHard })
      },
    })
    if (next.do === 'look-later')
      void clock.sleep(next.seconds).then(() => {
        if (!hasStopped()) refreshes.add(id)
      })
    if (next.do === 'sync')
      hub.change(key, object => {
        object['operation'] = next.operation
        // As SetAppOperation does: a nil operationState is not "never synced" (util/argo/argo.go:960).
        const { operationState, ...status } = readApplication(object)?.status ?? {}
        if (operationState) object['status'] = status
      })
  }, onError)
  const refresh = (id: string): void => {
    wantsLatest.add(id)
    refreshes.add(id)
  }

  const operations = createKeyedQueue(async id => {
    const application = find(id)
    if (!application?.operation || hasStopped()) return
    await runOperation(world, applicationKey(application.metadata), {
      operation: application.operation,
      compareAt: async (current, revisions) =>
        compareAt(current, { revisions: revisions ?? (await tipsOf(current)), isHard: false }),
      isStopped: hasStopped,
    })
    refresh(id)
  }, onError)

  const unwatch = hub.watch(({ type, object, previous }) => {
    const application = readApplication(object)
    if (application) {
      const id = idOf(application)
      if (type === 'DELETED') comparedRevisions.delete(id)
      else if (
        type === 'ADDED' ||
        object.metadata.annotations?.[refreshAnnotation] !== undefined ||
        JSON.stringify(object['spec']) !== JSON.stringify(previous?.['spec'])
      )
        refresh(id)
      if (application.operation && type !== 'DELETED') operations.add(id)
      return
    }
    const instance = trackedBy(object)
    if (instance === undefined) return
    learnKind(object)
    const id = idOfInstance(instance)
    if (id !== undefined) refreshes.add(id)
  })
  const poll = async (): Promise<void> => {
    while (!hasStopped()) {
      for (const object of hub.list({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' })) {
        const application = readApplication(object)
        if (!application) continue
        refresh(idOf(application))
        // A sync that a restart cut short goes on.
        if (application.operation) operations.add(idOf(application))
      }
      await clock.sleep(pollSeconds)
    }
  }
  void poll()
  const api = await startArgoCdApi(world, { accounts: options.accounts, tipsOf })
  return {
    url: api.url,
    stop: async () => {
      isStopped = true
      unwatch()
      await api.stop()
      await Promise.all([refreshes.stop(), operations.stop()])
    },
  }
}
