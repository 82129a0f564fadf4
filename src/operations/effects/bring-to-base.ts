import type { Change } from '../../core/change.ts'
import type { OwnResult, OwnStep } from '../../core/run/own/own-changes.ts'
import type { Run, Sha } from '../../core/run/run.ts'
import { ConflictError, FailedError, SowerError, UnavailableError } from '../../errors.ts'
import type { Base } from '../base.ts'
import type { Context } from '../context.ts'
import { fetchBase, readBase } from '../read-base.ts'
import { mergeOwn } from './merge-own.ts'
import { ownBranch } from './own-branch.ts'

/** The content of a step: the message of its commit, which is also the text of its pull request, and the files. */
export type Brought = Readonly<{
  run: Run
  step: OwnStep
  title: string
  detail: string
  changes: readonly Change[]
}>

/** Says what a step brings to the base as it is; `isAgain`: it moved after the look that asked for the step. */
type PlanStep = (base: Base, isAgain: boolean) => Promise<Brought>

/** A person's pushes come minutes apart; a base that is ahead of us five times in a row has something wrong with it. */
const mostTries = 5

/** How a step was brought: as a commit on the base branch, or by a pull request; `own` says what was done for that now. */
export type Bringing = Readonly<{ sha?: Sha; own?: OwnResult }>

/**
 * Brings changes to the base branch in the name of a run: as a commit that is pushed there, or by a pull request, where
 * `commit: pull-request` says so or the server took no push. One that is open already is merged where Sower may. Where the branch moved, it is fetched
 * and the step planned again, at most five times; then throws ConflictError GIT_CONFLICT. Throws what the plan, git and
 * GitHub throw.
 */
export const bringToBase = async (context: Context, plan: PlanStep): Promise<Bringing> => {
  for (let tries = 1; ; tries += 1) {
    const base = tries === 1 ? await readBase(context) : await fetchBase(context)
    const brought = await plan(base, tries > 1)
    const bringing = await bring(context, base, brought)
    if (bringing !== undefined) return bringing
    if (tries === mostTries)
      throw new ConflictError(
        'GIT_CONFLICT',
        `pushing to ${context.settings.branch}: the branch moved before each of ${mostTries} tries`,
        { fix: 'nothing; Sower tries again by itself' },
      )
  }
}

/** One try; undefined where the branch moved. */
const bring = async (
  context: Context,
  base: Base,
  brought: Brought,
): Promise<Bringing | undefined> => {
  const { ports, settings } = context
  const { run, title, detail, changes } = brought
  const message = `${title}\n\n${detail}\n\nSower-Run: ${run.request.key}\n`
  const sha = await ports.repository.commit({ onto: base.checkout.sha, message, changes })
  if (base.config.commit === 'pull-request' && sha !== base.checkout.sha)
    return propose(context, base, { ...brought, sha })
  try {
    await ports.repository.push(sha, settings.branch)
    return { sha }
  } catch (error) {
    const code = error instanceof SowerError ? error.code : null
    if (code === 'GIT_CONFLICT') return undefined
    if (code !== 'PUSH_REFUSED') throw error
    return propose(context, base, { ...brought, sha })
  }
}

/** Opens the pull request of a step, once: what an interrupted try left is found by its branch and used. */
const propose = async (
  context: Context,
  base: Base,
  { run, step, title, detail, sha }: Brought & Readonly<{ sha: Sha }>,
): Promise<Bringing> => {
  const { forge, pulls, repository } = context.ports
  const { settings } = context
  const { checkout, config } = base
  const { cluster, pullRequest } = run.request
  const branch = ownBranch(config, run.request, step)
  const doing = `opening the pull request from ${branch}`
  const pushed = await repository.branchHead(branch)
  const known = await forge.pullRequestFrom({ branch, base: settings.branch })
  if (known.seen === 'unknown' && known.why === 'forbidden')
    throw new FailedError('GITHUB_FAILED', `${doing}: GitHub forbids Sower to look for it`, {
      fix: 'let the token read and write pull requests of this repository',
    })
  if (known.seen === 'unknown')
    throw new UnavailableError('GITHUB_FAILED', `${doing}: GitHub gave no answer (${known.why})`)
  // One that was closed is opened again once a person has deleted its branch.
  if (known.seen === 'present' && (known.value.state !== 'closed' || pushed !== undefined))
    return config.merge === 'sower' && known.value.state === 'open'
      ? {
          own: await mergeOwn(context, base, { pullRequest: known.value, run, step, planned: sha }),
        }
      : {}
  const head = pushed ?? sha
  if (pushed === undefined) await repository.push(sha, branch)
  else {
    const merged = await repository.merge(checkout.sha, pushed)
    const changes = merged && (await repository.diff(checkout.sha, merged.sha))
    if (changes !== (await repository.diff(checkout.sha, sha)))
      throw new ConflictError('GIT_CONFLICT', `${doing}: that branch holds something else`, {
        fix: `delete the branch ${branch} on GitHub`,
      })
  }
  // Before it can be seen: a base that requires the check `sower` lets nobody merge without.
  const description = `opened by Sower for the run of ${cluster}`
  await forge.setStatus({ sha: head, state: 'success', description })
  const body = `${detail}\n\nSower opened this for the run of \`${cluster}\` that #${pullRequest} asked for. Merge it as it is.`
  await pulls.create({ title, body, branch, base: settings.branch })
  return pushed === undefined ? { own: { step, head } } : {}
}
