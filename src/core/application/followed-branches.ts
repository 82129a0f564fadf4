import { applicationSpec } from './application-spec.ts'
import { isSameRepository } from './is-same-repository.ts'

/**
 * The branches of a repository that an Application follows, by the `targetRevision` of any of its sources, of the one
 * that Argo CD ignores too, or by the branches of a hydrator; undefined where the spec cannot be read.
 */
export const followedBranches = (
  spec: unknown,
  repository: string,
): readonly string[] | undefined => {
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
