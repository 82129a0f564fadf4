import posix from 'node:path/posix'
import { z } from 'zod'
import { pruneOptionIn } from './prune-option-of.ts'
import { isSameRepository } from './is-same-repository.ts'

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
  conditions: readonly Readonly<{ type: string; message: string }>[]
}>

const text = z.string().default('').catch('')
const source = z.looseObject({
  repoURL: z.string(),
  path: z.string().optional(),
  targetRevision: text,
})
const applicationSpec = z.looseObject({
  source: source.nullish(),
  sources: z.array(source).nullish(),
  sourceHydrator: z.unknown().optional(),
  syncPolicy: z
    .looseObject({
      automated: z
        .looseObject({
          prune: z.boolean().default(false),
          allowEmpty: z.boolean().default(false),
          enabled: z.boolean().default(true),
        })
        .nullish(),
      syncOptions: z.array(z.string()).nullish(),
    })
    .nullish(),
})
// What it reports is read as far as it can be: nothing that Argo CD says may stop a run.
const applicationStatus = z.looseObject({
  sync: z
    .looseObject({ revision: text, revisions: z.array(z.string()).default([]).catch([]) })
    .optional()
    .catch(undefined),
  operationState: z.looseObject({ phase: text }).optional().catch(undefined),
  conditions: z
    .array(z.looseObject({ type: text, message: text }))
    .default([])
    .catch([]),
})

type Source = z.infer<typeof source>
type Wanted = Readonly<{
  /** owner/name */
  repository: string
  /** The base branch of detaches. */
  branch: string
  /** The directories whose kustomizations the detach edits. */
  roots: readonly string[]
}>

const directoryOf = (path: string): string => posix.join('.', path, '.')

// Argo CD takes a branch by its name, HEAD for the default branch, and nothing as HEAD (util/git/client.go, LsRemote).
const follows = ({ targetRevision }: Source, branch: string): boolean =>
  ['', 'HEAD', branch, `refs/heads/${branch}`].includes(targetRevision.trim())

const mismatchOf = (found: Source, { branch, roots }: Wanted): string | null => {
  const directory = directoryOf(found.path ?? '')
  if (!roots.map(directoryOf).includes(directory)) return `renders ${directory}`
  return follows(found, branch) ? null : `follows ${found.targetRevision}, not ${branch}`
}

/**
 * Reads an Application object of Kubernetes. Null where none of its sources is of this repository, or it cannot be
 * read. `sources` counts where it has an entry, and `source` is ignored then (pkg/apis/application/v1alpha1/types.go,
 * GetSources); of several, the one that renders a root counts, and its own revision.
 */
export const readApplication = (
  object: Readonly<{
    metadata: Readonly<{
      name: string
      namespace?: string | undefined
      annotations?: Readonly<Record<string, string>> | undefined
    }>
    spec?: unknown
    status?: unknown
    operation?: unknown
  }>,
  wanted: Wanted,
): Application | null => {
  const parsed = applicationSpec.safeParse(object.spec)
  if (!parsed.success) return null
  const { sources, syncPolicy, sourceHydrator } = parsed.data
  const several = sources?.length ? sources : null
  const all = several ?? [parsed.data.source ?? []].flat()
  const ours = all
    .map((each, index) => ({ each, index, mismatch: mismatchOf(each, wanted) }))
    .filter(
      ({ each }) => each.path !== undefined && isSameRepository(each.repoURL, wanted.repository),
    )
  const best = ours.find(({ mismatch }) => mismatch === null) ?? ours[0]
  if (!best) return null
  const { metadata, status, operation } = object
  const { sync, conditions, operationState } = applicationStatus.parse(status ?? {})
  const automated = syncPolicy?.automated
  const option = pruneOptionIn(syncPolicy?.syncOptions ?? [])
  const isSkipped = metadata.annotations?.['argocd.argoproj.io/skip-reconcile'] === 'true'
  return {
    name: metadata.name,
    namespace: metadata.namespace ?? '',
    mismatch:
      best.mismatch ??
      (sourceHydrator === undefined
        ? null
        : 'is hydrated into another branch, which Sower does not follow'),
    prunes: automated?.prune === true && automated.enabled,
    allowsEmpty: automated?.allowEmpty === true,
    hindrance: isSkipped
      ? 'is annotated argocd.argoproj.io/skip-reconcile'
      : option === null
        ? null
        : `has the sync option ${option}`,
    revision: (several ? sync?.revisions[best.index] : sync?.revision) ?? '',
    isRefreshing: metadata.annotations?.['argocd.argoproj.io/refresh'] !== undefined,
    isSyncing: operation !== undefined || operationState?.phase === 'Running',
    conditions,
  }
}
