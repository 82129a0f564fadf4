import { isSeedLabel, seedLabel } from '../../core/command/seed-label.ts'
import { ConflictError } from '../../errors.ts'
import type { Base } from '../base.ts'
import type { ListedPullRequest, PullRequests } from '../ports/pull-requests.ts'
import type { Repository } from '../ports/repository.ts'
import { isRequestBranch, requestBranch, requestChanges, type Asked } from './request-changes.ts'

type Opening = Readonly<{
  repository: Pick<Repository, 'branchHead' | 'commit' | 'push' | 'diff'>
  pulls: Omit<PullRequests, 'merge'>
  base: Base
  /** The branch that Argo CD tracks. */
  branch: string
}>

/**
 * The open pull request that asks for a seed image of this cluster; null where there is none. An interrupted request may
 * have left it without its label. That is not set here: anybody who may write can push a branch of such a name.
 */
export const findRequest = async (
  { pulls, base, branch }: Pick<Opening, 'pulls' | 'base' | 'branch'>,
  cluster: string,
): Promise<ListedPullRequest | null> => {
  const open = await pulls.open(branch)
  return open.find(pull => isRequestBranch(base.config, cluster, pull.branch)) ?? null
}

/** True if a pull request asks already: its label is set. */
export const hasLabel = ({ labels }: Pick<ListedPullRequest, 'labels'>): boolean =>
  labels.some(isSeedLabel)

/**
 * Pushes a branch with the files of a request and opens its pull request, with the label `seed`. The base and the work
 * tree are left alone. Throws ConflictError GIT_CONFLICT where that branch holds something else, and what git and GitHub
 * throw; what was done until then is found again by the next try.
 */
export const openRequest = async (
  { repository, pulls, base, branch }: Opening,
  asked: Asked,
): Promise<ListedPullRequest> => {
  const { cluster, image } = asked
  const { checkout, config } = base
  const changes = requestChanges(checkout.tree, config, asked)
  const title = `Seed image of ${cluster}`
  const sha = await repository.commit({
    onto: checkout.sha,
    message: `${title}\n\n${image}\n`,
    changes,
  })
  const head = requestBranch(config, { cluster, base: checkout.sha, changes })
  const pushed = await repository.branchHead(head)
  if (pushed === undefined) await repository.push(sha, head)
  else if (pushed !== sha && (await repository.diff(sha, pushed)) !== '')
    throw new ConflictError('GIT_CONFLICT', `pushing ${head}: that branch holds something else`, {
      fix: 'delete the branch on GitHub, then ask again',
    })
  const credential =
    asked.sealed === null
      ? ''
      : ` It brings the sealed push credential in \`${config.secret.file}\`.`
  const adopted =
    asked.adopt === true
      ? ' The seed is taken as it is: it was detached by hand, or was never on a hub.'
      : ''
  const body = `Asks for the seed image \`${image}\` of \`${cluster}\`.${adopted}${credential} Nothing happens to the cluster until this pull request is merged.`
  const opened = await pulls.create({ title, body, branch: head, base: branch })
  await pulls.label(opened.number, seedLabel)
  return opened
}
