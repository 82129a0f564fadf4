import posix from 'node:path/posix'
import { applicationSpec, sourcesOf, type Source } from './application-spec.ts'
import { pruneOptionIn } from './prune-option-of.ts'
import { isSameRepository } from './is-same-repository.ts'
import { readApplicationStatus, type ApplicationStatus } from './read-application-status.ts'

/** An Argo CD Application of this repository, as a detach sees it. */
export type Application = Readonly<{
  name: string
  namespace: string
  /** Why it does not render the edited kustomization from the base branch; null when it does. */
  mismatch: string | null
  prunes: boolean
  allowsEmpty: boolean
  /** Why it prunes nothing by itself although its policy says so; null when nothing keeps it. */
  hindrance: string | null
  /** The commit that it has compared for the source that renders the kustomization; a name under a ComparisonError. */
  revision: string
  isRefreshing: boolean
  /** An operation is asked for or under way. */
  isSyncing: boolean
  /** Its state as Argo CD last wrote it; `resources` are its ClusterInstances only. */
  status: ApplicationStatus
  project: string
  repoURL: string
  /** The directory that the source renders. */
  path: string
  destination: Readonly<{ server: string; name: string; namespace: string }>
  syncOptions: readonly string[]
  /** How often a failed sync is tried again: below 0 for ever; null where nothing is set. */
  retry: Readonly<{ limit: number; refresh: boolean }> | null
  /** The annotation manifest-generate-paths; null without one. */
  generatePaths: string | null
  /** It ignores differences of its ClusterInstances. */
  ignoresInstances: boolean
  /** The ApplicationSet that made it; null without one. */
  applicationSet: string | null
}>

/** An object of Kubernetes, as far as an Application is read of it. */
export type ApplicationObject = Readonly<{
  metadata: Readonly<{
    name: string
    namespace?: string | undefined
    annotations?: Readonly<Record<string, string>> | undefined
    ownerReferences?: readonly unknown[] | undefined
  }>
  spec?: unknown
  status?: unknown
  operation?: unknown
}>

/** The edit of a detach, and its place. */
export type Wanted = Readonly<{
  /** owner/name; null: any. */
  repository: string | null
  /** The base branch of detaches; null: any. */
  branch: string | null
  /** The base branch is what HEAD means; true where nobody said. */
  isDefault?: boolean
  /** The directories whose kustomizations the detach edits. */
  roots: readonly string[]
}>

const directoryOf = (path: string): string => posix.join('.', path, '.')

// Argo CD takes a branch by its name, HEAD for the default branch, and nothing as HEAD (util/git/client.go, LsRemote).
const strayed = (
  { targetRevision }: Source,
  { branch, isDefault = true }: Wanted,
): string | null => {
  const revision = targetRevision.trim()
  if (branch === null || revision === branch || revision === `refs/heads/${branch}`) return null
  if (revision === '' || revision === 'HEAD')
    return isDefault ? null : `follows HEAD, which is not ${branch}`
  if (/^[0-9a-f]{40}$/i.test(revision))
    return `is pinned to commit ${revision.slice(0, 12)}, and does not follow ${branch}`
  if (revision.startsWith('refs/tags/'))
    return `is pinned to tag ${revision.slice('refs/tags/'.length)}, and does not follow ${branch}`
  return `follows ${revision}, not ${branch}`
}

const mismatchOf = (found: Source, directory: string, wanted: Wanted): string | null =>
  wanted.roots.map(directoryOf).includes(directory)
    ? strayed(found, wanted)
    : `renders ${directory}`

const applicationSetOf = (owners: readonly unknown[] = []): string | null => {
  for (const owner of owners)
    if (typeof owner === 'object' && owner !== null && 'kind' in owner && 'name' in owner)
      if (owner.kind === 'ApplicationSet') return String(owner.name)
  return null
}

const ignored = ({ group, kind }: Readonly<{ group: string; kind: string }>): boolean =>
  ['*', 'siteconfig.open-cluster-management.io'].includes(group) &&
  ['*', 'ClusterInstance'].includes(kind)

/**
 * Reads an Application object of Kubernetes. Null where none of its sources is of this repository, or it cannot be
 * read. Of several sources the one that renders a root counts, and its own revision.
 */
export const readApplication = (object: ApplicationObject, wanted: Wanted): Application | null => {
  const parsed = applicationSpec.safeParse(object.spec)
  if (!parsed.success) return null
  const { syncPolicy, sourceHydrator, project, destination, ignoreDifferences } = parsed.data
  const ours = sourcesOf(parsed.data).flatMap((each, index) => {
    const { repository } = wanted
    if (each.path === undefined) return []
    if (repository !== null && !isSameRepository(each.repoURL, repository)) return []
    const directory = directoryOf(each.path)
    return { each, index, directory, mismatch: mismatchOf(each, directory, wanted) }
  })
  const best = ours.find(({ mismatch }) => mismatch === null) ?? ours[0]
  if (!best) return null
  const { metadata, operation } = object
  const { annotations } = metadata
  const status = readApplicationStatus(object.status)
  const automated = syncPolicy?.automated
  const syncOptions = syncPolicy?.syncOptions ?? []
  const option = pruneOptionIn(syncOptions)
  const isSkipped = annotations?.['argocd.argoproj.io/skip-reconcile'] === 'true'
  return {
    name: metadata.name,
    namespace: metadata.namespace ?? '',
    mismatch:
      best.mismatch ??
      (sourceHydrator ? 'is hydrated into another branch, which Sower does not follow' : null),
    prunes: automated?.prune === true && automated.enabled,
    allowsEmpty: automated?.allowEmpty === true,
    hindrance: isSkipped
      ? 'is annotated argocd.argoproj.io/skip-reconcile'
      : option === null
        ? null
        : `has the sync option ${option}`,
    revision: (parsed.data.sources?.length ? status.revisions[best.index] : status.revision) ?? '',
    isRefreshing: annotations?.['argocd.argoproj.io/refresh'] !== undefined,
    isSyncing: operation !== undefined || status.operation?.phase === 'Running',
    status,
    project: project || 'default',
    repoURL: best.each.repoURL,
    path: best.directory,
    destination: destination ?? { server: '', name: '', namespace: '' },
    syncOptions,
    retry: syncPolicy?.retry ?? null,
    generatePaths: annotations?.['argocd.argoproj.io/manifest-generate-paths'] ?? null,
    ignoresInstances: (ignoreDifferences ?? []).some(ignored),
    applicationSet: applicationSetOf(metadata.ownerReferences),
  }
}
