import { z } from 'zod'
import { isSameRepository } from '../../core/application/is-same-repository.ts'
import type { Configuration } from '../../core/settings/configuration.ts'
import { mapSeen, type Seen } from '../../core/seen.ts'
import type { Context } from '../context.ts'

const source = z.looseObject({ repoURL: z.string(), targetRevision: z.string().default('') })
const branch = z.looseObject({ targetBranch: z.string() })
const applicationSpec = z.looseObject({
  source: source.nullish(),
  sources: z.array(source).nullish(),
  /** Reads one branch, and has Argo CD push what it rendered to others of the same repository. */
  sourceHydrator: z
    .looseObject({ drySource: source, syncSource: branch, hydrateTo: branch.nullish() })
    .nullish(),
})

/**
 * The names of the Applications that follow a branch of this repository, by the `targetRevision` of any of their sources
 * or the branches of a hydrator. One that cannot be read counts as such. HEAD and an empty revision mean the default
 * branch, of which GitHub tells.
 */
export const findTrackers = async (
  { ports, settings }: Context,
  { argocd: { namespace } }: Configuration,
  branch: string,
): Promise<Seen<readonly string[]>> => {
  const list = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace }
  return mapSeen(await ports.hub.list(list), applications =>
    applications
      .filter(({ spec }) => followed(spec, settings.repository)?.includes(branch) ?? true)
      .map(({ metadata }) => metadata.name),
  )
}

/** The branches that an Application follows in a repository; undefined where it cannot be read. */
const followed = (spec: unknown, repository: string): readonly string[] | undefined => {
  const { data } = applicationSpec.safeParse(spec)
  if (!data) return undefined
  const { source, sources, sourceHydrator: hydrator } = data
  const hydrated = hydrator && {
    repoURL: hydrator.drySource.repoURL,
    branches: [hydrator.syncSource.targetBranch, hydrator.hydrateTo?.targetBranch ?? ''],
  }
  return [
    ...[source ?? [], sources ?? [], hydrator?.drySource ?? []]
      .flat()
      .map(({ repoURL, targetRevision }) => ({ repoURL, branches: [targetRevision] })),
    ...(hydrated ? [hydrated] : []),
  ]
    .filter(({ repoURL }) => isSameRepository(repoURL, repository))
    .flatMap(({ branches }) => branches.map(name => name.trim().replace(/^refs\/heads\//, '')))
}
